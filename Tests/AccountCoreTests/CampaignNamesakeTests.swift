import AccountContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A daily campaign has one name for many: whoever looks is shown the one that is meant, and nothing is changed by guessing.
@Suite struct CampaignNamesakeTests {
    private func planned(_ scene: CampaignScene, _ key: String, start: Bool = true) async throws -> CampaignID {
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
            #expect(try await scene.desk.campaigns.progress(first.rawValue, workspace: "w").namesakes == nil)
        }
    }

    @Test func whoLooksGetsWhatWasSent() async throws {
        try await CampaignScene.run { scene in
            let campaigns = scene.desk.campaigns
            let sent = try await planned(scene, "a")
            try await finish(scene)
            _ = try await scene.feeder.look()
            #expect(try await scene.row(sent).campaign.state == .finished)
            let dropped = try await planned(scene, "b", start: false)
            _ = try await campaigns.cancel(dropped.rawValue, workspace: "w")
            #expect(try await looked(scene).campaign.id == sent, "one that never ran is behind it")
            let coming = try await planned(scene, "c", start: false)
            #expect(try await looked(scene).campaign.id == sent, "one that may run is behind it, too")
            let csv = try await campaigns.results(.init(id: "Daily"), workspace: "w").csv
            #expect(csv.contains("accepted"), "\(csv)")
            // Whoever does something with it means the one that is left.
            #expect(try await campaigns.start("Daily", workspace: "w").id == coming)
            #expect(try await looked(scene).campaign.id == coming, "it runs")
            _ = try await campaigns.pause("Daily", workspace: "w")
            #expect(try await looked(scene).campaign.id == coming, "it is paused halfway")
            _ = try await campaigns.cancel("Daily", workspace: "w")
            #expect(try await looked(scene).campaign.id == sent)
            let refused = await #expect(throws: Fault.self) { try await campaigns.cancel("Daily", workspace: "w") }
            #expect(
                refused?.code == .campaignUnknown && refused?.message.contains(coming.rawValue) == true, "nothing is done with any of them")
        }
    }

    @Test func whereNothingWasSentThePlanThatIsLeftIsLookedAt() async throws {
        try await CampaignScene.run { scene in
            let left = try await planned(scene, "a", start: false)
            let dropped = try await planned(scene, "b", start: false)
            _ = try await scene.desk.campaigns.cancel(dropped.rawValue, workspace: "w")
            #expect(try await looked(scene).campaign.id == left)
            _ = try await scene.desk.campaigns.cancel(left.rawValue, workspace: "w")
            #expect(try await looked(scene).campaign.id == dropped, "the latest")
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
