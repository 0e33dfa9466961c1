import CSVTable
import Testing

@testable import linda

/// What is wrong with a file is told with its name, before a list is made for it.
@Suite struct PeopleFileTests {
    @Test(arguments: [
        ("", "people.csv: The file is empty; its first line names the columns, such as phone,name."),
        ("\n \n", "people.csv: The file is empty; its first line names the columns, such as phone,name."),
        ("phone,name\n", "people.csv: names columns and has nobody"),
        ("phone,name\n\n,\n", "people.csv: names columns and has nobody"),
        ("name,city\nAsha,Pune\n", "people.csv: The header names no phone"),
        ("+919876543210,Asha\n", "people.csv: The first line has a phone number"),
        ("phone\n\"+91\n", "people.csv: The quote opened on line 2"),
        ("phone,name\n+919876543210,a\"b\n", "people.csv: The quote opened on line 2"),
    ])
    func whatCannotBeTakenIsRefusedBeforehand(text: String, told: String) {
        do throws(Trouble) {
            _ = try PeopleFile(text, named: "people.csv")
            Issue.record("\(text) was taken")
        } catch { #expect(error.description.hasPrefix(told), "\(error.description)") }
    }

    @Test func whatCanBeTakenIsReadOnce() throws {
        let file = try PeopleFile("sep=;\nto;name\n+919876543210;Asha\n", named: "people.csv", or: PhoneColumns.ofRecipients)
        #expect(file.header == "to;name\n" && file.records.map(\.line) == [3])
    }

    @Test func oneIsNoPlural() {
        #expect(Spoken.count(1, "member") == "1 member" && Spoken.count(0, "member") == "0 members")
    }
}
