import AccountContract
import RPCContract
import Testing

@testable import AccountCampaigns

@Suite struct RecipientCSVTests {
    /// A row has its own bounds, and a call is not refused for one row.
    @Test func whatOneRowHasTooMuchOfIsTold() {
        func problem(_ variables: [String: String]) -> String? {
            BroadcastLists.problem(Recipient(contact: "+919876543210", variables: variables))
        }
        let names = (1...64).map { ("v\($0)", "x") }
        #expect(problem(Dictionary(uniqueKeysWithValues: names)) == nil)
        #expect(problem(Dictionary(uniqueKeysWithValues: names + [("more", "x")])) == "variables holds 65 members; it holds 0 to 64")
        #expect(problem(["a": String(repeating: "न", count: 32_768)]) == nil)
        #expect(problem(["a": String(repeating: "x", count: 32_769)]) == "the variable a has 32769 characters; it has 0 to 32768")
    }

    private func read(_ text: String) throws -> [Recipient] {
        try RecipientCSV(text, countryCode: "91", firstLine: 1).recipients.map(\.recipient)
    }

    @Test func everyOtherColumnIsAVariable() throws {
        let rows = try read(
            "\u{FEFF}Phone; name ;timezone;city\r\n098765 43210;\"Rao; Asha\";Asia/Kolkata;\r\n;;;\r\n+4915112345678;Vikram;;Pune\r\n")
        #expect(
            rows == [
                Recipient(contact: "+919876543210", variables: ["name": "Rao; Asha"], timeZone: "Asia/Kolkata"),
                Recipient(contact: "+4915112345678", variables: ["name": "Vikram", "city": "Pune"]),
            ])
    }

    /// As for contacts: a mobile number first, else what there is, and the first of several that can be read.
    @Test func aRowsNumberIsThatOfItsBestColumn() throws {
        let rows = try read("Business Phone,Mobile Phone\n+912224001234,\n+912224001234,12 ::: +919820011111\n+912224001235,n/a\n")
        #expect(rows.map(\.contact) == ["+912224001234", "+919820011111", "+912224001235"])
    }

    /// The documented names give way to a plain one alone, and what may be others' number does not fill their empty cell.
    @Test(
        arguments: ["contact", "to", "bsuid"],
        [
            "contact_phone", "Secondary phone", "office_phone", "company_mobile", "Alternate Mobile", "work mobile", "Landline",
            "Customer phone",
        ])
    func aDocumentedNameIsNotPassedOver(own: String, other: String) throws {
        #expect(try read("\(other),\(own)\n+912224001234,+919820011111\n").map(\.contact) == ["+919820011111"])
        #expect(try read("\(own),\(other)\n+919820011111,+912224001234\n").map(\.contact) == ["+919820011111"])
    }

    @Test(arguments: [
        ("to,office_phone", ""), ("contact,Alternate Mobile", ""), ("to,Landline", ""), ("to,contact_phone", "+912224001234"),
        ("number,office_phone", "+912224001234"), ("contact,mobile", "+912224001234"), ("to,Telefon", "+912224001234"),
    ])
    func anEmptyCellIsNotFilledFromAnothersNumber(header: String, contact: String) throws {
        #expect(try read("name,\(header)\nAsha,,+912224001234\n").map(\.contact) == [contact], "\(header)")
    }

    @Test(arguments: [
        ("Alternate Mobile", "Mobile"), ("Other Mobile", "phone"), ("company_mobile", "mobile"), ("वैकल्पिक मोबाइल नंबर", "मोबाइल नंबर"),
    ])
    func thePersonsOwnNumberIsWrittenTo(other: String, own: String) throws {
        #expect(try read("\(other),\(own)\n+912224001234,+919820011111\n").map(\.contact) == ["+919820011111"])
    }

    @Test func formulasOfATextAreTheText() throws {
        let rows = try read("phone,name\n=\"+919876543210\",=\"007\"\n")
        #expect(rows == [Recipient(contact: "+919876543210", variables: ["name": "007"])])
    }

    /// The number is found by the same names as everywhere, and a column without a name is told where it holds something.
    @Test func columnsOfOtherLanguagesAreFound() throws {
        let file = try RecipientCSV("Nº de teléfono;nombre;;\n+919876543210;Asha;x;\n", countryCode: nil, firstLine: 1)
        #expect(file.recipients.map(\.recipient) == [Recipient(contact: "+919876543210", variables: ["nombre": "Asha"])])
        #expect(file.variables == ["nombre"] && file.unused == ["column 3"])
    }

    @Test func anEmptyColumnOfTheSameNameTakesNothingAway() throws {
        #expect(try read("phone,name,name\n+919876543210,Asha,\n").map(\.variables) == [["name": "Asha"]])
    }

    @Test(arguments: [
        ("9800000060", true), ("98000 00060", true), ("+9800000060", false), ("009800000060", false), ("919876543210", false),
        ("IN.4711", false),
    ]) func whatMayBeANationalNumberIsAskedAbout(phone: String, isAmbiguous: Bool) throws {
        let rows = try RecipientCSV("phone\n\(phone)\n", countryCode: nil, firstLine: 1).recipients
        #expect((rows.first?.problem != nil) == isAmbiguous)
        #expect(try RecipientCSV("phone\n\(phone)\n", countryCode: "91", firstLine: 1).recipients.allSatisfy { $0.problem == nil })
    }

    @Test(arguments: [
        ("name\nAsha\n", "names no phone column"), ("phone,name\n+919876543210,\"open\n", "never closed"),
        ("phone,name\n+919876543210,Jos\u{FFFD}\n", "not UTF-8"), ("", "is empty; its first line names the columns, such as phone,name."),
        ("\n\n", "is empty"), ("\n+919876543210,Asha\n", "first line is empty"),
        ("+919876543210,Asha\n", "has a phone number where the names of the columns belong"),
        ("Asha;98765 43210\nVikram;98765 43211\n", "Put a line above it that names each column: phone may be called"),
    ]) func whatCannotBeReadSaysWhy(text: String, reason: String) {
        let fault = #expect(throws: Fault.self) { try read(text) }
        #expect(fault?.code == .csvUnreadable && fault?.message.contains(reason) == true, "\(fault?.message ?? "")")
        #expect(fault?.message.contains("43210") == false, "nobody's number is told back")
        #expect(fault?.message.count ?? 0 < 400, "nobody reads all the names that there are")
    }
}
