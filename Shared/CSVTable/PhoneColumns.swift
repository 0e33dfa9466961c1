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

        /// From the words of a column's name or of a label.
        init(_ words: String) {
            let parts = Set(words.split(separator: " ").map(String.init))
            self = !parts.isDisjoint(with: Self.mobileWords) ? .mobile : !parts.isDisjoint(with: Self.landlineWords) ? .landline : .unsaid
        }

        private static let mobileWords: Set = [
            "mobile", "mobil", "mobiltelefon", "mobilnummer", "cell", "whatsapp", "handy", "handynummer", "móvil", "movil", "celular",
            "móvel",
            "telemóvel", "portable", "मोबाइल", "मोबाईल",
        ]
        private static let landlineWords: Set = [
            "home", "business", "work", "company", "office", "main", "landline", "fax", "privat", "geschäftlich", "festnetz", "casa",
            "trabajo",
            "particular", "fijo", "fixo", "trabalho", "comercial", "domicile", "bureau", "fixe",
        ]

        static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    private let columns: [Column]

    /// The column from which most numbers are, for telling it apart from those that mean something else.
    package var first: Int { columns[0].value }

    /// All columns that are read for a number, and those that say of what kind it is.
    package var places: Set<Int> { Set(columns.flatMap { [$0.value, $0.label].compactMap(\.self) }) }

    /// What people and programs (Excel, Outlook, Google Contacts) call a column of phone numbers.
    private static let names: Set<String> = [
        "phone", "phone number", "phone no", "primary phone", "mobile", "mobile number", "mobile phone", "mobile no",
        "home phone", "home phone 2", "business phone", "business phone 2", "work phone", "company main phone", "other phone", "cell",
        "cell phone", "telephone", "telephone number", "tel",
        "number", "contact number", "contact no", "whatsapp", "whatsapp number", "whatsapp no", "msisdn", "telefon", "telefonnummer",
        "handy", "handynummer", "mobil", "mobilnummer", "mobiltelefon", "telefon mobil", "telefon privat", "telefon geschäftlich",
        "festnetz",
        "teléfono móvil", "telefono movil", "teléfono celular", "teléfono particular", "teléfono fijo", "teléfono del trabajo", "movil",
        "telefone celular", "telemóvel", "telefone móvel", "telefone fixo", "telefone comercial", "téléphone mobile", "téléphone portable",
        "téléphone fixe", "téléphone (domicile)", "téléphone (bureau)", "portable",
        "teléfono", "telefono", "móvil", "celular", "telefone", "téléphone", "numero", "número", "मोबाइल", "मोबाईल", "फोन", "फ़ोन",
        "मोबाइल नंबर", "मोबाइल नम्बर", "मोबाईल नंबर", "मोबाईल क्रमांक", "फोन नंबर", "फ़ोन नंबर", "फोन क्रमांक", "संपर्क नंबर", "संपर्क क्रमांक",
        "व्हाट्सएप नंबर", "व्हॉट्सअ‍ॅप नंबर",
    ]

    /// Of all those names, what somebody is told who has used none.
    private static let usual = "phone, mobile, contact number, telephone, WhatsApp number, or another usual name (docs/campaigns.md)"

    /// Names of other things, too.
    private static let generic: Set<String> = ["number", "numero", "número"]

    /// Further names of the column in a list of recipients.
    package static let ofRecipients: Set<String> = ["contact", "to", "bsuid"]

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
        guard !found.isEmpty else { throw table.missing(Self.usual, called: name) }
        // An empty cell is told, and not filled from a column that may mean something else.
        let sure = found.filter { $0.rank < .generic }
        columns = (sure.isEmpty ? found : sure).enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .map(\.element)
    }

    /// A row's phone numbers as they were written, in the order in which they are tried: those of its person's cell first.
    package func all(in row: CSVTable.Row) -> [String] { cells(of: row).flatMap(\.self) }

    /// Those of the cell that is the person's; empty where the row has none.
    package func texts(in row: CSVTable.Row) -> [String] { cells(of: row).first ?? [] }

    /// Google Contacts puts several of one kind into one cell, with `:::` between them.
    private func cells(of row: CSVTable.Row) -> [[String]] {
        columns.enumerated().compactMap { place, column -> (rank: Rank, place: Int, texts: [String])? in
            guard let text = row.text(column.value) else { return nil }
            let texts = text.split(separator: ":::").map { String($0).trimmed }.filter { !$0.isEmpty }
            let rank = row.text(column.label).map { Rank(CSVTable.plain($0)) } ?? column.rank
            return texts.isEmpty ? nil : (rank, place, texts)
        }
        .sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }
        .map(\.texts)
    }
}
