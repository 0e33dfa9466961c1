import AccountContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A campaign that cannot start says why in the list, too.
@Suite struct BlockedCampaignTests {
    private func listed(_ scene: CampaignScene) async throws -> Campaign? {
        try await scene.desk.campaigns.list(.init(), .campaign, workspace: "w").items.first
    }

    @Test(arguments: [true, false]) func whatCannotStartSaysWhy(start: Bool) async throws {
        try await CampaignScene.run { scene in
            let budget = Money(currency: "INR", micros: 1_000_000)
            let id = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(2), budget: budget, start: start, requestKey: "k")
            ).id
            let campaign = try #require(try await listed(scene))
            let told = campaign.standing ?? campaign.reason ?? ""
            #expect(told.hasPrefix(start ? "not started: " : "it cannot start: ") && told.contains("no tariff is known"), "\(told)")
            _ = try await scene.desk.campaigns.set(.init(id: id.rawValue, budget: nil), workspace: "w")
            #expect(try await listed(scene)?.standing == nil)
        }
    }
}
