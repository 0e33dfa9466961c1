import AccountContract
import ArgumentParser
import Testing

@testable import linda

/// What `linda consent import` says of a file before it takes anything.
@Suite struct ConsentImportTests {
    private func read(_ text: String) throws -> (items: [String], unused: [String]) {
        let (items, _, problems, unused) = try ConsentCommand.Import.parse(["proofs.csv"]).read(text)
        #expect(problems.isEmpty)
        return (items.map(\.contact), unused)
    }

    @Test(arguments: [
        ("", "The file is empty; its first line names the columns, such as contact,state,time,how,proof."),
        ("\n\n", "The file is empty; its first line names the columns, such as contact,state,time,how,proof."),
        ("name,state\nAsha,granted\n", "The header names no contact column. It has: name, state."),
    ])
    func whatHasNoColumnSaysWhatBelongsThere(text: String, told: String) {
        let trouble = #expect(throws: Trouble.self) { try read(text) }
        #expect(trouble?.description.hasPrefix("proofs.csv: \(told)") == true, "\(trouble?.description ?? "")")
    }

    /// Whose statement it is must be certain: nothing is imported while a row has two numbers.
    @Test(arguments: [
        ("contact", "Alternate Mobile"), ("contact", "office_phone"), ("contact", "contact_phone"), ("bsuid", "Secondary phone"),
        ("mobile", "contact"), ("mobile", "company_mobile"), ("मोबाइल नंबर", "वैकल्पिक मोबाइल नंबर"), ("phone", "Other Mobile"),
    ])
    func aStatementIsOfOneNumber(own: String, other: String) throws {
        let statement = "granted,2026-09-01T10:00:00Z,form"
        let header = "\(other),\(own),state,time,how"
        func problems(_ row: String) throws -> [String] {
            let (items, _, problems, _) = try ConsentCommand.Import.parse(["proofs.csv"]).read("\(header)\n\(row),\(statement)\n")
            #expect(items.map(\.contact) == (problems.isEmpty ? ["+919820011111"] : []))
            return problems
        }
        #expect(
            try problems("+912224001234,+919820011111") == ["proofs.csv:2: has several numbers; a statement is of one"])
        #expect(try problems("+91 98200 11111,+919820011111").isEmpty, "it is the same")
        #expect(try problems(",+919820011111").isEmpty)
    }

    @Test func aNumberAndABSUIDAreOfOnePerson() throws {
        let (items, _) = try read("bsuid,contact_phone,state,time,how\nIN.4711,+919820011111,granted,2026-09-01T10:00:00Z,form\n")
        #expect(items == ["IN.4711"])
        let two = "contact,state,time,how\n+919820011111 ::: +919820011112,granted,2026-09-01T10:00:00Z,form\n"
        #expect(try ConsentCommand.Import.parse(["proofs.csv"]).read(two).problems.count == 1, "two in one cell")
    }

    @Test func theNumberIsFoundByItsUsualNames() throws {
        let statement = "granted,2026-09-01T10:00:00Z,form"
        for header in ["contact", "Número de teléfono", "Handynummer", "दूरध्वनी क्रमांक"] {
            let (items, unused) = try read("\(header),state,time,how,Filiale\n+919876543210,\(statement),Pune\n")
            #expect(items == ["+919876543210"] && unused == ["Filiale"], "\(header)")
        }
        #expect(try read("+919876543210,\(statement)\n").items == ["+919876543210"])
    }
}
