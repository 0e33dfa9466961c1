import AccountContract
import GRDB
import RPCContract
import Storage
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns

/// What cannot be read of one campaign, or goes wrong with it for good, holds up no other.
@Suite struct DamagedCampaignTests {
    private func ask(_ scene: CampaignScene, _ name: String) async throws -> CampaignID {
        let params = PlanCampaign.Params(
            name: name, template: "t", recipients: CampaignScene.people(2), start: true, requestKey: name)
        return try await scene.desk.campaigns.plan(params, workspace: "w").id
    }

    private func damage(_ scene: CampaignScene, _ id: CampaignID, _ column: String) async throws {
        try await scene.desk.pool.write { try $0.execute(sql: "UPDATE campaign SET \(column) = '{' WHERE id = ?", arguments: [id]) }
    }

    @Test(arguments: ["plan", "window"]) func aDamagedPlanIsRefusedAndTheOthersArePlanned(_ column: String) async throws {
        try await CampaignScene.run { scene in
            let ids = (try await ask(scene, "damaged"), try await ask(scene, "sound"))
            try await damage(scene, ids.0, column)
            let all = try await scene.desk.pool.read { try CampaignRow.all($0, .planning) }
            #expect(all.count == 2)
            for row in all { try await scene.planner.plan(row) }
            let refused = try await scene.row(ids.0).campaign
            #expect(refused.state == .refused && refused.reason?.hasPrefix("its \(column) cannot be read") == true)
            #expect(try await scene.row(ids.1).campaign.state == .running)
        }
    }

    /// Perhaps a later version can read it: nothing of it is lost.
    @Test(arguments: ["plan", "window"]) func aDamagedCampaignPausesAndTheOthersAreFed(_ column: String) async throws {
        try await CampaignScene.run { scene in
            let ids = (try await ask(scene, "damaged"), try await ask(scene, "sound"))
            for id in [ids.0, ids.1] { try await scene.planner.plan(scene.row(id)) }
            try await damage(scene, ids.0, column)
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            let ended = try await scene.row(ids.0).campaign
            #expect(ended.state == .paused && ended.reason?.hasPrefix("its \(column) cannot be read") == true)
            #expect(try await scene.counts(ids.0) == ["planned": 2])
            #expect(try await scene.counts(ids.1) == ["queued": 2])
        }
    }

    /// The report only informs.
    @Test func aDamagedReportStopsNobody() async throws {
        try await CampaignScene.run { scene in
            let id = try await ask(scene, "c")
            try await scene.planner.plan(scene.row(id))
            try await damage(scene, id, "report")
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            #expect(try await scene.counts(id) == ["queued": 2])
        }
    }

    @Test(
        arguments: [
            (Fault(.templateUnknown, "gone", retry: .never), true), (DatabaseError(resultCode: .SQLITE_CONSTRAINT), true),
            (DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no JSON")), true),
            (DatabaseError(resultCode: .SQLITE_FULL), false),
            (Fault(.unavailable, "away", retry: .now), false), (CancellationError(), false),
        ] as [(any Error, Bool)])
    func onlyWhatPassesIsTriedForEver(_ problem: any Error, isFinal: Bool) {
        var (tries, now) = (PlanningTries(), Timestamp(milliseconds: 1000))
        for _ in 1...4 {
            #expect(tries.failed("c", problem, at: now) == nil)
            #expect(!tries.isDue("c", at: now + .seconds(4)) && tries.isDue("c", at: now + .seconds(5)))
            #expect(tries.isDue("c", at: now - .seconds(1)), "set back")
            now += .seconds(5)
        }
        #expect((tries.failed("c", problem, at: now) != nil) == isFinal)
        tries.keep([])
        #expect(tries.failed("c", problem, at: now) == nil, "another of the name begins anew")
    }
}
