/// Where a table has people's phone numbers: often in several columns, of which a row fills one or another.
///
/// A mobile number is taken before one that does not say what it is, and that before a home's: those seldom have WhatsApp, and are
/// better than none. An office's or an alternate number comes last, as others answer it. A column that is called what the
/// documentation calls it goes before all whose names say more than what they hold.
package struct PhoneColumns: Sendable {
    private struct Column {
        var value: Int
        /// Where Google Contacts says of what kind it is, row by row.
        var label: Int?
        var rank: Rank
    }

    private enum Rank: Int, Comparable {
        case mobile
        /// Called `phone`.
        case phone
        /// One of the importer's own names, such as `contact` and `to`, which other files have for other things.
        case named
        /// A mobile number at work, or one of customers.
        case mobileOfSome
        case unsaid, ofSome, landline, further
        /// May be the number of anything.
        case number

        /// - Parameter text: a column's name or a label.
        init(_ text: String) {
            let name = ColumnName(text)
            let parts = Set(ColumnWords.phones.parts(of: name) ?? name.words)
            func has(_ words: Set<String>) -> Bool { !parts.isDisjoint(with: words) }
            let isOfSome = has(ColumnWords.people) || has(ColumnWords.places)
            if name.key == "phone" {
                self = .phone
            } else if has(ColumnWords.further) || has(ColumnWords.strangers) {
                self = .further
            } else if has(ColumnWords.mobile) {
                self = isOfSome ? .mobileOfSome : .mobile
            } else if has(Self.landlineWords) {
                self = .landline
            } else {
                self = isOfSome ? .ofSome : .unsaid
            }
        }

        private static let landlineWords = ColumnWords.places.union(ColumnWords.landline).union(["fixe", "fijo", "fixo"])

        /// Whether it says that a person's phone number stands there, and nothing else.
        var isPlain: Bool { [.mobile, .phone, .unsaid].contains(self) }

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    /// In the order of the file.
    private let columns: [Column]
    /// Further columns with numbers, to which nobody is written.
    private let passedOver: [Column]

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
            if more.contains(name.key) {
                found.append(Column(value: index, rank: .named))
            } else if Self.generic.contains(name.key) {
                found.append(Column(value: index, rank: .number))
            } else if table.kinds[index] == .phone {
                // `Phone 1 - Value`, beside `Phone 1 - Label`.
                let label = name.words.last == "value" ? labels[name.words.dropLast().joined(separator: " ")] : nil
                found.append(Column(value: index, label: label, rank: label == nil ? Rank(table.header[index]) : .unsaid))
            }
        }
        guard !found.isEmpty else { throw table.missing(Self.usual, called: name) }
        columns = Self.tried(found)
        let tried = Set(columns.map(\.value))
        passedOver = found.filter { !tried.contains($0.value) && $0.rank != .number }
        first = columns.min { ($0.rank, $0.value) < ($1.rank, $1.value) }?.value ?? 0
    }

    /// Those of several columns in which a row's number is looked for.
    ///
    /// An empty cell is told, and not filled from a column that may mean something else.
    private static func tried(_ found: [Column]) -> [Column] {
        if found.contains(where: \.rank.isPlain) { return found.filter { $0.rank != .named && $0.rank != .number } }
        if found.contains(where: { $0.rank == .named }) { return found.filter { $0.rank < .landline } }
        let sure = found.filter { $0.rank != .number }
        return sure.isEmpty ? found : sure
    }

    /// A row's phone numbers as they were written, in the order in which they are tried: those of its person's cell first.
    package func all(in row: CSVTable.Row) -> [String] { cells(of: row).flatMap(\.self) }

    /// All that a row has in any column of phone numbers, also where it is not looked for.
    package func every(in row: CSVTable.Row) -> [String] { all(in: row) + cells(of: row, in: passedOver).flatMap(\.self) }

    /// Those of the cell that is the person's; empty where the row has none.
    package func texts(in row: CSVTable.Row) -> [String] { cells(of: row).first ?? [] }

    /// Google Contacts puts several of one kind into one cell, with `:::` between them.
    private func cells(of row: CSVTable.Row) -> [[String]] { cells(of: row, in: columns) }

    private func cells(of row: CSVTable.Row, in columns: [Column]) -> [[String]] {
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
