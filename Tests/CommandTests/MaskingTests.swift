import ArgumentParser
import SyncContract
import Testing
import Vocabulary

@testable import linda

/// What `--mask` hides, and where it would hide nothing.
@Suite struct MaskingTests {
    @Test(arguments: [
        ("asha@example.com", "a…@e….com"), ("a.rao@mail.example.co.in", "a…@m….in"), ("@example.com", "…"), ("asha@host", "…"),
        ("a@b@c.com", "…"), ("", "…"), ("नेहा@उदाहरण.भारत", "ने…@उ….भारत"),
    ])
    func anAddressIsShownByItsEnds(email: String, shown: String) throws {
        #expect(try Connection.parse(["--mask"]).shownEmail(email) == shown)
        #expect(try Connection.parse([]).shownEmail(email) == email)
    }

    /// Contacts that came without a name are called by their number.
    @Test(arguments: [
        ("919876543210", "91…10"), ("+91 98765-43210", "91…10"), ("Asha Rao", "Asha Rao"), ("Asha asha@example.com", "Asha a…@e….com"),
        ("Room 12", "Room 12"), ("Class of 1999", "Class of 1999"), ("", ""),
    ])
    func aNumberIsHiddenWhereItStandsForAName(name: String, shown: String) throws {
        #expect(try Connection.parse(["--mask"]).shownName(name) == shown)
        #expect(try Connection.parse([]).shownName(name) == name)
    }

    /// What a row left out is found in the file by what it is.
    @Test func whatIsToldOfCustomersIsHiddenToo() throws {
        let note = "so the row's other numbers are left out: +91 9876543211, 4930123456, b@x.com"
        #expect(try Connection.parse([]).shownText(note) == note)
        #expect(try Connection.parse(["--mask"]).shownText("wamid.HBgMOTE5ODc2NTAwMTEyFQIAEhgU") == "wamid.…IAEhgU")
        #expect(try Connection.parse(["--mask"]).shownText(note) == "so the row's other numbers are left out: 91…11, 49…56, b…@x….com")
    }

    @Test func whoeverHasNoNameHasNone() throws {
        var contact = Contact.example
        #expect(try Connection.parse([]).shownName(of: contact) == "Asha Rao")
        contact.name = "919876543210"
        #expect(try Connection.parse([]).shownName(of: contact) == "-")
    }

    @Test func whatIsForProgramsIsNotMasked() throws {
        #expect(throws: (any Error).self) { try Connection.parse(["--mask", "--json"]) }
        #expect(throws: (any Error).self) { try CampaignsCommand.Results.parse(["Spring", "--mask"]) }
        #expect(throws: (any Error).self) { try RPC.parse(["gateway", "service.ping", "--mask"]) }
        // A webhook as it came has the customer's number, name and words.
        #expect(throws: (any Error).self) { try DeadLettersCommand.Show.parse(["7", "--mask"]) }
        #expect(throws: Never.self) { try DeadLettersCommand.Show.parse(["7"]) }
        #expect(throws: Never.self) { try DeadLettersCommand.List.parse(["--mask"]) }
        #expect(throws: Never.self) { try Contacts.List.parse(["--mask"]) }
        #expect(throws: Never.self) { try CampaignsCommand.Results.parse(["Spring"]) }
    }
}
