import AccountContract
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A budget that could not be meant so is refused, or keeps the campaign from starting.
@Suite struct CampaignBudgetTests {
    private func planned(_ scene: CampaignScene, _ budget: Money) async throws -> CampaignID {
        let prices = [Tariff(country: "IN", category: .utility, price: Money(currency: "INR", micros: 863_100), from: 0)]
        _ = try await scene.desk.tariffs.add(prices, workspace: "w")
        return try await scene.plan(
            .init(name: "C", template: "t", recipients: CampaignScene.people(3), budget: budget, requestKey: "k")
        ).id
    }

    private func blockers(_ scene: CampaignScene, _ id: CampaignID) async throws -> [String] {
        try await scene.row(id).report?.blockers ?? []
    }

    /// With 0 nothing could be sent, where somebody may mean no limit.
    @Test func aBudgetOfNothingIsRefused() throws {
        let nothing = Money(currency: "INR", micros: 0)
        let plan = PlanCampaign.Params(name: "C", template: "t", list: "L", budget: nothing, requestKey: "k")
        let change = SetCampaignBudget.Params(id: "C", budget: nothing)
        let (planned, changed) = (try JSON.encode(plan), try JSON.encode(change))
        for fault in [
            #expect(throws: Fault.self) { try ParamsDecoder<PlanCampaign>().decode(planned) },
            #expect(throws: Fault.self) { try ParamsDecoder<SetCampaignBudget>().decode(changed) },
        ] {
            #expect(fault?.path == "budget.micros" && fault?.message.hasPrefix("budget.micros is 0; it is a whole number from 1") == true)
        }
        let none = try JSON.encode(SetCampaignBudget.Params(id: "C", budget: nil))
        #expect(throws: Never.self) { try ParamsDecoder<SetCampaignBudget>().decode(none) }
    }

    @Test func whatPaysForNoMessageDoesNotStart() async throws {
        try await CampaignScene.run { scene in
            let id = try await planned(scene, Money(currency: "INR", micros: 860_000))
            let told = "the budget cannot be kept: it pays for no message, as one costs 0.8631 INR at least"
            #expect(try await blockers(scene, id) == [told])
            _ = try await scene.desk.campaigns.set(.init(id: id.rawValue, budget: Money(currency: "INR", micros: 870_000)), workspace: "w")
            #expect(try await blockers(scene, id) == [])
        }
    }

    /// The dear ones are no reason to hold back those that the budget pays for.
    @Test func whatPaysForTheCheapestMessageStarts() async throws {
        try await CampaignScene.run { scene in
            let prices = [("DE", Int64(5_000_000)), ("IN", 100_000)].map { country, micros in
                Tariff(country: country, category: .utility, price: Money(currency: "INR", micros: micros), from: 0)
            }
            _ = try await scene.desk.tariffs.add(prices, workspace: "w")
            let people = CampaignScene.people(1) + [Recipient(contact: "4915112345678", variables: ["name": "G"])]
            let budget = Money(currency: "INR", micros: 100_000)
            let id = try await scene.plan(.init(name: "C", template: "t", recipients: people, budget: budget, requestKey: "k")).id
            let report = try #require(try await scene.row(id).report)
            #expect(report.blockers == [] && report.leastPrices == [budget])
            _ = try await scene.desk.campaigns.set(.init(id: id.rawValue, budget: Money(currency: "INR", micros: 99_999)), workspace: "w")
            #expect(try await blockers(scene, id).first?.hasSuffix("as one costs 0.1 INR at least") == true)
        }
    }

    @Test func anotherCurrencyThanTheRateCardsIsToldWithThatOne() async throws {
        try await CampaignScene.run { scene in
            let id = try await planned(scene, Money(currency: "EUR", micros: 5_000_000))
            let told = try await blockers(scene, id)
            #expect(told.count == 1 && told[0].contains("it is in EUR, and the rate card is in INR; campaign.setBudget"), "\(told)")
            for (currency, isTaken) in [("USD", false), ("INR", true)] {
                let params = SetCampaignBudget.Params(id: id.rawValue, budget: Money(currency: currency, micros: 5_000_000))
                guard !isTaken else {
                    _ = try await scene.desk.campaigns.set(params, workspace: "w")
                    continue
                }
                let fault = await #expect(throws: Fault.self) { try await scene.desk.campaigns.set(params, workspace: "w") }
                #expect(fault?.path == "budget.currency" && fault?.message.contains("costs is in INR") == true)
            }
            #expect(try await blockers(scene, id) == [])
        }
    }
}
