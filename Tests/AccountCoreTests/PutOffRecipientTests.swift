import AccountContract
import Coordination
import GRDB
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountNumbers
@testable import AccountOutbox

/// Whoever is put off for a moment is not put off by a clock that is set back.
@Suite struct PutOffRecipientTests {
    /// - Parameter isRestarted: whether another feeder looks then, which knows nothing of what was before.
    @Test(arguments: [false, true]) func whoWasPutOffFollowsTheClock(isRestarted: Bool) async throws {
        try await CampaignScene.run { scene in
            let desk = scene.desk
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(3), start: true, requestKey: "k"))
            _ = try await scene.feeder.look()
            let start = desk.now.value
            try await desk.pool.write { db in
                try db.execute(
                    sql: "UPDATE campaignRecipient SET state = 'planned', message = NULL, sendAt = ?", arguments: [start + .seconds(30)])
            }
            desk.now.set(start - .days(1))
            let feeder =
                isRestarted
                ? CampaignFeeder(
                    store: desk.store, campaigns: desk.campaigns, states: desk.states, numbers: desk.numbers,
                    handover: CampaignHandover(
                        store: desk.store, numbers: desk.numbers, routing: desk.routing, outbox: desk.outbox, tariffs: desk.tariffs),
                    rates: CampaignRates(), senders: desk.senders, arrived: Wakeup(), batchLimit: 1, logger: desk.quiet) : scene.feeder
            _ = try await feeder.look()
            let due = try await desk.pool.read { try Timestamp.fetchAll($0, sql: "SELECT DISTINCT sendAt FROM campaignRecipient") }
            #expect(due == [start - .days(1) + .seconds(30)])
            #expect(try await scene.row(campaign.id).campaign.state == .running)
        }
    }
}
