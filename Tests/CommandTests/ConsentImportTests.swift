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

    @Test func theNumberIsFoundByItsUsualNames() throws {
        let statement = "granted,2026-09-01T10:00:00Z,form"
        for header in ["contact", "Número de teléfono", "Handynummer", "दूरध्वनी क्रमांक"] {
            let (items, unused) = try read("\(header),state,time,how,Filiale\n+919876543210,\(statement),Pune\n")
            #expect(items == ["+919876543210"] && unused == ["Filiale"], "\(header)")
        }
        #expect(try read("+919876543210,\(statement)\n").items == ["+919876543210"])
    }
}
