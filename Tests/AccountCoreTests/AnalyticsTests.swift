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
            try outbox.note(db, MessagePrice(billable: billable, category: category), nil, of: id)
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
        // The period is widened to half hours, and says so.
        let moment = desk.now.value
        let minute = try await analytics(desk).delivery(Period(from: moment, to: moment), workspace: "w")
        #expect(minute.items.first?.messages == 2 && minute.to - minute.from == .minutes(30) && minute.from <= moment && moment < minute.to)
        let backwards = try await analytics(desk).delivery(
            Period(from: moment + .days(1), to: Timestamp(milliseconds: .min)), workspace: "w")
        #expect(backwards.items.isEmpty)
        #expect(try await analytics(desk).delivery(Period(from: moment, to: moment - .days(1)), workspace: "w").items.isEmpty)
        let end = try await analytics(desk).delivery(Period(from: .latest, to: .latest), workspace: "w")
        #expect(end.items.isEmpty && end.to <= .latest)
        try desk.end()
    }

    /// Messages change in every way that a row can, and the figures are what a recount of the rows gives.
    @Test(arguments: 0..<5) func figuresAreWhatTheRowsSay(seed: UInt64) async throws {
        let desk = try await OutboxDesk()
        var ids: [MessageID] = []
        for n in 0..<8 { ids.append(try await desk.queued("k\(n)")) }
        var generator = SeededGenerator(seed: seed)
        let moments = ["sendingAt", "heldAt", "acceptedAt", "sentAt", "deliveredAt", "readAt", "playedAt", "failedAt"]
        let words: [(column: String, values: [String?])] = [
            ("account", ["1", "2"]), ("country", ["IN", "unknown"]), ("category", ["marketing", "utility"]),
            ("priceCategory", ["marketing", "referral_conversion", nil]), ("billable", ["0", "1", nil]), ("state", ["failed", "sent"]),
            ("error", ["a", "b"]),
        ]
        let changes = (0..<300).map { _ -> (column: String, value: DatabaseValue, id: MessageID) in
            let id = ids[Int.random(in: 0..<ids.count, using: &generator)]
            if Bool.random(using: &generator) {
                let column = moments[Int.random(in: 0..<moments.count, using: &generator)]
                let at = Int64.random(in: 0..<7_200_000, using: &generator)
                return (column, Bool.random(using: &generator) ? at.databaseValue : .null, id)
            }
            let word = words[Int.random(in: 0..<words.count, using: &generator)]
            return (word.column, word.values[Int.random(in: 0..<word.values.count, using: &generator)]?.databaseValue ?? .null, id)
        }
        let period = MessageFigures.widened(from: 1_800_000, to: 5_399_999)
        try await desk.pool.write { db in
            try db.execute(sql: "INSERT INTO messageCount (workspace, account, state, n) VALUES ('w', '2', 'sent', 0)")
            var failures = 0
            for change in changes {
                if change.column == "state", change.value == "failed".databaseValue {
                    failures +=
                        try Int.fetchOne(
                            db, sql: "SELECT count(*) FROM message WHERE id = ? AND state != 'failed' AND sendingAt IS NOT NULL",
                            arguments: [change.id]) ?? 0
                }
                try db.execute(sql: "UPDATE message SET \(change.column) = ? WHERE id = ?", arguments: [change.value, change.id])
            }
            let reply = try MessageFigures.delivery(db, over: period, workspace: "w")
            let told = reply.items.map { [$0.messages, $0.accepted, $0.sent, $0.delivered, $0.read, $0.failed] }
            #expect(told == (try Self.recountDelivery(db, over: period)), "seed \(seed)")
            var prices: [String: Int] = [:]
            try MessageFigures.forEachDelivered(db, over: period, workspace: "w") {
                prices["\($0.country) \($0.category.rawValue) \($0.isBillable.map { $0 ? "1" : "0" } ?? "?")", default: 0] += $0.count
            }
            #expect(prices == (try Self.recountPrices(db, over: period)), "seed \(seed)")
            let all = MessageFigures.widened(from: 0, to: 7_200_000)
            let failed = try MessageFigures.delivery(db, over: all, workspace: "w").failures
            #expect(failed.reduce(0) { $0 + $1.count } == failures, "seed \(seed)")
            // The counts by state are kept by whoever moves messages, which nobody did here.
            try db.execute(sql: "DELETE FROM messageCount")
            try db.execute(
                sql: "INSERT INTO messageCount SELECT workspace, account, state, count(*) FROM message GROUP BY workspace, account, state")
        }
        try desk.end()
    }

    private static func recountDelivery(_ db: Database, over period: MessageFigures.Span) throws -> [[Int]] {
        let sql = """
            SELECT count(*), sum(coalesce(acceptedAt, heldAt, sentAt, deliveredAt, readAt, playedAt) IS NOT NULL),
              sum(coalesce(sentAt, deliveredAt, readAt, playedAt) IS NOT NULL), sum(coalesce(deliveredAt, readAt, playedAt) IS NOT NULL),
              sum(coalesce(readAt, playedAt) IS NOT NULL), sum(failedAt IS NOT NULL)
            FROM message WHERE sendingAt >= ? AND sendingAt < ? GROUP BY account ORDER BY account
            """
        return try Row.fetchAll(db, sql: sql, arguments: [period.from, period.to]).map { row in (0..<6).map { row[$0] } }
    }

    private static func recountPrices(_ db: Database, over period: MessageFigures.Span) throws -> [String: Int] {
        let sql = """
            SELECT country || ' ' || CASE priceCategory WHEN 'marketing' THEN 'marketing' ELSE category END || ' ' || coalesce(billable, '?')
            FROM message WHERE sendingAt >= ? AND sendingAt < ? AND coalesce(deliveredAt, readAt, playedAt) IS NOT NULL
            """
        return try String.fetchAll(db, sql: sql, arguments: [period.from, period.to]).reduce(into: [:]) { $0[$1, default: 0] += 1 }
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
