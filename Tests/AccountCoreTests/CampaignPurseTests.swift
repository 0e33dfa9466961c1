import AccountContract
import GRDB
import JobQueue
import Resilience
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountNumbers
@testable import AccountOutbox

/// What a campaign keeps: its money, its languages, and the watch over its promise.
@Suite struct CampaignPurseTests {
    private func rupees(_ count: Int64) -> Money { Money(currency: "INR", micros: count * 1_000_000) }

    private func purse(_ budget: Money?) async throws -> CampaignPurse {
        let found = MutexBox<CampaignPurse?>(nil)
        try await CampaignScene.run { scene in
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(2), budget: budget, requestKey: "k"))
            let row = try await scene.row(campaign.id)
            found.set(try await scene.desk.pool.read { db in try CampaignPurse(db, row) })
        }
        return try #require(found.value)
    }

    @Test func whatIsLeftDecides() async throws {
        var purse = try await purse(rupees(10))
        #expect(purse.spent == rupees(0) && !purse.isEmpty && purse.obstacle(rupees(10)) == nil)
        purse.pay(rupees(4))
        #expect(purse.obstacle(rupees(6)) == nil)
        #expect(purse.obstacle(rupees(7))?.contains("campaign.setBudget") == true)
        purse.pay(Money(currency: "USD", micros: 900_000_000))
        #expect(purse.spent == rupees(4), "another currency is not the budget's")
        #expect(purse.obstacle(Money(currency: "USD", micros: 1))?.contains("priced in USD") == true)
        #expect(purse.obstacle(nil)?.contains("no tariff is known") == true)
        purse.pay(rupees(6))
        #expect(purse.isEmpty)
        purse.pay(Money(currency: "INR", micros: .max))
        #expect(purse.spent?.micros == .max && purse.obstacle(rupees(1)) != nil, "no sum is too large")
    }

    @Test func withoutABudgetNothingIsInTheWay() async throws {
        let purse = try await purse(nil)
        #expect(
            purse.budget == nil && purse.spent == nil && !purse.isEmpty && purse.obstacle(nil) == nil && purse.obstacle(rupees(1)) == nil)
    }

    @Test func theLanguageInWhichItBeganIsKept() async throws {
        try await CampaignScene.run { scene in
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(2), start: true, requestKey: "k"))
            let kept = try await scene.desk.pool.read { db in try KeptLanguages(db, of: campaign.id) }
            #expect(kept["t"] == "en" && kept["other"] == nil)
        }
    }

    /// A number that is switched off and on again: each change is told once.
    @Test func whatIsSafeAgainIsTold() async throws {
        try await CampaignScene.run { scene in
            let window = CreateWindow.Params(name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 3600)
            _ = try await scene.desk.windows.create(window, workspace: "w")
            let id = try await scene.plan(
                .init(name: "C", template: "t", recipients: CampaignScene.people(10), window: "six", start: true, requestKey: "k")
            ).id
            scene.desk.now.set(try #require(try await scene.row(id).campaign.startAt))
            let watch = DeadlineWatch(store: scene.desk.store, states: scene.desk.states, numbers: scene.desk.numbers)
            func look(rate: Double = 0) async throws {
                let counts = try await scene.desk.pool.read { db in try CampaignCounts(db, id) }
                try await watch.look(scene.row(id), counts, rate: rate, now: scene.desk.now.value)
                scene.pass(.seconds(5))
            }
            func events() async throws -> [String] {
                try await scene.desk.pool.read { db in
                    try String.fetchAll(db, sql: "SELECT type FROM event WHERE type LIKE 'sla.%' ORDER BY rowid")
                }
            }
            try await look()
            #expect(try await events().isEmpty)
            _ = try await scene.desk.numbers.update(.init(phoneNumberID: "1", enabled: false))
            for _ in 0..<3 { try await look() }
            #expect(try await events() == ["sla.atRisk"])
            _ = try await scene.desk.numbers.update(.init(phoneNumberID: "1", enabled: true))
            try await look(rate: 80)
            #expect(try await events() == ["sla.atRisk", "sla.safe"])
        }
    }

    /// Whoever has new work for a number finds its sender while it runs.
    @Test func sendersAreFoundByTheirNumber() async throws {
        let desk = try await OutboxDesk()
        let runners = SenderRunners()
        runners.nudge("1")
        #expect(!runners.has("1"))
        runners.add(
            JobRunner(
                queue: "q", policy: .init(concurrency: 1, attempts: 1, backoff: .sending), commits: desk.store.commits, clock: .system,
                logger: desk.quiet, work: { _ in .done() }), for: "1")
        runners.nudgeAll()
        #expect(runners.has("1") && !runners.has("2"))
        runners.removeAll()
        #expect(!runners.has("1"))
        try desk.end()
    }
}
