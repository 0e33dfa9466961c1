import AccountContract
import RPCContract
import Testing
import Vocabulary

@testable import AccountCampaigns

/// Which columns of a file fill something, said where the file is read and where a template is known.
@Suite struct VariableFillsTests {
    @Test(arguments: [
        (["name"], ["Name"], "is it what the column Name was meant for?"), (["first_name"], ["firstName", "city"], "the column firstName"),
        (["name", "order"], ["order", "nmae"], "nothing fills the variable name"),
    ])
    func aNearlyEqualColumnIsNamed(variables: [String], columns: [String], words: String) {
        let warnings = VariableFills(variables: Set(variables), columns: Set(columns)).warnings
        #expect(warnings.count == 1 && warnings[0].contains(words), "\(warnings)")
        #expect(VariableFills.kept(warnings + ["no tariff is known"]) == warnings)
    }

    /// What a template does not use may be for another one.
    @Test func whatIsFilledOrHasNoMatchIsNotWarnedOf() {
        #expect(VariableFills(variables: ["name"], columns: ["name", "Name", "city"]).warnings.isEmpty)
        #expect(VariableFills(variables: ["order"], columns: ["Name", "city"]).warnings.isEmpty)
        #expect(VariableFills(columns: ["Name"]).warnings.isEmpty && VariableFills(variables: ["name"]).warnings.isEmpty)
    }

    @Test func theReportTellsBeforeTheStart() async throws {
        try await CampaignScene.run { scene in
            func warnings(_ key: String, _ column: String, common: [String: String]? = nil) async throws -> [String] {
                let recipients = [Recipient(contact: "919800000001", variables: [column: "Asha"])]
                let campaign = try await scene.plan(
                    .init(name: "C", template: "t", variables: common, recipients: recipients, requestKey: key))
                return try #require(try await scene.row(campaign.id).report).warnings.filter { $0.contains("nothing fills") }
            }
            let unfilled = try await warnings("a", "Name")
            #expect(unfilled.count == 1)
            let filled = try await warnings("b", "name") + warnings("c", "Name", common: ["name": "you"])
            #expect(filled.isEmpty)
        }
    }

    @Test func aListSaysWhatItsColumnsAreFor() async throws {
        let desk = try await OutboxDesk()
        let list = try await desk.lists.create("People", workspace: "w").id
        let csv = "Phone,Mobile Phone,Name,Name,pet's age,timezone,,1\n+919876543210,,Asha,Asha,3,,,x\n"
        let reply = try await desk.lists.add(.init(id: list.rawValue, csv: csv), workspace: "w")
        #expect(reply.added == 1 && reply.variables == ["Phone", "Name", "1"] && reply.unused == ["pet's age"], "\(reply)")
        let all = try await desk.lists.add(.init(id: list.rawValue, csv: "phone\n+919876543210\n"), workspace: "w")
        #expect(all.variables == [] && all.unused == nil)
        let given = try await desk.lists.add(.init(id: list.rawValue, recipients: [Recipient(contact: "919876543210")]), workspace: "w")
        #expect(given.variables == nil && given.unused == nil)
        try desk.end()
    }
}
