import AccountContract
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
            let told = try await blockers(scene, .init(name: "C", template: "t", list: list, start: true, requestKey: "k"))
            #expect(told == ["nobody can be written to: nobody is on its list"])
        }
    }
}
