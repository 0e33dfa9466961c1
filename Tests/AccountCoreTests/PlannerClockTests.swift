import AccountContract
import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// The planner tries again by the process's clock, whatever the machine's says.
@Suite(.timeLimit(.minutes(1))) struct PlannerClockTests {
    /// As the scene's, by a clock that jumps.
    private func planner(_ scene: CampaignScene) -> CampaignPlanner {
        let (desk, planner) = (scene.desk, scene.planner)
        let reads = Reads(desk.pool)
        let store = Store(reads: reads, commits: GroupCommit(desk.pool), events: EventLog(reads), clock: .moved(desk.now), chance: .system)
        return CampaignPlanner(
            store: store, states: planner.states, preflight: planner.preflight, numbers: planner.numbers, routing: planner.routing,
            consents: planner.consents, contactRoutes: planner.contactRoutes, templates: planner.templates, contacts: planner.contacts,
            logger: planner.logger, arrived: planner.arrived
        ) {}
    }

    /// Plans something that cannot be planned; the moments of the tries.
    private func run(_ body: (CampaignScene, MutexBox<[Timestamp]>, _ campaign: CampaignID) async throws -> Void) async throws {
        try await CampaignScene.run { scene in
            let (tries, now) = (MutexBox<[Timestamp]>([]), scene.desk.now)
            scene.templates.composing.set { tries.update { $0.append(now.value) } }
            scene.templates.fault.set(Fault(.overloaded, "later", retry: .never))
            let campaign = try await scene.desk.campaigns.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(2), requestKey: "k"), workspace: "w")
            let planner = planner(scene)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await planner.run() }
                try await eventually("the first try") { tries.value.count == 1 }
                try await body(scene, tries, campaign.id)
                group.cancelAll()
            }
        }
    }

    @Test func whatFailsIsTriedFiveTimesFiveSecondsApart() async throws {
        try await run { scene, tries, campaign in
            for count in 2...5 {
                // Less than five seconds of the machine's.
                try await eventually(within: .seconds(4), "try \(count)") {
                    scene.pass(500)
                    return tries.value.count >= count
                }
            }
            let moments = tries.value
            for (one, next) in zip(moments, moments.dropFirst()) { #expect(next - one >= .seconds(5)) }
            try await eventually("the refusal") {
                scene.pass(500)
                return try await scene.row(campaign).campaign.state == .refused
            }
            #expect(try await scene.row(campaign).campaign.reason == "it could not be planned: later")
            #expect(tries.value.count == 5)
        }
    }

    @Test func aClockThatIsSetBackHoldsNoCampaignUp() async throws {
        try await run { scene, tries, _ in
            scene.pass(.hours(-2))
            try await eventually(within: .seconds(4), "another try") {
                scene.pass(500)
                return tries.value.count == 2
            }
        }
    }
}
