import AccountContract
import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// Figures, from messages as they are.
@Suite struct AnalyticsTests {
    private func analytics(_ desk: OutboxDesk) -> Analytics {
        Analytics(
            store: desk.store, numbers: desk.numbers, outbox: desk.outbox, campaigns: desk.campaigns, tariffs: Tariffs(store: desk.store))
    }

    private func deliver(_ desk: OutboxDesk, _ key: String, billable: Bool?, category: String? = nil) async throws {
        let id = try await desk.queued(key)
        try await desk.lease()
        try await desk.accept(id)
        let outbox = desk.outbox
        try await desk.store.write { db in
            _ = try outbox.advance(db, id, to: .delivered)
            if let billable { try outbox.notePrice(db, id, isBillable: billable, category: category) }
        }
    }

    @Test func costIsWhatWasDeliveredAtItsDaysPrice() async throws {
        let desk = try await OutboxDesk()
        let price = Tariff(country: "IN", category: .utility, price: Money(currency: "INR", micros: 115_000), from: 0)
        _ = try await Tariffs(store: desk.store).add([price], workspace: "w")
        try await deliver(desk, "a", billable: true)
        try await deliver(desk, "b", billable: false)
        try await deliver(desk, "c", billable: nil)
        // Meta's word on the category counts; what has no price is listed without a cost.
        try await deliver(desk, "d", billable: true, category: "marketing")
        // Not delivered costs nothing.
        _ = try await desk.queued("e")
        desk.now.set(desk.now.value + 1)
        let items = try await analytics(desk).cost(Period(), workspace: "w").items
        #expect(items.count == 2)
        let utility = try #require(items.first { $0.category == .utility })
        #expect((utility.messages, utility.billable, utility.country) == (3, 1, "IN"))
        #expect(utility.cost == Money(currency: "INR", micros: 230_000), "said to be free, it is; not said, it is estimated")
        #expect(items.first { $0.category == .marketing }?.cost == nil)
        #expect(try await analytics(desk).cost(Period(), workspace: "other").items.isEmpty)
        try desk.end()
    }

    @Test func deliveryCountsEveryStepByNumber() async throws {
        let desk = try await OutboxDesk()
        try await deliver(desk, "a", billable: nil)
        let failed = try await desk.queued("b")
        try await desk.lease()
        try await desk.fail(failed)
        let reply = try await analytics(desk).delivery(Period(), workspace: "w")
        let item = try #require(reply.items.first)
        #expect((item.messages, item.accepted, item.delivered, item.read, item.failed) == (2, 1, 1, 0, 1))
        #expect(item.acceptP50 == 0 && item.acceptP99 == 0)
        #expect(reply.failures.map(\.code) == [131026])
        #expect(try await analytics(desk).delivery(Period(from: 0, to: 1), workspace: "w").items.isEmpty)
        try desk.end()
    }

    @Test func aPromiseIsJudgedByWhatWasInside() async throws {
        let desk = try await OutboxDesk()
        let now = desk.now.value
        try await desk.addCampaign("c", deadline: now + 60_000)
        try await desk.pool.write { try $0.execute(sql: "UPDATE campaign SET startAt = ?", arguments: [now]) }
        try await desk.queueRecipients(of: "c", 2)
        func promise() async throws -> SLAAnalytics.Item? { try await analytics(desk).sla(Period(), workspace: "w").items.first }
        #expect(try await promise()?.verdict == "onTime")
        for id in try await desk.lease() { try await desk.accept(id) }
        #expect(try await promise()?.inside == 2)
        desk.now.set(now + 61_000)
        #expect(try await promise()?.verdict == "kept")
        // One of two was late after all: retried, it goes out behind the deadline.
        try await desk.pool.write { db in
            try CampaignCounts.add(db, -1, "inside", of: "c", on: "1")
            try CampaignCounts.add(db, 1, "outside", of: "c", on: "1")
        }
        let missed = try await promise()
        #expect(missed?.verdict == "missed" && missed?.share == 50)
        #expect(try await analytics(desk).sla(Period(), workspace: "other").items.isEmpty)
        try desk.end()
    }

    @Test func capacityCountsWhatWaitsAndWhoCanSend() async throws {
        let desk = try await OutboxDesk()
        let spare = AddAccount.Params(
            phoneNumberID: "2", wabaID: "2", displayPhoneNumber: "+918047181001", displayName: "B", duty: .spare)
        _ = try await desk.numbers.add(spare, workspace: "w")
        _ = try await desk.queued("a")
        let plan = try await analytics(desk).capacity(.init(category: .utility), workspace: "w")
        #expect(plan.waiting == 1 && plan.perSecond == 79.2)
        #expect(plan.numbers.first { $0.account == "2" }?.obstacle?.contains("spare") == true)
        #expect(try await analytics(desk).capacity(.init(), workspace: "other").numbers.isEmpty)
        try desk.end()
    }
}
