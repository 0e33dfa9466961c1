import AccountContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// Whoever ends a row is told what is planned of it, and of no other.
@Suite struct RecurrenceStopTests {
    private func planned(_ scene: CampaignScene, _ key: String) async throws -> CampaignID {
        try await scene.plan(
            .init(
                name: "Daily tip", template: "t", recipients: CampaignScene.people(2), window: "daily", recurring: true, start: true,
                requestKey: key)
        ).id
    }

    @Test func anotherRowOfTheNameIsNotNamed() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: "UTC", stage: 600), workspace: "w")
            let (first, other) = (try await planned(scene, "a"), try await planned(scene, "b"))
            // The next opening of both is planned, while the first has not begun.
            scene.desk.now.set(try #require(try await scene.row(first).opening) + .days(1) - .minutes(10))
            _ = try await scene.recurrences.planStaged()
            let reply = try await scene.desk.windows.stop(first.rawValue, workspace: "w")
            #expect(reply.id == first && reply.name == "Daily tip")
            #expect(reply.planned.count == 2 && reply.planned.first?.id == first, "\(reply.planned.map(\.id))")
            #expect(!reply.planned.contains { $0.id == other })
            let left = try await scene.desk.windows.stop("Daily tip", workspace: "w")
            #expect(left.id == other && left.planned.count == 2)
            #expect(Set(reply.planned.map(\.id)).isDisjoint(with: left.planned.map(\.id)))
            #expect(reply.running.isEmpty && left.running.isEmpty)
        }
    }

    /// What has begun goes on, and is named with what is planned.
    @Test func whatRunsIsNamed() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.windows.create(.init(name: "daily", cron: "0 6 * * *", timeZone: "UTC", stage: 600), workspace: "w")
            let first = try await planned(scene, "a")
            scene.desk.now.set(try #require(try await scene.row(first).opening))
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await scene.row(first).campaign.state == .running)
            let reply = try await scene.desk.windows.stop(first.rawValue, workspace: "w")
            #expect(reply.running.map(\.id) == [first] && reply.planned.isEmpty, "\(reply)")
        }
    }
}
