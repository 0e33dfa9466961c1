import AccountContract
import Foundation
import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountCore

/// What recurs leaves out the openings that were meant, and takes that back.
@Suite struct RecurrenceSkipTests {
    /// Planned for six o'clock UTC each day, and started; its first opening.
    private func daily(_ scene: CampaignScene, start: Bool = true, zone: String = "UTC") async throws -> (
        id: CampaignID, opening: Timestamp
    ) {
        _ = try await scene.desk.windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: zone, stage: 600), workspace: "w")
        let first = try await scene.plan(
            .init(
                name: "C", template: "t", recipients: CampaignScene.people(2), window: "daily", recurring: true,
                start: start ? true : nil, requestKey: "k"))
        return (first.id, try #require(first.startAt))
    }

    private func skip(_ scene: CampaignScene, next: Timestamp? = nil, count: Int? = nil) async throws -> SkipRecurrence.Reply {
        try await scene.desk.windows.skip(.init(id: "C", next: next, count: count), workspace: "w")
    }

    private func unskip(_ scene: CampaignScene, next: Timestamp? = nil) async throws -> UnskipRecurrence.Reply {
        try await scene.desk.windows.unskip(.init(id: "C", next: next), workspace: "w")
    }

    /// Campaigns of the row by opening, without those that were cancelled.
    private func alive(_ scene: CampaignScene) async throws -> [Timestamp] {
        try await scene.desk.pool.read {
            try Timestamp.fetchAll($0, sql: "SELECT startAt FROM campaign WHERE state <> 'cancelled' ORDER BY startAt")
        }
    }

    /// What is planned already is the next that would go out.
    @Test func theNextIsTheOneThatIsPlanned() async throws {
        try await CampaignScene.run { scene in
            let (id, opening) = try await daily(scene)
            let reply = try await skip(scene)
            #expect(reply.openings == [SkippedOpening(opening: opening, wasLeftOut: false, campaign: id)])
            #expect(reply.recurrence.next == opening + .days(1) && reply.recurrence.leftOut == [opening])
            #expect(reply.recurrence.timeZone == "UTC")
            let campaign = try await scene.row(id)
            #expect(campaign.campaign.state == .cancelled && campaign.campaign.reason == "its opening was left out")
            #expect(campaign.verdict == nil, "a promise that was taken back is not missed")
            let again = try await skip(scene)
            #expect(again.openings == [SkippedOpening(opening: opening, wasLeftOut: true)])
            #expect(again.recurrence == reply.recurrence)
            // The day after goes out.
            scene.desk.now.set(opening + .days(1) - .minutes(5))
            _ = try await scene.recurrences.planStaged()
            #expect(try await alive(scene) == [opening + .days(1)])
            #expect(try await scene.desk.windows.recurrences(workspace: "w").items.map(\.next) == [opening + .days(1)])
        }
    }

    /// A fault tells the time by the clocks of the window, as whoever named it did.
    @Test(arguments: [("Asia/Kolkata", "T06:01:00+0530"), ("UTC", "T06:01:00Z")])
    func theFaultHasTheWindowsZone(zone: String, text: String) async throws {
        try await CampaignScene.run { scene in
            let (_, opening) = try await daily(scene, zone: zone)
            let fault = await #expect(throws: Fault.self) { try await skip(scene, next: opening + .minutes(1)) }
            #expect(fault?.message.contains("\(text); recurrence.list") == true, "\(fault?.message ?? "")")
        }
    }

    @Test func severalAndACertainOneAreLeftOut() async throws {
        try await CampaignScene.run { scene in
            let (_, opening) = try await daily(scene)
            for wasLeftOut in [false, true] {
                let reply = try await skip(scene, count: 2)
                #expect(reply.openings.map(\.opening) == [opening, opening + .days(1)])
                #expect(reply.openings.allSatisfy { $0.wasLeftOut == wasLeftOut })
            }
            let far = try await skip(scene, next: opening + .days(3))
            #expect(far.recurrence.next == opening + .days(2))
            #expect(far.recurrence.leftOut == [opening, opening + .days(1), opening + .days(3)])
            for day in 0..<5 {
                scene.desk.now.set(opening + .days(day) - .minutes(5))
                _ = try await scene.recurrences.planStaged()
            }
            #expect(try await alive(scene) == [opening + .days(2), opening + .days(4)])
            let past = await #expect(throws: Fault.self) { try await skip(scene, next: opening + .days(2)) }
            #expect(past?.code == .windowPast)
            let between = await #expect(throws: Fault.self) { try await skip(scene, next: opening + .days(9) + .hours(1)) }
            #expect(between?.code == .recurrenceMoved)
        }
    }

    /// What was cancelled with its opening is planned anew.
    @Test func aSkipIsTakenBack() async throws {
        try await CampaignScene.run { scene in
            let (_, opening) = try await daily(scene)
            let second = opening + .days(1)
            scene.desk.now.set(second - .minutes(8))
            _ = try await scene.recurrences.planStaged()
            let skipped = try await skip(scene)
            #expect(skipped.openings.map(\.opening) == [second] && skipped.openings[0].campaign != nil)
            _ = try await skip(scene, next: second + .days(1))
            for openings in [[second], []] {
                let reply = try await unskip(scene, next: second)
                #expect(reply.openings == openings && reply.recurrence.next == second)
                #expect(reply.recurrence.leftOut == [second + .days(1)])
            }
            for _ in 0..<2 { _ = try await scene.recurrences.planStaged() }
            #expect(try await alive(scene) == [opening, second])
            #expect(try await scene.desk.windows.recurrences().map(\.nextAt) == [second + .days(2)])
            #expect(try await unskip(scene).openings == [second + .days(1)])
            #expect(try await scene.desk.windows.recurrences().map(\.nextAt) == [second + .days(1)])
        }
    }

    /// Cancelling the first campaign would end the row.
    @Test func whatNobodyHasStartedLeavesNothingOut() async throws {
        try await CampaignScene.run { scene in
            let (id, _) = try await daily(scene, start: false)
            let fault = await #expect(throws: Fault.self) { try await skip(scene) }
            #expect(fault?.code == .campaignState && fault?.message.contains("campaign.start") == true)
            #expect(try await scene.row(id).campaign.state == .planned)
            #expect(try await scene.desk.windows.recurrences().count == 1)
        }
    }

    /// Each day that is left out moves along with its window.
    @Test func everyDayThatIsLeftOutMovesWithTheWindow() async throws {
        try await CampaignScene.run { scene in
            let (_, opening) = try await daily(scene)
            _ = try await skip(scene, count: 2)
            _ = try await skip(scene, next: opening + .days(3))
            _ = try await scene.desk.windows.create(.init(name: "daily", cron: "0 9 * * *", timeZone: "UTC", stage: 600), workspace: "w")
            let item = try #require(try await scene.desk.windows.recurrences(workspace: "w").items.first)
            let moved = opening + .hours(3)
            #expect(item.next == moved + .days(2))
            #expect(item.leftOut == [moved, moved + .days(1), moved + .days(3)])
        }
    }

    /// A day without its counterpart is kept for when the window is moved back, and is no opening until then.
    @Test func whatTheWindowDoesNotOpenAtIsNotLeftOut() async throws {
        try await CampaignScene.run { scene in
            let (id, opening) = try await daily(scene)
            let wednesday = opening + .days(1)
            _ = try await scene.desk.campaigns.cancel(id.rawValue, workspace: "w")
            _ = try await skip(scene, next: wednesday)
            func define(_ cron: String) async throws {
                _ = try await scene.desk.windows.create(.init(name: "daily", cron: cron, timeZone: "UTC", stage: 600), workspace: "w")
            }
            try await define("0 6 * * MON")
            let fault = await #expect(throws: Fault.self) { try await skip(scene, next: wednesday) }
            #expect(fault?.code == .recurrenceMoved && fault?.message.contains("does not open") == true)
            try await define("0 6 * * *")
            #expect(try await skip(scene, next: wednesday).openings.map(\.wasLeftOut) == [true])
        }
    }

    /// A database of before kept the last opening that was left out with its row.
    @Test func whatWasLeftOutBeforeIsKept() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/t.sqlite")
        let migrator = AccountMigrations.migrator
        try migrator.migrate(pool, upTo: "v1-skips")
        try await pool.write { db in
            try db.execute(
                sql: """
                    INSERT INTO deliveryWindow (id, workspace, name, definition) VALUES ('w', 'w', 'daily', '{}');
                    INSERT INTO recurrence (id, workspace, window, name, plan, nextAt, skippedAt) VALUES ('r', 'w', 'w', 'C', '{}', 20, 10);
                    """)
        }
        try migrator.migrate(pool)
        #expect(try await pool.read { try Int.fetchAll($0, sql: "SELECT opening FROM recurrenceSkip WHERE recurrence = 'r'") } == [10])
        try await pool.write { try $0.execute(sql: "DELETE FROM recurrence") }
        #expect(try await pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM recurrenceSkip") } == 0)
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
