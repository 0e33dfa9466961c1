import AccountContract
import GRDB
import RPCContract
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A plan whose template cannot be sent is refused before anything of it is written.
@Suite struct TemplateCheckTests {
    private func plan(_ scene: CampaignScene, cautious: String? = nil, experiment: String? = nil) async throws -> Campaign {
        let params = PlanCampaign.Params(
            name: "C", template: experiment == nil ? "t" : nil, experiment: experiment, cautious: cautious,
            recipients: CampaignScene.people(2), requestKey: "k")
        return try await scene.desk.campaigns.plan(
            params, checkedBy: TemplateCheck(templates: scene.templates.client), workspace: "w")
    }

    /// Campaigns and lists, those of one campaign among them.
    private func rows(_ scene: CampaignScene) async throws -> Int? {
        try await scene.desk.pool.read {
            try Int.fetchOne($0, sql: "SELECT (SELECT count(*) FROM campaign) + (SELECT count(*) FROM broadcastList)")
        }
    }

    @Test(arguments: [FaultCode.templateUnknown, .templateNotApproved, .languageNeeded])
    func aTemplateThatCannotBeSentLeavesNoRow(code: FaultCode) async throws {
        try await CampaignScene.run { scene in
            scene.templates.fault.set(Fault(code, "because"))
            let fault = await #expect(throws: Fault.self) { try await plan(scene) }
            #expect(fault?.code == .templateRefused && fault?.message == "because")
            #expect(fault?.path == (code == .languageNeeded ? "language" : "template"))
            #expect(try await rows(scene) == 0)
            // The key is free for what was meant, and what it gave once it gives again.
            scene.templates.fault.set(nil)
            let campaign = try await plan(scene)
            #expect(campaign.state == .planning)
            scene.templates.fault.set(Fault(code, "because"))
            #expect(try await plan(scene).id == campaign.id)
        }
    }

    @Test func eachOfItsTemplatesIsAskedOf() async throws {
        try await CampaignScene.run { scene in
            scene.templates.missing.set(["calm", "b"])
            let cautious = await #expect(throws: Fault.self) { try await plan(scene, cautious: "calm") }
            #expect(cautious?.path == "cautious" && cautious?.message.contains("calm") == true)
            let divided = await #expect(throws: Fault.self) { try await plan(scene, experiment: "e") }
            #expect(divided?.path == "experiment" && divided?.message.contains("template b") == true)
            let left = try await rows(scene)
            #expect(left == 0)
        }
    }

    /// template-service may be away for a while: the campaign is taken, and its recipients are frozen once it is back.
    @Test func whatIsAwayKeepsNoPlanFromBeingTaken() async throws {
        try await CampaignScene.run { scene in
            scene.templates.fault.set(Fault(.overloaded, "later", retry: .never))
            let campaign = try await plan(scene)
            #expect(campaign.state == .planning)
            scene.templates.fault.set(nil)
            try await scene.planner.plan(scene.row(campaign.id))
            #expect(try await scene.row(campaign.id).campaign.state == .planned)
        }
    }
}
