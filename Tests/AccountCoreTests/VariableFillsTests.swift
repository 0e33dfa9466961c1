import AccountContract
import GRDB
import RPCContract
import Storage
import Support
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

    /// Only its first people have the column: whoever goes on after them knows of it all the same.
    @Test func aPlanThatWasCutShortTellsAllTheSame() async throws {
        try await CampaignScene.run { scene in
            let recipients = (0..<2500).map {
                Recipient(contact: String(919_800_000_000 + $0), variables: $0 < 2000 ? ["Name": "Asha"] : nil)
            }
            let campaign = try await scene.desk.campaigns.plan(
                .init(name: "C", template: "t", recipients: recipients, requestKey: "a"), workspace: "w")
            let (templates, chunks) = (scene.templates, MutexBox(0))
            templates.composing.set {
                chunks.update { $0 += 1 }
                if chunks.value == 2 { templates.fault.set(Fault(.overloaded, "later", retry: .never)) }
            }
            await #expect(throws: Fault.self) { try await scene.planner.plan(scene.row(campaign.id)) }
            #expect(try await scene.counts(campaign.id) == ["planned": 2000])
            templates.fault.set(nil)
            try await scene.planner.plan(scene.row(campaign.id))
            let row = try await scene.row(campaign.id)
            #expect(row.campaign.state == .planned)
            #expect(row.report?.warnings.filter { $0.contains("the column Name was meant for?") }.count == 1)
            let left = try await scene.desk.pool.read { try String.fetchOne($0, sql: "SELECT plan -> 'fills' FROM campaign") }
            #expect(left == nil, "the report has it")
        }
    }

    @Test func ofVeryManyColumnsThoseThatFillSomethingCount() {
        var fills = VariableFills(variables: ["name"])
        fills.add(VariableFills(columns: Set((0..<1000).map { "c\($0)" })))
        fills.add(VariableFills(columns: ["name", "x"]))
        #expect(fills.columns.contains("name") && fills.columns.count == 1001)
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
