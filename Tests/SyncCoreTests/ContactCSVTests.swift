import CSVTable
import RPCContract
import SyncContract
import Testing
import Vocabulary

@testable import SyncCore

@Suite struct ContactCSVTests {
    private func read(_ csv: String, code: String? = nil) throws -> ContactCSV { try ContactCSV(.init(csv: csv, countryCode: code)) }

    @Test func headersAreFoundByTheirUsualNames() throws {
        let csv = try read(
            "Full Name,Mobile,E-mail,lang\n\"Rao, Asha\",+91 98765 43210,a@example.com,hi\nVikram,9876500000,,\n", code: "91")
        #expect(csv.problems.isEmpty)
        #expect(csv.rows.map(\.phone.rawValue) == ["919876543210", "919876500000"])
        #expect(csv.rows[0].name == "Rao, Asha")
        #expect(csv.rows[0].email == "a@example.com")
        #expect(csv.rows[1].firstName == "Vikram")
        #expect(csv.rows[1].language == nil)
    }

    /// Excel and Outlook, and Google Contacts.
    @Test(arguments: [
        "First Name,Last Name,Mobile Phone,E-mail Address\nAsha,Rao,+91 98765 43210,a@example.com\n",
        "First Name,Middle Name,Last Name,E-mail 1 - Value,Phone 1 - Value\nAsha,,Rao,a@example.com,+91 98765 43210\n",
    ])
    func exportsOfOtherProgramsAreRead(text: String) throws {
        let csv = try read(text)
        #expect(csv.rows == [.init(phone: "919876543210", name: "Asha Rao", firstName: "Asha", email: "a@example.com", language: nil)])
    }

