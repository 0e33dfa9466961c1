/// Where a table has people's phone numbers: often in several columns, of which a row fills one or another.
///
/// A mobile number is taken before one that does not say what it is, and that before a home's or an office's: those seldom have
/// WhatsApp, and are better than none.
package struct PhoneColumns: Sendable {
    private struct Column {
        var value: Int
        /// Where Google Contacts says of what kind it is, row by row.
        var label: Int?
        var rank: Rank
    }

    private enum Rank: Int, Comparable {
        case mobile, unsaid, landline, generic

        /// - Parameter text: a column's name or a label.
        init(_ text: String) {
            let name = ColumnName(text)
            let parts = Set(ColumnWords.phones.parts(of: name) ?? name.words)
            self = !parts.isDisjoint(with: ColumnWords.mobile) ? .mobile : !parts.isDisjoint(with: Self.landlineWords) ? .landline : .unsaid
        }

        private static let landlineWords = ColumnWords.places.union(ColumnWords.landline).union(["fixe", "fijo", "fixo", "fax"])

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// In the order of the file.
    private let columns: [Column]

    /// The column from which most numbers are, for telling it apart from those that mean something else.
    package let first: Int

    /// All columns that are read for a number, and those that say of what kind it is.
    package var places: Set<Int> { Set(columns.flatMap { [$0.value, $0.label].compactMap(\.self) }) }

    /// Of all those names, what somebody is told who has used none.
    private static let usual = "phone, mobile, contact number, telephone, WhatsApp number, or another usual name (docs/campaigns.md)"

    /// Names of other things, too.
    private static let generic: Set<String> = ["number", "numero"]

    /// Further names of the column in a list of recipients.
    package static let ofRecipients: Set<String> = ["contact", "to", "bsuid"]

    /// - Parameters:
    ///   - more: further names of the column.
    ///   - example: what the first line of such a file may be.
    package init(
        of table: CSVTable, or more: Set<String> = [], called name: String = "phone", such example: String = "phone,name"
    ) throws(CSVTable.Unreadable) {
        try table.checkHeader(such: example)
        let header = table.header.map(ColumnName.init)
        var labels: [String: Int] = [:]
        for (index, name) in header.enumerated() where ["label", "type"].contains(name.words.last) {
            let key = name.words.dropLast().joined(separator: " ")
            labels[key] = labels[key] ?? index
        }
        var found: [Column] = []
        for (index, name) in header.enumerated() {
            if more.contains(name.key) || Self.generic.contains(name.key) {
                found.append(Column(value: index, rank: .generic))
            } else if table.kinds[index] == .phone {
                // `Phone 1 - Value`, beside `Phone 1 - Label`.
                let label = name.words.last == "value" ? labels[name.words.dropLast().joined(separator: " ")] : nil
                found.append(Column(value: index, label: label, rank: label == nil ? Rank(table.header[index]) : .unsaid))
            }
        }
        guard !found.isEmpty else { throw table.missing(Self.usual, called: name) }
        // An empty cell is told, and not filled from a column that may mean something else.
        let sure = found.filter { $0.rank < .generic }
        columns = sure.isEmpty ? found : sure
        first = columns.min { ($0.rank, $0.value) < ($1.rank, $1.value) }?.value ?? 0
    }

    /// A row's phone numbers as they were written, in the order in which they are tried: those of its person's cell first.
    package func all(in row: CSVTable.Row) -> [String] { cells(of: row).flatMap(\.self) }

    /// Those of the cell that is the person's; empty where the row has none.
    package func texts(in row: CSVTable.Row) -> [String] { cells(of: row).first ?? [] }

    /// Google Contacts puts several of one kind into one cell, with `:::` between them.
    private func cells(of row: CSVTable.Row) -> [[String]] {
        columns.prefix { $0.value < row.count }.compactMap { column -> (rank: Rank, place: Int, texts: [String])? in
            guard let text = row.text(column.value) else { return nil }
            let texts = text.split(separator: ":::").map { String($0).trimmed }.filter { !$0.isEmpty }
            let rank = row.text(column.label).map(Rank.init) ?? column.rank
            return texts.isEmpty ? nil : (rank, column.value, texts)
        }
        .sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }
        .map(\.texts)
    }
}
