import AccountContract
import GRDB
import RPCContract
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A plan that nobody would get says so, and why.
@Suite struct EmptyPlanTests {
    private func blockers(_ scene: CampaignScene, _ params: PlanCampaign.Params) async throws -> [String] {
        let campaign = try await scene.plan(params)
        #expect(campaign.state == .planned)
        return try #require(try await scene.row(campaign.id).report).blockers
    }

    @Test func whyNobodyWouldGetItIsCounted() async throws {
        try await CampaignScene.run { scene in
            scene.templates.category.set(.marketing)
            var people = CampaignScene.people(3)
            people[2].variables = ["name": "broken"]
            let told = try await blockers(scene, .init(name: "C", template: "t", recipients: people, start: true, requestKey: "k"))
            #expect(told.count == 1)
            #expect(told[0].hasPrefix("nobody can be written to: 2 × ") && told[0].hasSuffix(", 1 × no"), "\(told)")
            let fault = await #expect(throws: Fault.self) { try await scene.desk.campaigns.start("C", workspace: "w") }
            #expect(fault?.message.contains("2 × ") == true, "\(fault?.message ?? "")")
        }
    }

    @Test func anEmptyListIsSaidToBeEmpty() async throws {
        try await CampaignScene.run { scene in
            let list = try await scene.desk.lists.create("People", workspace: "w").id
            let told = try await blockers(scene, .init(name: "C", template: "t", list: list.rawValue, start: true, requestKey: "k"))
            #expect(told == ["nobody can be written to: nobody is on its list"])
        }
    }

    /// What somebody searched for, and what a file calls its columns, does not steer the terminal of whoever reads the report.
    @Test func othersWordsInTheReportArePlain() async throws {
        try await CampaignScene.run { scene in
            let campaign = try await scene.desk.campaigns.plan(
                .init(name: "C", template: "t", contacts: "\u{1B}[2JAsha", requestKey: "k"), workspace: "w")
            // Nobody was found.
            try await scene.desk.pool.write { try $0.execute(sql: "UPDATE campaign SET cursor = '~'") }
            try await scene.planner.plan(scene.row(campaign.id))
            let told = try #require(try await scene.row(campaign.id).report).blockers
            #expect(told == ["nobody can be written to: no contact has the words \u{FFFD}[2JAsha"])
            try await scene.desk.pool.write { db in
                try db.execute(
                    sql: "INSERT INTO campaignRecipient (campaign, n, contact, state, problem) VALUES (?, 1, '', 'skipped', ?)",
                    arguments: [campaign.id, "lacks \u{9B}2J"])
                #expect(try Preflight.skips(db, campaign.id).map(\.reason) == ["lacks \u{FFFD}2J"])
            }
        }
    }
}
