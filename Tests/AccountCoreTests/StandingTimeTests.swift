import AccountContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountNumbers

/// While something is in a campaign's way nobody can say how long it takes.
@Suite struct StandingTimeTests {
    @Test func noTimeIsLeftOfWhatStands() async throws {
        try await CampaignScene.run { scene in
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(30), rate: 1, start: true, requestKey: "k"))
            for _ in 0..<5 {
                _ = try await scene.feeder.look()
                try await scene.send()
                scene.pass(1000)
            }
            let moving = try await scene.desk.campaigns.progress(campaign.id.rawValue, workspace: "w")
            #expect(moving.timeLeft != nil && moving.rate > 0)
            let numbers = scene.desk.numbers
            try await numbers.change { db in try numbers.hear(db, .banned("policy"), of: "1") }
            let standing = try await scene.desk.campaigns.progress(campaign.id.rawValue, workspace: "w")
            #expect(standing.campaign.standing?.contains("policy") == true && standing.rate > 0)
            #expect(standing.timeLeft == nil)
        }
    }
}
