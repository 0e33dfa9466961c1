import AccountContract
import Coordination
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A long list does not hold up the campaigns that were asked for after it.
@Suite struct SideBySidePlanningTests {
    @Test func twoCampaignsArePlannedBesideEachOther() async throws {
        try await CampaignScene.run { scene in
            var ids: [CampaignID] = []
            for key in ["a", "b"] {
                let params = PlanCampaign.Params(name: key, template: "t", recipients: CampaignScene.people(3), requestKey: key)
                ids.append(try await scene.desk.campaigns.plan(params, workspace: "w").id)
            }
            // The first waits until the second has asked for its messages, too.
            let (asking, both) = (MutexBox(0), Wakeup())
            scene.templates.composing.set({
                let count = asking.update { count in
                    count += 1
                    return count
                }
                if count == 1 { await both.wait() } else { both.set() }
            })
            let planner = scene.planner
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await planner.run() }
                for id in ids {
                    try await eventually("it is planned") { try await scene.row(id).campaign.state == .planned }
                }
                tasks.cancelAll()
            }
            #expect(asking.value == 2, "one after the other, the first waits in vain")
        }
    }

    /// It is asked for while the first is under way, and waits for no other's end.
    @Test func aCampaignThatComesLaterIsPlannedBesideALongOne() async throws {
        try await CampaignScene.run { scene in
            func ask(_ name: String) async throws -> CampaignID {
                let params = PlanCampaign.Params(name: name, template: "t", recipients: CampaignScene.people(3), requestKey: name)
                return try await scene.desk.campaigns.plan(params, workspace: "w").id
            }
            let (calls, goOn) = (MutexBox(0), Wakeup())
            scene.templates.composing.set({
                let call = calls.update { count in
                    count += 1
                    return count
                }
                if call == 1 { await goOn.wait() }
            })
            let first = try await ask("first")
            let planner = scene.planner
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await planner.run() }
                try await eventually("the first is under way") { calls.value == 1 }
                let second = try await ask("second")
                planner.arrived.set()
                try await eventually("the second is planned") { try await scene.row(second).campaign.state == .planned }
                #expect(try await scene.row(first).campaign.state == .planning)
                goOn.set()
                try await eventually("the first is planned") { try await scene.row(first).campaign.state == .planned }
                tasks.cancelAll()
            }
        }
    }
}
