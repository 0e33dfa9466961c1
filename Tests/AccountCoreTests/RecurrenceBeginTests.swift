import AccountContract
import GRDB
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// An opening has begun once something of its campaign has gone out, and not when the clock would allow it.
@Suite struct RecurrenceBeginTests {
    /// Planned for six o'clock each day, and started; its first opening.
    private func daily(_ scene: CampaignScene, _ window: CreateWindow.Params) async throws -> (id: CampaignID, opening: Timestamp) {
        _ = try await scene.desk.windows.create(window, workspace: "w")
        let first = try await scene.plan(
            .init(
                name: "C", template: "t", recipients: CampaignScene.people(2), window: window.name, recurring: true, start: true,
                requestKey: "k"))
        return (first.id, try #require(try await scene.row(first.id).opening))
    }

    private let everybodysOwn = CreateWindow.Params(name: "own", cron: "0 6 * * *", timeZone: "recipient", stage: 600)
    /// Two hours after the opening at first.
    private let late = CreateWindow.Params(
        name: "late", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 7200, spreadTo: 10_800, deadline: 14_400, stage: 600)

    private func skip(_ scene: CampaignScene, next: Timestamp? = nil) async throws -> SkipRecurrence.Reply {
        let reply = try await scene.desk.windows.skip(.init(id: "C", next: next), workspace: "w")
        for id in reply.openings.compactMap(\.campaign) { try await scene.desk.campaigns.settleCancelled(id) }
        return reply
    }

    private func look(_ scene: CampaignScene, at time: Timestamp) async throws {
        scene.desk.now.set(time)
        for _ in 0..<2 { _ = try await scene.feeder.look() }
    }

    /// It is six o'clock in Kiritimati most of a day before India's.
    @Test(arguments: [true, false]) func everybodyInIndiaIsLeftOutTheNightBefore(isNamed: Bool) async throws {
        try await CampaignScene.run { scene in
            let (id, opening) = try await daily(scene, everybodysOwn)
            // 22:30 in India.
            try await look(scene, at: opening - .hours(13))
            #expect(try await scene.desk.windows.recurrences(workspace: "w").items.map(\.next) == [opening])
            let reply = try await skip(scene, next: isNamed ? opening : nil)
            #expect(reply.openings == [SkippedOpening(opening: opening, wasLeftOut: false, campaign: id)])
            #expect(reply.recurrence.next == opening + .days(1) && reply.recurrence.leftOut == [opening])
            #expect(try await scene.row(id).campaign.state == .cancelled)
            // The same call again, until it would have begun in India.
            scene.pass(.hours(2))
            #expect(try await skip(scene).openings == [SkippedOpening(opening: opening, wasLeftOut: true)])
            scene.desk.now.set(opening - .hours(5))
            #expect(try await skip(scene).openings.map(\.opening) == [opening + .days(1)])
        }
    }

    @Test func whatIsTakenBackThatNightIsPlannedAnew() async throws {
        try await CampaignScene.run { scene in
            let (_, opening) = try await daily(scene, everybodysOwn)
            scene.desk.now.set(opening - .hours(13))
            _ = try await skip(scene)
            let reply = try await scene.desk.windows.unskip(.init(id: "C", next: opening), workspace: "w")
            #expect(reply.openings == [opening] && reply.recurrence.next == opening)
            _ = try await scene.recurrences.planStaged()
            let rows = try await scene.desk.pool.read { try CampaignRow.all($0, .planning) }
            #expect(rows.map(\.opening) == [opening])
        }
    }

    @Test func whatRunsAndIsNotDueIsLeftOut() async throws {
        try await CampaignScene.run { scene in
            let (id, opening) = try await daily(scene, late)
            try await look(scene, at: opening + .minutes(30))
            #expect(try await scene.row(id).campaign.state == .running)
            let reply = try await skip(scene, next: opening)
            #expect(reply.openings == [SkippedOpening(opening: opening, wasLeftOut: false, campaign: id)])
            try await look(scene, at: opening + .hours(3))
            #expect(try await scene.counts(id) == ["cancelled": 2])
        }
    }

    @Test func whatGoesOutNowSaysSo() async throws {
        try await CampaignScene.run { scene in
            let (id, opening) = try await daily(scene, late)
            try await look(scene, at: opening)
            try await look(scene, at: opening + .hours(3))
            #expect(try await scene.counts(id) == ["queued": 2])
            let fault = await #expect(throws: Fault.self) { try await skip(scene, next: opening) }
            #expect(fault?.code == .windowPast)
            #expect(fault?.message.hasPrefix("C is going out now") == true && fault?.message.contains(id.rawValue) == true)
            // What was taken back before it was sent may be left out after all, and stays the one that was meant.
            _ = try await scene.desk.campaigns.pause(id.rawValue, workspace: "w")
            #expect(try await skip(scene).openings == [SkippedOpening(opening: opening, wasLeftOut: false, campaign: id)])
            #expect(try await skip(scene).openings == [SkippedOpening(opening: opening, wasLeftOut: true)])
            scene.desk.now.set(opening + .hours(4))
            #expect(try await skip(scene).openings.map(\.opening) == [opening + .days(1)])
        }
    }

    @Test func theNextIsLeftOutWhileOneGoesOut() async throws {
        try await CampaignScene.run { scene in
            let (id, opening) = try await daily(scene, late)
            try await look(scene, at: opening)
            try await look(scene, at: opening + .hours(3))
            #expect(try await skip(scene).openings.map(\.opening) == [opening + .days(1)])
            #expect(try await scene.row(id).campaign.state == .running)
        }
    }
}
