import AccountContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A long list does not hold up the campaigns that were asked for after it.
@Suite struct SideBySidePlanningTests {
    @Test func twoCampaignsArePlannedBesideEachOther() async throws {
        try await CampaignScene.run { scene in
            var ids: [String] = []
            for key in ["a", "b"] {
                let params = PlanCampaign.Params(name: key, template: "t", recipients: CampaignScene.people(3), requestKey: key)
                ids.append(try await scene.desk.campaigns.plan(params, workspace: "w").id)
            }
            // Each waits until both have asked for their messages.
            let (asking, together) = (MutexBox(0), MutexBox(0))
            scene.templates.composing.set({
                asking.update { $0 += 1 }
                for _ in 0..<500 where asking.value < 2 {
                    try? await Task.sleep(for: .milliseconds(10))  // cut short only when the test ends
                }
                if asking.value == 2 { together.update { $0 += 1 } }
            })
            let planner = scene.planner
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await planner.run() }
                for id in ids {
                    try await eventually("it is planned") { try await scene.row(id).campaign.state == .planned }
                }
                tasks.cancelAll()
            }
            #expect(together.value == 2, "one after the other, the first waits in vain")
        }
    }
}
