/// Where a table has people's phone numbers: often in several columns, of which a row fills one or another.
///
/// A mobile number is taken before one that does not say what it is, and that before a home's or an office's: those have no WhatsApp.
package struct PhoneColumns: Sendable {
    private struct Column {
        var value: Int
        /// Where Google Contacts says of what kind it is, row by row.
        var label: Int?
        var rank: Rank
    }

    private enum Rank: Int, Comparable {
        case mobile, unsaid, landline, generic

        /// From the words of a column's name or of a label.
        init(_ words: String) {
            let parts = Set(words.split(separator: " ").map(String.init))
            self = !parts.isDisjoint(with: Self.mobileWords) ? .mobile : !parts.isDisjoint(with: Self.landlineWords) ? .landline : .unsaid
        }

        private static let mobileWords: Set = ["mobile", "cell", "whatsapp", "handy", "móvil", "celular", "मोबाइल", "मोबाईल"]
        private static let landlineWords: Set = ["home", "business", "work", "company", "office", "main", "landline", "fax"]

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    private let columns: [Column]

    /// The column from which most numbers are, for telling it apart from those that mean something else.
    package var first: Int { columns[0].value }

    /// What people and programs (Excel, Outlook, Google Contacts) call a column of phone numbers.
    private static let names: Set<String> = [
        "phone", "phone number", "phone no", "primary phone", "mobile", "mobile number", "mobile phone", "mobile no",
        "home phone", "business phone", "work phone", "company main phone", "cell", "cell phone", "telephone", "telephone number", "tel",
        "number", "contact number", "contact no", "whatsapp", "whatsapp number", "whatsapp no", "msisdn", "telefon", "telefonnummer",
        "handy",
        "teléfono", "telefono", "móvil", "celular", "telefone", "téléphone", "numero", "número", "मोबाइल", "मोबाईल", "फोन", "फ़ोन",
        "मोबाइल नंबर", "मोबाइल नम्बर", "मोबाईल नंबर", "मोबाईल क्रमांक", "फोन नंबर", "फ़ोन नंबर", "फोन क्रमांक", "संपर्क नंबर", "संपर्क क्रमांक",
        "व्हाट्सएप नंबर", "व्हॉट्सअ‍ॅप नंबर",
    ]

    /// Names of other things, too.
    private static let generic: Set<String> = ["number", "numero", "número"]

    /// - Parameter more: further names of the column.
    package init(of table: CSVTable, or more: Set<String> = [], called name: String = "phone") throws(CSVTable.Unreadable) {
        let names = Self.names.union(more)
        let header = table.header.map(CSVTable.plain)
        var found: [Column] = []
        for (index, column) in header.enumerated() {
            if names.contains(column) {
                let isGeneric = more.contains(column) || Self.generic.contains(column)
                found.append(Column(value: index, rank: isGeneric ? .generic : Rank(column)))
            } else if let match = column.wholeMatch(of: /(phone [0-9]+) value/) {
                let label = header.firstIndex { ["\(match.1) label", "\(match.1) type"].contains($0) }
                found.append(Column(value: index, label: label, rank: .unsaid))
            }
        }
        guard !found.isEmpty else { throw table.missing(names, called: name) }
        // An empty cell is told, and not filled from a column that may mean something else, or an office's line.
        let sure = found.filter { $0.rank <= .unsaid }
        if let best = sure.isEmpty ? found.map(\.rank).min() : .unsaid { found = found.filter { $0.rank <= best } }
        columns = found.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element)
    }

    /// A row's phone number as it was written; nil where it has none.
    package func text(in row: CSVTable.Row) -> String? {
        var best: (rank: Rank, text: String)?
        for column in columns {
            guard let text = row.text(column.value) else { continue }
            let rank = row.text(column.label).map { Rank(CSVTable.plain($0)) } ?? column.rank
            if best.map({ rank < $0.rank }) ?? true { best = (rank, text) }
        }
        // Google Contacts puts several of one kind into one cell.
        guard let text = best?.text, let several = text.firstRange(of: ":::") else { return best?.text }
        return String(text[..<several.lowerBound])
    }
}
