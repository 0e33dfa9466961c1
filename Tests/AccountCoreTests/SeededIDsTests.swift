import AccountContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A seed replays every id that account-router gives.
@Suite struct SeededIDsTests {
    private func ids(seed: UInt64) async throws -> [String] {
        let desk = try await OutboxDesk(seed: seed)
        let list = try await desk.lists.create("L", workspace: "w")
        let window = try await desk.windows.create(.init(name: "W", cron: "0 9 * * *", timeZone: "UTC"), workspace: "w")
        let campaign = try await desk.campaigns.plan(
            .init(name: "C", template: "t", recipients: [Recipient(contact: "919800000000")], requestKey: "k"), workspace: "w")
        try desk.end()
        return [list.id.rawValue, window.window.id.rawValue, campaign.id.rawValue]
    }

    @Test func theSameSeedGivesTheSameIDs() async throws {
        let seed = Seed.current
        let (one, again, other) = (try await ids(seed: seed), try await ids(seed: seed), try await ids(seed: seed + 1))
        #expect(one == again, "seed \(seed)")
        #expect(Set(one + other).count == 6, "seed \(seed)")
    }
}
