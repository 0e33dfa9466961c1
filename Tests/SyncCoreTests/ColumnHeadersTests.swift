import CSVTable
import Foundation
import Testing

/// Columns are known by what other people's files call them.
@Suite struct ColumnHeadersTests {
    /// A file's columns as somebody else has named them: those of each kind, and what must be taken for none of them.
    struct Header: CustomTestStringConvertible, Sendable {
        /// Whose file it is.
        var testDescription: String
        var phones = ""
        var emails = ""
        var languages = ""
        var firstNames = ""
        var lastNames = ""
        var fullNames = ""
        var names = ""
        var others = ""

        var kinds: [(ColumnKind, String)] {
            [
                (.phone, phones), (.email, emails), (.language, languages), (.firstName, firstNames), (.lastName, lastNames),
                (.fullName, fullNames), (.name, names),
            ]
        }
    }

    @Test(arguments: HeaderSamples.all) func columnsAreKnownByTheirNames(header: Header) throws {
        let all = header.kinds.map(\.1) + [header.others]
        let names = all.filter { !$0.isEmpty }.flatMap { $0.components(separatedBy: "; ") }
        let table = try CSVTable(names.map { "\"\($0)\"" }.joined(separator: ",") + "\n")
        #expect(table.header == names)
        for (kind, wanted) in header.kinds {
            #expect(table.columns(kind).map { names[$0] }.joined(separator: "; ") == wanted, "\(kind)")
        }
    }

    /// Every importer finds the number by these: contacts, lists, campaigns and proofs of consent.
    @Test(arguments: [
        "Número de teléfono", "Nº de teléfono", "N.º de teléfono", "NUMERO DE TELEFONO", "numéro de téléphone", "N° de téléphone",
        "N°\u{A0}tél.", "número de telefone", "Nº do celular", "Número de móvil", "Número de celular", "Teléfono móvil (WhatsApp)",
        "Numéro de portable", "Tél. portable", "Rufnummer", "Telefonnummer", "Telefon-Nr.", "Handynummer", "Handy-Nummer",
        "Mobilfunknummer",
        "Mobiltelefon", "Telefon (geschäftlich)", "phone_number", "PhoneNumber", "Mobile No.", "WhatsApp-Nummer", "Phone*", "Ｐｈｏｎｅ",
        "दूरध्वनी क्रमांक", "मोबाइल नंबर", "मोबाईल क्र.", "फ़ोन नंबर", "फोन नम्बर", "संपर्क क्रमांक", "भ्रमणध्वनी क्रमांक",
    ])
    func phonesAreFound(header: String) throws {
        let table = try CSVTable("x,\"\(header)\"\nA,+919876543210\n")
        let phones = try PhoneColumns(of: table)
        #expect(phones.first == 1 && table.rows.map { phones.all(in: $0) } == [["+919876543210"]])
    }

    /// Numbers that nobody can be written to, and what is said about a phone.
    @Test(arguments: [
        "Customer number", "Kundennummer", "Número de cliente", "Numéro client", "ग्राहक क्रमांक", "Order no", "Nº", "क्रमांक", "House number", "Fax",
        "Fax Number", "Phone model", "Phone type", "Phone Country Code", "WhatsApp opt in", "Email", "Assistant's Phone", "Hotel",
        "Contact",
        "Emergency contact number", "आधार नंबर", "Firma",
    ])
    func whatIsNoPhoneIsNotTakenForOne(header: String) throws {
        let table = try CSVTable("x,\"\(header)\"\nA,1\n")
        #expect(throws: CSVTable.Unreadable.self) { try PhoneColumns(of: table) }
    }

    /// A mobile number goes first however it is called.
    @Test(arguments: [
        ("Telefon geschäftlich", "Diensthandy"), ("Geschäftstelefon", "Mobilfunknummer"),
        ("Teléfono del trabajo", "Nº de teléfono (móvil)"),
        ("Téléphone (bureau)", "Tél. mobile"), ("Numéro de fixe", "Numéro de portable"), ("Telefone residencial", "Nº do celular"),
        ("दूरध्वनी क्रमांक", "भ्रमणध्वनी क्रमांक"), ("LANDLINE_NUMBER", "WHATSAPP"),
    ])
    func aMobileNumberGoesFirst(other: String, mobile: String) throws {
        let table = try CSVTable("\(other),\(mobile)\n+912224001234,+919820011111\n")
        let phones = try PhoneColumns(of: table)
        #expect(phones.first == 1 && phones.places == [0, 1])
    }
}
