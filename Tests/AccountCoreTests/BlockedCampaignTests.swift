import AccountContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountNumbers

/// A campaign that cannot start says why in the list, too.
@Suite struct BlockedCampaignTests {
    private func listed(_ scene: CampaignScene) async throws -> Campaign? {
        try await scene.desk.campaigns.list(.init(), .campaign, workspace: "w").items.first
    }

    @Test(arguments: [true, false]) func whatCannotStartSaysWhy(start: Bool) async throws {
        try await CampaignScene.run { scene in
            let budget = Money(currency: "INR", micros: 1_000_000)
            let id = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(2), budget: budget, start: start, requestKey: "k")
            ).id
            let campaign = try #require(try await listed(scene))
            let told = campaign.standing ?? campaign.reason ?? ""
            #expect(told.hasPrefix(start ? "not started: " : "it cannot start: ") && told.contains("no tariff is known"), "\(told)")
            _ = try await scene.desk.campaigns.set(.init(id: id.rawValue, budget: nil), workspace: "w")
            #expect(try await listed(scene)?.standing == nil)
        }
    }

    /// That people wait for a number is said while they do, and never of a campaign that has ended.
    @Test(arguments: [true, false]) func whoWaitsIsToldWhileTheyDo(isCancelled: Bool) async throws {
        try await CampaignScene.run { scene in
            let (campaigns, numbers) = (scene.desk.campaigns, scene.desk.numbers)
            _ = try await numbers.update(.init(phoneNumberID: "1", enabled: false))
            let id = try await scene.plan(.init(name: "C", template: "t", recipients: CampaignScene.people(1), requestKey: "k")).id
            func told() async throws -> [String] {
                try await campaigns.progress(id.rawValue, workspace: "w").report?.warnings.filter { $0.contains("cannot send it now") }
                    ?? []
            }
            let sentence = try #require(try await told().first)
            #expect(sentence.hasPrefix("1 person waits for the number +918047181000, which"), "\(sentence)")
            if isCancelled {
                _ = try await campaigns.cancel(id.rawValue, workspace: "w")
            } else {
                _ = try await numbers.update(.init(phoneNumberID: "1", enabled: true))
            }
            #expect(try await told().isEmpty)
            _ = try await numbers.update(.init(phoneNumberID: "1", enabled: false))
            #expect(try await told().isEmpty == isCancelled)
        }
    }
}
