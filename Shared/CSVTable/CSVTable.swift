import SwiftCSV
import Vocabulary

/// A CSV text as people and programs export it: a header, and rows whose cells are read by column.
///
/// Comma, semicolon or tab, told from the header; a byte order mark is left out, and so are rows without any text.
package struct CSVTable: Sendable {
    /// Why a text is no CSV, in words for whoever wrote it.
    package struct Unreadable: Error, Equatable {
        package var reason: String

        package init(reason: String) { self.reason = reason }

        /// - Parameter example: what the first line of such a text may be.
        package static func empty(such example: String) -> Unreadable {
            Unreadable(reason: "The file is empty; its first line names the columns, such as \(example).")
        }
    }

    /// One row with the line that it stands on.
    package struct Row: Sendable {
        /// Where the record begins in the file, the header being on 1.
        package var line: Int
        /// The fault of the row as a whole: its cells cannot be told apart.
        package var problem: String?
        fileprivate var cells: [String]

        /// A cell's text without the spaces around it; nil where it has none.
        package func text(_ column: Int?) -> String? {
            guard let column, cells.indices.contains(column) else { return nil }
            var text = cells[column].trimmed
            // ="0176 123" in a cell that is quoted besides.
            if text.count > 3, text.hasPrefix("=\""), text.hasSuffix("\"") { text = String(text.dropFirst(2).dropLast()) }
            return text.isEmpty ? nil : text
        }
    }

    /// Names of the columns without the spaces around them.
    package let header: [String]
    /// What each column holds, as far as its name tells.
    let kinds: [ColumnKind?]
    package let rows: [Row]

    /// - Parameter firstLine: the line of the file above the first row, where this is a part of the file under its header.
    package init(_ text: String, firstLine: Int = 1) throws(Unreadable) {
        let hint = CSVRecord.hint(of: text)
        let given = hint.map { String(text[$0.endIndex...]) } ?? (text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text)
        let delimiter = Self.delimiter(of: given)
        let text = FormulaText.plain(given, delimiter: delimiter.rawValue)
        let firstLine = hint == nil ? firstLine : firstLine + 1
        // Bytes that were no UTF-8 have become this mark on their way into JSON.
        guard !text.unicodeScalars.contains("\u{FFFD}") else {
            throw Unreadable(reason: "The CSV is not UTF-8; convert it first, such as by iconv -f WINDOWS-1252 -t UTF-8.")
        }
        let records = try CSVRecord.all(of: text)
        let csv: CSV<Enumerated>
        do {
            csv = try CSV<Enumerated>(string: text, delimiter: delimiter, loadColumns: false)
        } catch {
            let place = CSVRecord.misquoted(text).map { "Line \($0 + firstLine - 1)" } ?? "The CSV"
            throw Unreadable(
                reason:
                    "\(place) cannot be read: a cell with a quote in it stands in quotes, and each quote inside is doubled (\"say \"\"hello\"\"\")."
            )
        }
        let names = csv.header.map(\.trimmed)
        header = names
        kinds = names.map(ColumnKind.init)
        let count = names.count
        let columns = Dictionary(grouping: names.indices.filter { !names[$0].isEmpty }) { names[$0].lowercased() }
        let twins = columns.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
        rows = csv.rows.enumerated().compactMap { index, cells -> Row? in
            guard !cells.allSatisfy(\.trimmed.isEmpty) else { return nil }
            // A comma that nobody has put into quotes moves every cell behind it: nothing of the row is what it seems.
            let isLonger = cells.dropFirst(count).contains { !$0.trimmed.isEmpty }
            let torn = twins.first { _, places in
                Set(places.filter(cells.indices.contains).map { cells[$0].trimmed }.filter { !$0.isEmpty }).count > 1
            }
            let problem =
                isLonger
                ? "has more cells than the header has columns: a text with a comma stands in quotes"
                : torn.map { "has two values for \($0.key), as two columns are called so" }
            let below = index + 1 < records.count ? records[index + 1].line - records[1].line : index
            return Row(line: firstLine + 1 + below, problem: problem, cells: cells)
        }
    }

    private static func delimiter(of text: String) -> CSVDelimiter {
        let header = text.prefix { !$0.isNewline }
        return header.contains(";") && !header.contains(",") ? .semicolon : header.contains("\t") ? .tab : .comma
    }

    /// The first column that bears one of these names, whatever their case and whatever stands between their words.
    package func column(_ names: Set<String>) -> Int? {
        let keys = Set(names.map { ColumnName($0).key })
        return header.firstIndex { keys.contains(ColumnName($0).key) }
    }

    /// The columns of a kind, in their order.
    package func columns(_ kind: ColumnKind) -> [Int] { kinds.indices.filter { kinds[$0] == kind } }

    /// Names of the columns in which some row has a text, without those that are read; one without a name is told by its place.
    package func others(than read: Set<Int>) -> [String] {
        header.indices.filter { column in !read.contains(column) && rows.contains { $0.text(column) != nil } }
            .map { header[$0].isEmpty ? "column \($0 + 1)" : String(header[$0].unicodeScalars.prefix(64)).plain }
    }

    /// Whether a cell looks like somebody's number or address, which is the name of no column.
    private static func isOfSomebody(_ cell: String) -> Bool {
        cell.count { $0.isNumber } >= 7 || cell.contains("@") || cell.wholeMatch(of: /[0-9.,]+[Ee]\+?[0-9]+/) != nil
    }

    /// Refuses a text whose first line says nothing.
    ///
    /// - Parameter example: what such a line may be.
    package func checkHeader(such example: String) throws(Unreadable) {
        guard header.allSatisfy(\.isEmpty) else { return }
        throw rows.isEmpty
            ? .empty(such: example)
            : Unreadable(reason: "The first line is empty; it names the columns, such as \(example).")
    }

    /// A column that has to be there.
    package func required(_ names: Set<String>, called name: String) throws(Unreadable) -> Int {
        guard let column = column(names) else { throw missing(names.sorted().joined(separator: ", "), called: name) }
        return column
    }

    /// - Parameter known: what the column may be called.
    func missing(_ known: String, called name: String) -> Unreadable {
        // A line with somebody's number is not told back: faults are kept.
        guard !header.contains(where: Self.isOfSomebody) else {
            return Unreadable(
                reason:
                    "The first line has a phone number where the names of the columns belong, so no \(name) column is named. Put a line above it that names each column: \(name) may be called \(known)."
            )
        }
        let given = header.joined(separator: ", ").prefix(200)
        return Unreadable(
            reason: "The header names no \(name) column. It has: \(given). Rename one of them: \(name) may be called \(known).")
    }
}

extension String {
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
