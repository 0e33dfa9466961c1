import RPCContract
import SyncContract
import Testing
import Vocabulary

@testable import SyncCore

/// Which of a row's numbers its contact gets, and that the others are told.
@Suite struct ContactNumbersTests {
    private func read(_ csv: String, code: String? = nil) throws -> ContactCSV { try ContactCSV(.init(csv: csv, countryCode: code)) }

    @Test(arguments: ["Business Phone", "Home Phone", "Other Phone", "Primary Phone"])
    func aRowWithoutAMobileNumberHasItsOther(column: String) throws {
        let csv = try read("First Name,Mobile Phone,\(column)\nA,+919820011111,+912224001234\nB,,+912224001235\nC,,\n")
        #expect(csv.rows.map(\.phone) == ["919820011111", "912224001235"])
        #expect(csv.problems == [.init(line: 4, problem: "phone is empty")])
        #expect(csv.notes.map(\.line) == [2] && csv.notes[0].note.hasSuffix("left out: +91 2224001234"), "\(csv.notes)")
    }

    /// A mobile number goes first in every language that is read, and no column of numbers is passed over.
    @Test(
        arguments: [
            ("Name", "Telefon", "Mobil"), ("Name", "Telefon geschäftlich", "Mobiltelefon"), ("Nombre", "Teléfono", "Teléfono móvil"),
            ("Nom", "Téléphone", "Téléphone mobile"), ("Nome", "Telefone fixo", "Telemóvel"), ("नाव", "फोन", "मोबाईल क्रमांक"),
        ])
    func theMobileNumberIsTakenInOtherLanguages(name: String, phone: String, mobile: String) throws {
        let csv = try read("\(name);\(phone);\(mobile)\nAsha;+49 30 2345678;+49 171 2345678\n")
        #expect(csv.rows.map(\.phone) == ["491712345678"] && csv.rows.map(\.name) == ["Asha"])
        #expect(csv.notes.first?.note.hasSuffix("left out: +49 302345678") == true, "\(csv.notes)")
    }

    /// Others answer an office's or an alternate number, and may have said that they want nothing: the person's own goes first.
    @Test(
        arguments: [
            ("Alternate Mobile", "Mobile"), ("Alternate Mobile", "Phone"), ("Other Mobile", "Mobile Number"),
            ("Other Mobile", "Home Phone"),
            ("company_mobile", "mobile"), ("company_mobile", "phone"), ("वैकल्पिक मोबाइल नंबर", "मोबाइल नंबर"), ("पर्यायी मोबाईल नंबर", "फोन"),
            ("दूसरा मोबाइल", "दूरध्वनी क्रमांक"), ("Weiteres Handy", "Telefon"), ("Firmenhandy", "Handy"), ("Otro celular", "Teléfono"),
            ("Autre portable", "Téléphone"), ("Outro celular", "Telefone residencial"), ("Office WhatsApp", "Landline"),
            ("Secondary phone", "phone"), ("Additional mobile", "contact number"), ("Work Mobile", "Mobile"), ("Work Mobile", "phone"),
            ("contact_phone", "Phone"), ("customer mobile", "WhatsApp"), ("office_phone", "Business Mobile"),
        ])
    func thePersonsOwnNumberGoesFirst(other: String, own: String) throws {
        for (header, cells) in [("\(other),\(own)", "+912224001234,+919820011111"), ("\(own),\(other)", "+919820011111,+912224001234")] {
            let csv = try read("name,\(header)\nAsha,\(cells)\n")
            #expect(csv.rows.map(\.phone) == ["919820011111"], "\(header)")
            #expect(csv.notes.first?.note.hasSuffix("left out: +91 2224001234") == true, "\(csv.notes)")
        }
        #expect(try read("name,\(other),\(own)\nAsha,+919820011111,\n").rows.map(\.phone) == ["919820011111"], "it is better than none")
    }

    /// Whatever a label says, no column is called so.
    @Test(arguments: ["Other", "Company", "Emergency", "Agent", "Assistant", "Office", "Work Fax"])
    func aLabelOfAnotherNumberComesLast(label: String) throws {
        let csv = try read(
            "Name,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value\nA,\(label),+912224001234,Home,+919820011111\n")
        #expect(csv.rows.map(\.phone) == ["919820011111"])
    }

    /// Google Contacts writes several of one kind into one cell.
    @Test func theFirstNumberOfACellThatCanBeReadIsTaken() throws {
        let csv = try read(
            """
            Name,Phone 1 - Value
            A,+919876543210 ::: +919876543211
            B,98765 43212 ::: +919876543213
            C,12 ::: 34
            D,+919876543214 ::: +91 98765 43214
            E,::: +919876543215 :::

            """)
        #expect(csv.rows.map(\.phone) == ["919876543210", "919876543213", "919876543214", "919876543215"])
        #expect(csv.problems.map(\.line) == [4], "\(csv.problems)")
        #expect(csv.notes.map(\.line) == [2, 3], "the same number once more is nothing that is left out: \(csv.notes)")
        #expect(csv.notes[0].note.hasSuffix("left out: +91 9876543211") && csv.notes[1].note.hasSuffix("one that cannot be read"))
    }

    @Test func theFirstOfSeveralAddressesIsTaken() throws {
        let csv = try read(
            "phone,name,email\n+919876543210,A,a@x.com ::: b@x.com ::: a@x.com\n+919876543211,B,c@x.com\n+919876543212,C, ::: \n")
        #expect(csv.rows.map(\.email) == ["a@x.com", "c@x.com", nil])
        #expect(csv.notes.map(\.line) == [2], "\(csv.notes)")
        #expect(csv.notes.first?.note == "a contact has one e-mail address, so the row's other e-mail addresses are left out: b@x.com")
    }

    /// People write into a cell that they have nothing for it.
    @Test func aCellThatCannotBeReadLeavesTheRowItsOtherNumber() throws {
        let csv = try read(
            """
            Name,Mobile,Phone,Home Phone
            A,n/a,+919876543210,
            B,-,12,+912224001235
            C,n/a,none,
            D,+919876543211,n/a,

            """)
        #expect(csv.rows.map(\.phone) == ["919876543210", "912224001235", "919876543211"])
        #expect(csv.problems.map(\.line) == [4], "\(csv.problems)")
        #expect(
            csv.notes.map(\.line) == [2, 3, 5] && csv.notes.allSatisfy { $0.note.hasSuffix("one that cannot be read") }, "\(csv.notes)")
    }
}
