import AccountContract
import GRDB
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A promise that is taken back before its time is none that was broken.
@Suite struct WithdrawnPromiseTests {
    @Test(arguments: [(true, "withdrawn"), (false, "missed")]) func whatIsCancelledBeforeItsOpeningIsNotMissed(
        isBefore: Bool, verdict: String
    ) async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.windows.create(.init(name: "six", cron: "0 6 * * *", timeZone: "UTC"), workspace: "w")
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(3), window: "six", start: true, requestKey: "k"))
            let opening = try #require(campaign.startAt)
            scene.desk.now.set(isBefore ? opening - .hours(1) : opening + .minutes(1))
            _ = try await scene.feeder.look()
            _ = try await scene.desk.campaigns.cancel(campaign.id.rawValue, workspace: "w")
            let promises = try await scene.desk.pool.read {
                try scene.desk.campaigns.promises($0, from: 0, to: .latest, workspace: "w").items
            }
            #expect(promises.map(\.verdict) == [verdict])
            let events = try await scene.desk.pool.read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM event WHERE type = 'sla.missed'")
            }
            #expect(events == (isBefore ? 0 : 1))
        }
    }
}