    /// A comma that nobody has put into quotes moves the cells behind it.
    @Test func aRowWithMoreCellsThanColumnsIsLeftOut() throws {
        let csv = try read("phone,name,email\n+919876543210,Rao, Asha,a@example.com\n+919876543211,B,b@example.com,,\n")
        #expect(csv.rows.map(\.phone) == ["919876543211"], "empty cells at the end are a spreadsheet's")
        #expect(csv.problems.map(\.line) == [2] && csv.problems[0].problem.hasPrefix("has more cells"))
        let twice = try read("phone,Name,name\n+919876543210,A,B\n+919876543211,A,\n+919876543212,A,A\n")
        #expect(
            twice.problems == [.init(line: 2, problem: "has two values for name, as two columns are called so")] && twice.rows.count == 2)
    }

    @Test func onePersonTwiceIsTold() throws {
        let csv = try read("phone,name\n+919876543210,A\n+91 98765 43210,B\n")
        #expect(csv.rows.count == 2 && csv.problems == [.init(line: 3, problem: "is the same contact as line 2, whose values it replaces")])
        let refused = try read("phone,name\n+919876543210,A\n+919876543210,\(String(repeating: "x", count: 257))\n+919876543210,C\n")
        #expect(refused.rows.map(\.name) == ["A", "C"])
        #expect(
            refused.problems == [
                .init(line: 3, problem: "name has 257 characters; it has 1 to 256"),
                .init(line: 4, problem: "is the same contact as line 2, whose values it replaces"),
            ], "what was refused replaces nothing")
    }

    @Test(arguments: [("phone,name\n+919876543210,say \"hi\"\n", 2), ("phone,name\n+919876543210,A\n+919876543211,\"x\"y\n", 3)])
    func aWrongQuoteIsToldByItsLine(text: String, line: Int) {
        let fault = #expect(throws: Fault.self) { try read(text) }
        #expect(fault?.message.hasPrefix("Line \(line) cannot be read: a cell with a quote") == true, "\(fault?.message ?? "")")
    }

    /// Addresses have line breaks: what is told is where an editor shows it.
    @Test func aLineIsTheFilesAndNotTheRecords() throws {
        let csv = try read("phone,name,address\n+919876543210,A,\"1 Road\nPune\n411001\"\n12,B,\n\n\"\",C,\n")
        #expect(csv.problems.map(\.line) == [5, 7], "\(csv.problems)")
        let part = try ContactCSV(.init(csv: "phone,name\n12,B\n+919876543210,\"A\nB\"\n13,C\n", firstLine: 2000))
        #expect(part.problems.map(\.line) == [2001, 2004])
        let records = try CSVRecord.all(of: "phone,name\r\n1,\"a\r\nb\"\r\n\r\n2,b")
        #expect(records.map(\.line) == [1, 2, 4, 5] && records.map(\.text).joined() == "phone,name\r\n1,\"a\r\nb\"\r\n\r\n2,b")
    }

    @Test(arguments: [("phone,name\n1,\"open\n2,b\n", 2), ("phone,name\n1,\"a\"\n2,\"open\n3,\"c\"\n", 3), ("phone\n\"", 2)])
    func aQuoteLeftOpenIsToldByItsLine(text: String, line: Int) {
        let fault = #expect(throws: Fault.self) { try read(text) }
        #expect(fault?.message.hasPrefix("The quote opened on line \(line) is never closed") == true, "\(fault?.message ?? "")")
    }

    @Test(arguments: [
        "tel:+91-98765-43210", "\"=\"\"+919876543210\"\"\"", "+919876543210 ::: +919876543211", "TEL:+919876543210", "'+919876543210",
    ])
    func numbersAreReadAsOtherProgramsWriteThem(cell: String) throws {
        for header in ["Business Phone", "Phone_Number", "phone-no.", "Telefon", "Home Phone", "Phone 1 - Value"] {
            #expect(try read("\(header)\n\(cell)\n").rows.map(\.phone) == ["919876543210"], "\(header)")
        }
    }

    /// Excel writes a text that looks like a number so; whatever is wrong with another row is told by its line.
    @Test func formulasOfATextAreTheText() throws {
        let csv = try read(
            "phone,name,email\n=\"+919876543210\",=\"Rao, \"\"Asha\"\"\",a@example.com\n=\"12\",B,\n919876543211,=1+1,x=\n \t=\"+91 98765 43212\" ,C,\n"
        )
        #expect(csv.rows.map(\.phone) == ["919876543210", "919876543211", "919876543212"])
        #expect(csv.rows.map(\.name) == ["Rao, \"Asha\"", "=1+1", "C"])
        #expect(csv.problems.map(\.line) == [3], "\(csv.problems)")
        let other = try read("=\"phone\";=\"name\"\r\n=\"+919876543210\";=\"Rao; A\nB\"\r\n12;B\r\n")
        #expect(other.rows.map(\.name) == ["Rao; A\nB"] && other.problems.map(\.line) == [4], "\(other)")
        // What stands inside quotes already is nobody's formula.
        #expect(try read("phone,name\n+919876543210,\"a,=\"\"b\"\"\"\n").rows.map(\.name) == ["a,=\"b\""])
    }

    /// What no other way in takes is left out of the row, and the rest of it is taken.
    @Test func anAddressOrLanguageOfAnotherFormIsLeftOut() throws {
        let csv = try read(
            "phone,name,email,language\n+919876543210,A,n/a,hi\n+919876543211,B,b@example.com,klingon\n+919876543212,C,c@example.com,en_US\n"
        )
        #expect(csv.rows.map(\.email) == [nil, "b@example.com", "c@example.com"])
        #expect(csv.rows.map(\.language) == ["hi", nil, "en_US"])
        #expect(csv.problems.isEmpty && csv.notes.map(\.line) == [2, 3])
        #expect(csv.notes[0].note == "the e-mail address is left out: it is not an e-mail address, such as asha@example.com")
        #expect(
            csv.notes[1].note
                == "the language is left out: it is \"klingon\", which is no language; write a code such as hi, en_US or pt_BR, or a name such as Hindi or Deutsch"
        )
        let long = String(repeating: "e\u{301}", count: 129)
        #expect(try read("phone,name\n+919876543210,\(long)\n").problems.map(\.problem) == ["name has 258 characters; it has 1 to 256"])
    }

    @Test func aQuoteLeftOpenBehindAFormulaIsToldByItsLine() {
        let fault = #expect(throws: Fault.self) { try read("phone,name\n=\"+919876543210\",A\n+919876543211,\"B\n") }
        #expect(fault?.message.hasPrefix("The quote opened on line 3 is never closed") == true, "\(fault?.message ?? "")")
    }

    /// An office's line seldom has WhatsApp: a mobile number goes before it, wherever it stands, and either is better than none.
    @Test func aMobileNumberGoesBeforeAnOffices() throws {
        let outlook = try read(
            "First Name,Business Phone,Home Phone,Mobile Phone\nA,022-24001234,,+919820011111\nB,,,+919820022222\nC,+912224001234,,\n",
            code: "91")
        #expect(outlook.rows.map(\.phone) == ["919820011111", "919820022222", "912224001234"] && outlook.problems.isEmpty)
        #expect(try read("Name,Business Phone,Fax\nA,+919820011111,\n").rows.map(\.phone) == ["919820011111"], "there is no other")
        let order = try read("phone,name,number\n,Asha,8001234567\n+919820011111,B,2\n", code: "91")
        #expect(order.rows.map(\.phone) == ["919820011111"] && order.problems.map(\.line) == [2], "the number of an order is nobody's")
        let google = try read(
            """
            Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value
            A,Home,+912224001234,Mobile,+919820011111
            B,* Mobile,+919820022222,Work,+912224001234
            C,,,Work,+912224001235
            D,,+919820033333,Home,+912224001236

            """)
        #expect(google.rows.map(\.phone) == ["919820011111", "919820022222", "912224001235", "919820033333"])
    }

    /// What Excel writes into the first line for itself.
    @Test func aSeparatorLineIsNoRow() throws {
        for mark in ["", "\u{FEFF}"] {
            let csv = try read("\(mark)sep=;\r\nphone;name\r\n+919876543210;A\r\n12;B\r\n")
            #expect(csv.rows.map(\.name) == ["A"] && csv.problems.map(\.line) == [4], "\(csv.problems)")
        }
        #expect(try CSVRecord.all(of: "sep=,\nphone\n1\n").map(\.line) == [2, 3])
        #expect(try CSVRecord.all(of: "sep=,").map(\.line) == [1])
    }

    @Test func aCountryCodeThatNoCountryHasIsRefused() {
        let fault = #expect(throws: Fault.self) { try read("phone\n9876543210\n", code: "999") }
        #expect(fault?.path == "countryCode" && fault?.message.contains("999") == true)
        #expect(throws: PhoneNumber.Problem.unknownCode("999")) { try PhoneNumber.read("9876543210", countryCode: "999") }
    }

    @Test func semicolonsAndAByteOrderMarkAreRead() throws {
        let csv = try read("\u{FEFF}phone;name\r\n+919876543210;\"Asha \"\"A\"\" Rao\"\r\n")
        #expect(csv.rows.first?.name == "Asha \"A\" Rao")
    }

    @Test func wrongRowsAreToldByLineAndTheRestGoesOn() throws {
        let csv = try read("phone,name\n+919876543210,A\n12,B\n,C\n\nabc,D\n+919876543211,E\n")
        #expect(csv.rows.count == 2)
        let words = [PhoneNumber.Problem.national, .empty, .characters].map { "phone \($0.wordsInFile)" }
        #expect(csv.problems.map(\.problem) == words, "the same as for a list of recipients")
        #expect(csv.problems.first?.line == 3)
    }

    @Test(arguments: ["", "name\nAsha\n", "phone,name\n\"unclosed,x\n"])
    func whatIsNoContactListIsRefused(_ csv: String) {
        let fault = #expect(throws: Fault.self) { try read(csv) }
        #expect(fault?.code == .csvInvalid)
    }
}
