import AccountContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A misspelt name is answered with the one that was probably meant, whatever has it.
@Suite struct KnownNamesTests {
    @Test func whatWasMeantIsTold() async throws {
        try await CampaignScene.run { scene in
            let desk = scene.desk
            _ = try await desk.windows.create(.init(name: "Morning", cron: "0 6 * * *", timeZone: "UTC"), workspace: "w")
            _ = try await desk.lists.create("Customers", workspace: "w")
            _ = try await scene.plan(
                .init(
                    name: "Daily tip", template: "t", recipients: CampaignScene.people(1), window: "Morning", recurring: true,
                    requestKey: "k"))
            let calls: [(FaultCode, String, () async throws -> Void)] = [
                (.windowUnknown, "did you mean Morning?", { _ = try await desk.windows.find("Mornign", workspace: "w") }),
                (.listUnknown, "did you mean Customers?", { _ = try await desk.lists.get("custmers", workspace: "w") }),
                (.campaignUnknown, "did you mean Daily tip?", { _ = try await desk.campaigns.find("Daily tipp", workspace: "w") }),
                (.campaignUnknown, "did you mean Daily tip?", { _ = try await desk.windows.named("daily-tip", workspace: "w") }),
                (.listUnknown, "There is no list Else; broadcastList", { _ = try await desk.lists.get("Else", workspace: "w") }),
            ]
            for (code, words, call) in calls {
                let fault = await #expect(throws: Fault.self) { try await call() }
                #expect(fault?.code == code && fault?.message.contains(words) == true, "\(fault?.message ?? "")")
            }
        }
    }

    /// Another workspace's names are nobody's business, and a file's own list has no name that anybody gave.
    @Test func onlyOnesOwnNamesAreTold() async throws {
        try await CampaignScene.run { scene in
            _ = try await scene.desk.lists.create("Customers", workspace: "other")
            _ = try await scene.desk.lists.create("Customers", workspace: "w", isHidden: true)
            let fault = await #expect(throws: Fault.self) { try await scene.desk.lists.get("Custmers", workspace: "w") }
            #expect(fault?.message.contains("did you mean") == false)
        }
    }
}
