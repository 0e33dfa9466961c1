import AccountContract
import Coordination
import GRDB
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox
@testable import JobQueue

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
            if isRestarted {
                let step = try #require(try ClockAtStart.setBack(desk.store))
                try await ClockAtStart.follow(step, desk.store, outbox: desk.outbox, campaigns: desk.campaigns, workspaces: ["w", "v"])
                #expect(try ClockAtStart.setBack(desk.store) == nil)
                let told = try await desk.pool.read {
                    try String.fetchAll($0, sql: "SELECT workspace FROM event WHERE type = 'clock.setBack' ORDER BY workspace")
                }
                #expect(told == ["v", "w"])
            }
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

    /// What was held before the start is moved once, before anything is sent; what this run holds is not.
    @Test func whatIsHeldFollowsTheClockBeforeAnythingRuns() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        func hold(for pause: Milliseconds) async throws {
            let now = desk.now.value
            try await desk.store.write { db in
                _ = try JobTable.claim(db, queue: Outbox.queue("1"), limit: 10, now: now) { _, _ in .postpone(pause) }
            }
        }
        func due(_ id: MessageID) async throws -> Timestamp? {
            try await desk.pool.read { try JobTable.notBefore($0, queue: Outbox.queue("1"), key: id.rawValue) }
        }
        let before = try await desk.queued("before")
        try await hold(for: .minutes(1))
        let ready = try await desk.queued("ready")
        desk.now.set(start - .days(1))
        let step = try #require(try ClockAtStart.setBack(desk.store))
        #expect(step == .days(1))
        try await ClockAtStart.follow(step, desk.store, outbox: desk.outbox, campaigns: desk.campaigns, workspaces: ["w", "v"])
        let now = desk.now.value
        try await hold(for: .minutes(10))
        #expect(try await due(before) == now + .minutes(1))
        #expect(try await due(ready) == now + .minutes(10))
        // A runner that looks for a step of its own finds none.
        #expect(try await desk.pool.read { try JobTable.lastMade($0, queue: Outbox.queue("1")) } == now)
        try desk.end()
    }
}
