import AccountContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A daily campaign has one name for many: whoever looks is shown the one that is meant, and nothing is changed by guessing.
@Suite struct CampaignNamesakeTests {
    private func planned(_ scene: CampaignScene, _ key: String, start: Bool = true) async throws -> String {
        scene.pass(.seconds(1))
        return try await scene.plan(
            .init(name: "Daily", template: "t", recipients: CampaignScene.people(1), start: start, requestKey: key)
        ).id
    }

    private func looked(_ scene: CampaignScene) async throws -> CampaignProgress {
        try await scene.desk.campaigns.progress("Daily", workspace: "w")
    }

    private func finish(_ scene: CampaignScene) async throws {
        for _ in 0..<2 {
            _ = try await scene.feeder.look()
            try await scene.send()
        }
    }

    @Test func whoeverLooksSeesTheLatestAndIsToldOfTheOthers() async throws {
        try await CampaignScene.run { scene in
            let first = try await planned(scene, "a")
            try await finish(scene)
            #expect(try await looked(scene).namesakes == 0)
            let second = try await planned(scene, "b")
            try await finish(scene)
            let progress = try await looked(scene)
            #expect(progress.campaign.id == second && progress.namesakes == 1)
            #expect(try await scene.desk.campaigns.results(.init(id: "Daily"), workspace: "w").csv.isEmpty == false)
            #expect(try await scene.desk.campaigns.progress(first, workspace: "w").namesakes == nil)
        }
    }

    @Test func theOneThatRunsGoesBeforeALaterOne() async throws {
        try await CampaignScene.run { scene in
            let running = try await planned(scene, "a")
            let later = try await planned(scene, "b", start: false)
            #expect(try await looked(scene).campaign.id == running)
            let fault = await #expect(throws: Fault.self) { try await scene.desk.campaigns.cancel("Daily", workspace: "w") }
            let told = fault?.message ?? ""
            #expect(told.contains("\(running) (running, 1970-01-12T") && told.contains("\(later) (planned, 1970-01-12T"), "\(told)")
        }
    }
}
