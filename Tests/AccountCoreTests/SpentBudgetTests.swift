import AccountContract
import GRDB
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// What is spent already is said when a budget is set, and nothing goes on that would stop at once.
@Suite struct SpentBudgetTests {
    private func money(_ micros: Int64) -> Money { Money(currency: "INR", micros: micros) }

    /// Three of five messages are sent at 100 each, and a hand has paused it.
    private func paused(_ scene: CampaignScene) async throws -> CampaignID {
        let tariff = Tariff(country: "IN", category: .utility, price: money(100), from: 0)
        _ = try await scene.desk.tariffs.add([tariff], workspace: "w")
        let plan = PlanCampaign.Params(
            name: "C", template: "t", recipients: CampaignScene.people(5), budget: money(300), start: true, requestKey: "k")
        let id = try await scene.plan(plan).id
        for _ in 0..<3 {
            _ = try await scene.feeder.look()
            try await scene.send()
        }
        _ = try await set(scene, id, 1000)
        _ = try await scene.desk.campaigns.resume(id.rawValue, workspace: "w")
        _ = try await scene.desk.campaigns.pause(id.rawValue, workspace: "w")
        return id
    }

    private func set(_ scene: CampaignScene, _ id: CampaignID, _ micros: Int64) async throws -> CampaignProgress {
        _ = try await scene.desk.campaigns.set(.init(id: id.rawValue, budget: money(micros)), workspace: "w")
        return try await scene.desk.campaigns.progress(id.rawValue, workspace: "w")
    }

    @Test func lessThanIsSpentIsSaidAndNotResumed() async throws {
        try await CampaignScene.run { scene in
            let id = try await paused(scene)
            let standing = try await set(scene, id, 200).campaign.standing
            let told = try #require(standing)
            #expect(told.hasPrefix("the budget is used up: ") && told.contains("campaign.setBudget"), "\(told)")
            #expect(try await scene.desk.campaigns.list(.init(), .campaign, workspace: "w").items.map(\.standing) == [told])
            let fault = await #expect(throws: Fault.self) { try await scene.desk.campaigns.resume(id.rawValue, workspace: "w") }
            #expect(fault?.code == .campaignBlocked && fault?.message.contains(told) == true, "\(fault?.message ?? "")")
            #expect(try await scene.row(id).campaign.state == .paused)
        }
    }

    @Test(arguments: [(Int64(399), false), (400, true)]) func oneMoreMessageIsWhatItTakes(budget: Int64, goesOn: Bool) async throws {
        try await CampaignScene.run { scene in
            let id = try await paused(scene)
            let standing = try await set(scene, id, budget).campaign.standing
            #expect((standing == nil) == goesOn)
            guard goesOn else {
                await #expect(throws: Fault.self) { try await scene.desk.campaigns.resume(id.rawValue, workspace: "w") }
                return
            }
            _ = try await scene.desk.campaigns.resume(id.rawValue, workspace: "w")
            for _ in 0..<3 {
                _ = try await scene.feeder.look()
                try await scene.send()
            }
            #expect(try await scene.counts(id)["accepted"] == 4)
        }
    }

    /// The average of a dear and a cheap one says nothing of the next.
    @Test func theNextMessageCountsAndNotTheAverage() async throws {
        try await CampaignScene.run { scene in
            for (country, price) in [("IN", Int64(100)), ("DE", 10_000)] {
                let tariff = Tariff(country: country, category: .utility, price: money(price), from: 0)
                _ = try await scene.desk.tariffs.add([tariff], workspace: "w")
            }
            let people = [Recipient(contact: "4915112345678", variables: ["name": "G"])] + CampaignScene.people(3)
            let id = try await scene.plan(
                .init(name: "C", template: "t", recipients: people, budget: money(20_000), start: true, requestKey: "k")
            ).id
            _ = try await scene.feeder.look()
            _ = try await scene.desk.campaigns.pause(id.rawValue, workspace: "w")
            let told = try await set(scene, id, 9_000).campaign.standing
            #expect(told?.contains("the next message costs 0.01 INR") == true, "\(told ?? "")")
            await #expect(throws: Fault.self) { try await scene.desk.campaigns.resume(id.rawValue, workspace: "w") }
        }
    }

    /// Why it stands stays with it where another budget is no better.
    @Test func aReasonThatHoldsIsKept() async throws {
        try await CampaignScene.run { scene in
            let id = try await paused(scene)
            _ = try await set(scene, id, 400)
            _ = try await scene.desk.campaigns.resume(id.rawValue, workspace: "w")
            for _ in 0..<4 {
                _ = try await scene.feeder.look()
                try await scene.send()
            }
            #expect(try await scene.row(id).campaign.reason?.hasPrefix("the budget is used up: ") == true)
            #expect(try await set(scene, id, 50).campaign.reason?.hasPrefix("the budget is used up: ") == true)
            #expect(try await set(scene, id, 500).campaign.reason == nil)
        }
    }

    /// A rate card in another currency stops it; without a budget nothing is told of that any more.
    @Test func aBudgetThatCannotBeKeptIsToldWhileItIsThere() async throws {
        try await CampaignScene.run { scene in
            let tariff = Tariff(country: "IN", category: .utility, price: money(100), from: 0)
            _ = try await scene.desk.tariffs.add([tariff], workspace: "w")
            let plan = PlanCampaign.Params(
                name: "C", template: "t", recipients: CampaignScene.people(2), budget: money(300), start: true, requestKey: "k")
            let id = try await scene.plan(plan).id
            try await scene.desk.pool.write { try $0.execute(sql: "UPDATE campaign SET currency = 'EUR'") }
            _ = try await scene.feeder.look()
            #expect(try await scene.row(id).campaign.reason?.hasPrefix("the budget cannot be kept: ") == true)
            #expect(try await set(scene, id, 50).campaign.reason?.hasPrefix("the budget is used up: ") == true)
            try await scene.desk.pool.write {
                try $0.execute(sql: "UPDATE campaign SET reason = 'the budget cannot be kept: it is in EUR'")
            }
            _ = try await scene.desk.campaigns.set(.init(id: id.rawValue, budget: nil), workspace: "w")
            #expect(try await scene.row(id).campaign.reason == nil)
        }
    }
}
