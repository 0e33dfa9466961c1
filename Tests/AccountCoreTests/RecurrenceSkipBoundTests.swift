import AccountContract
import GRDB
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// What is left out of one row has an end.
@Suite struct RecurrenceSkipBoundTests {
    /// Planned and started; its first opening.
    private func planned(_ scene: CampaignScene, _ cron: String) async throws -> Timestamp {
        _ = try await scene.desk.windows.create(.init(name: "W", cron: cron, timeZone: "UTC", stage: 600), workspace: "w")
        let first = try await scene.plan(
            .init(
                name: "C", template: "t", recipients: CampaignScene.people(2), window: "W", recurring: true, start: true,
                requestKey: "k"))
        return try #require(first.startAt)
    }

    private func skip(_ scene: CampaignScene, next: Timestamp? = nil, count: Int? = nil) async throws -> SkipRecurrence.Reply {
        try await scene.desk.windows.skip(.init(id: "C", next: next, count: count), workspace: "w")
    }

    private func kept(_ scene: CampaignScene) async throws -> Int {
        try await scene.desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM recurrenceSkip") ?? 0 }
    }

    @Test func moreThanARowHoldsIsRefused() async throws {
        try await CampaignScene.run { scene in
            let opening = try await planned(scene, "0 6 * * *")
            let most = WindowStore.mostSkips
            for _ in 0..<2 { #expect(try await skip(scene, count: most).openings.count == most) }
            let calls: [(next: Timestamp?, count: Int?)] = [(nil, most + 1), (opening + .days(500), nil)]
            for (next, count) in calls {
                let fault = await #expect(throws: Fault.self) { try await skip(scene, next: next, count: count) }
                #expect(fault?.code == .campaignState && fault?.path == "id")
                #expect(fault?.message.contains("C leaves out 400 openings already") == true, "\(fault?.message ?? "")")
                #expect(fault?.message.contains("recurrence.unskip") == true)
            }
            #expect(try await kept(scene) == most)
            _ = try await scene.desk.windows.unskip(.init(id: "C", next: opening), workspace: "w")
            #expect(try await skip(scene, next: opening + .days(500)).openings.map(\.wasLeftOut) == [false])
        }
    }

    /// Nobody has to leave out another for it.
    @Test(arguments: [("0 6 * * *", Milliseconds.days(1), 60, 40), ("0 * * * *", Milliseconds.hours(1), 200, 100)])
    func whatHasPassedIsForgotten(cron: String, period: Milliseconds, count: Int, left: Int) async throws {
        try await CampaignScene.run { scene in
            let opening = try await planned(scene, cron)
            _ = try await skip(scene, count: count)
            scene.desk.now.set(opening + period * count - .minutes(4))
            _ = try await scene.recurrences.planStaged()
            #expect(try await kept(scene) == left)
            #expect(try await scene.desk.windows.recurrences(workspace: "w").items.map(\.leftOut) == [[]])
        }
    }
}
