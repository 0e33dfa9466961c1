import SwiftCSV

/// A CSV text as people and programs export it: a header, and rows whose cells are read by column.
///
/// Comma, semicolon or tab, told from the header; a byte order mark is left out, and so are rows without any text.
package struct CSVTable: Sendable {
    /// Why a text is no CSV, in words for whoever wrote it.
    package struct Unreadable: Error, Equatable {
        package var reason: String
    }

    /// One row with the line that it stands on.
    package struct Row: Sendable {
        /// The record's number in the file, the header being 1.
        package var line: Int
        /// What is wrong with the row as a whole: its cells cannot be told apart.
        package var problem: String?
        fileprivate var cells: [String]

        /// A cell's text without the spaces around it; nil where it has none.
        package func text(_ column: Int?) -> String? {
            guard let column, cells.indices.contains(column) else { return nil }
            let text = cells[column].trimmed
            return text.isEmpty ? nil : text
        }
    }

    /// Names of the columns without the spaces around them.
    package let header: [String]
    package let rows: [Row]

    /// - Parameter firstLine: the line of the file on which the header stands, where this is a part of it.
    package init(_ text: String, firstLine: Int = 1) throws(Unreadable) {
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        // What was no UTF-8 has become this mark on its way into JSON.
        guard !text.unicodeScalars.contains("\u{FFFD}") else {
            throw Unreadable(reason: "The CSV is not UTF-8; convert it first, such as by iconv -f WINDOWS-1252 -t UTF-8.")
        }
        // The parser takes an open quote as closed at the end, which would swallow rows in silence.
        guard text.count(where: { $0 == "\"" }).isMultiple(of: 2) else {
            throw Unreadable(reason: "A quote is opened and never closed; inside quotes a quote is doubled.")
        }
        let csv: CSV<Enumerated>
        do {
            let header = text.prefix { !$0.isNewline }
            let delimiter: CSVDelimiter = header.contains(";") && !header.contains(",") ? .semicolon : header.contains("\t") ? .tab : .comma
            csv = try CSV<Enumerated>(string: text, delimiter: delimiter, loadColumns: false)
        } catch {
            let place = Self.misquoted(text).map { "Line \($0 + firstLine - 1)" } ?? "The CSV"
            throw Unreadable(
                reason:
                    "\(place) cannot be read: a cell with a quote in it stands in quotes, and each quote inside is doubled (\"say \"\"hello\"\"\")."
            )
        }
        let names = csv.header.map(\.trimmed)
        header = names
        let count = names.count
        let columns = Dictionary(grouping: names.indices.filter { !names[$0].isEmpty }) { names[$0].lowercased() }
        let twins = columns.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
        rows = csv.rows.enumerated().compactMap { index, cells in
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
            return Row(line: index + 1 + firstLine, problem: problem, cells: cells)
        }
    }

    /// The first record with a quote where none may be, counted from 1.
    private static func misquoted(_ text: String) -> Int? {
        var (line, isQuoted, isStart, isClosed) = (1, false, true, false)
        for character in text {
            if isQuoted {
                if character == "\"" { (isQuoted, isClosed) = (false, true) }
                if character.isNewline { line += 1 }
            } else if character == "\"" {
                // Directly after a closing one it is a doubled quote; else it opens a cell.
                guard isStart || isClosed else { return line }
                (isQuoted, isStart, isClosed) = (true, false, false)
            } else if character.isNewline || ",;\t".contains(character) {
                if character.isNewline { line += 1 }
                (isStart, isClosed) = (true, false)
            } else {
                if isClosed { return line }
                isStart = isStart && character == " "
            }
        }
        return nil
    }

    /// What people and programs (Excel, Outlook, Google Contacts) call a column of phone numbers.
    package static let phoneNames: Set<String> = [
        "phone", "phone number", "phone_number", "phone no", "phone no.", "mobile", "mobile number", "mobile_number", "mobile phone",
        "mobile no", "mobile no.", "cell", "cell phone", "telephone", "number", "contact number", "contact no", "contact no.", "whatsapp",
        "whatsapp number", "whatsapp no", "whatsapp no.", "msisdn", "primary phone", "phone 1 - value", "मोबाइल", "मोबाईल", "फोन", "फ़ोन",
    ]

    /// The first column that bears one of these names, whatever their case.
    package func column(_ names: Set<String>) -> Int? { header.firstIndex { names.contains($0.lowercased()) } }

    /// A column that has to be there.
    package func required(_ names: Set<String>, called name: String) throws(Unreadable) -> Int {
        guard let column = column(names) else {
            let known = names.sorted().joined(separator: ", ")
            let given = header.joined(separator: ", ").prefix(200)
            throw Unreadable(
                reason: "The header names no \(name) column. It has: \(given). Rename one of them: \(name) may be called \(known).")
        }
        return column
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
