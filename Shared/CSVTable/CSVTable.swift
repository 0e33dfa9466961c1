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

        /// The texts of some columns that have one.
        ///
        /// - Parameter columns: in their order; none is looked for behind the row's last cell.
        package func texts(_ columns: [Int]) -> [String] { columns.prefix { $0 < count }.compactMap { text($0) } }

        /// Every cell that has a text, with its column.
        package var filled: [(column: Int, text: String)] {
            cells.indices.compactMap { column in text(column).map { (column, $0) } }
        }

        /// How many cells it has, which may be fewer than the header.
        var count: Int { cells.count }
    }

    /// So many columns a table may have: a header of a million would be looked through for each row.
    private static let most = 1000

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
        try Self.checkWidth(given, delimiter)
        let text = FormulaText.plain(given, delimiter: delimiter.rawValue)
        let firstLine = hint == nil ? firstLine : firstLine + 1
        // Bytes that were no UTF-8 have become this mark on their way into JSON.
        guard !text.unicodeScalars.contains("\u{FFFD}") else {
            throw Unreadable(reason: "The CSV is not UTF-8; convert it first, such as by iconv -f WINDOWS-1252 -t UTF-8.")
        }
        let records = try CSVRecord.all(of: text)
        let names: [String]
        var found: [[String]] = []
        do {
            // Row by row: all rows together would each be made as long as the longest.
            let csv = try CSV<Enumerated>(string: text, delimiter: delimiter, loadColumns: false, rowLimit: 0)
            names = csv.header.map(\.trimmed)
            try csv.enumerateAsArray(startAt: 1, rowLimit: nil) { found.append($0) }
        } catch {
            let place = CSVRecord.misquoted(text).map { "Line \($0 + firstLine - 1)" } ?? "The CSV"
            throw Unreadable(
                reason:
                    "\(place) cannot be read: a cell with a quote in it stands in quotes, and each quote inside is doubled (\"say \"\"hello\"\"\")."
            )
        }
        header = names
        kinds = names.map(ColumnKind.init)
        let count = names.count
        let columns = Dictionary(grouping: names.indices.filter { !names[$0].isEmpty }) { names[$0].lowercased() }
        let twins = Dictionary(
            uniqueKeysWithValues: columns.filter { $0.value.count > 1 }.flatMap { name, places in places.map { ($0, name) } })
        rows = found.enumerated().compactMap { index, cells -> Row? in
            guard !cells.allSatisfy(\.trimmed.isEmpty) else { return nil }
            // A comma that nobody has put into quotes moves every cell behind it: nothing of the row is what it seems.
            let isLonger = cells.dropFirst(count).contains { !$0.trimmed.isEmpty }
            let problem =
                isLonger
                ? "has more cells than the header has columns: a text with a comma stands in quotes"
                : Self.torn(cells, twins).map { "has two values for \(Self.shown($0)), as two columns are called so" }
            let below = index + 1 < records.count ? records[index + 1].line - records[1].line : index
            return Row(line: firstLine + 1 + below, problem: problem, cells: cells)
        }
    }

    private static func checkWidth(_ text: String, _ delimiter: CSVDelimiter) throws(Unreadable) {
        var (columns, isQuoted) = (1, false)
        for character in text {
            if character == "\"" { isQuoted.toggle() }
            guard !isQuoted else { continue }
            if character.isNewline { break }
            if character == delimiter.rawValue { columns += 1 }
        }
        guard columns <= most else { throw Unreadable(reason: "The header names \(columns) columns; a table has up to 1,000.") }
    }

    /// The name of which a row has two values; nil where there is none.
    ///
    /// - Parameter twins: the columns that share a name with another, each with that name.
    private static func torn(_ cells: [String], _ twins: [Int: String]) -> String? {
        guard !twins.isEmpty else { return nil }
        var values: [String: String] = [:]
        for (column, cell) in cells.enumerated() {
            guard let name = twins[column] else { continue }
            let text = cell.trimmed
            guard !text.isEmpty else { continue }
            if let other = values.updateValue(text, forKey: name), other != text { return name }
        }
        return nil
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

    /// A column's name as names are compared.
    package func key(_ column: Int) -> String { ColumnName(header[column]).key }

    /// The columns of a kind, in their order.
    package func columns(_ kind: ColumnKind) -> [Int] { kinds.indices.filter { kinds[$0] == kind } }

    /// Names of the columns in which some row has a text, without those that are read; one without a name is told by its place.
    package func others(than read: Set<Int>) -> [String] {
        var found: Set<Int> = []
        for row in rows {
            for (column, _) in row.filled where header.indices.contains(column) && !read.contains(column) { found.insert(column) }
        }
        return found.sorted().map { header[$0].isEmpty ? "column \($0 + 1)" : Self.shown(header[$0]) }
    }

    /// A column's name in a sentence: in scalars, as one character may have any number of marks on it.
    private static func shown(_ name: String) -> String { String(name.unicodeScalars.prefix(64)).plain }

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
        let given = String(header.joined(separator: ", ").unicodeScalars.prefix(200)).plain
        return Unreadable(
            reason: "The header names no \(name) column. It has: \(given). Rename one of them: \(name) may be called \(known).")
    }
}

extension String {
    var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
