import AccountContract
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Figures over a span of time, read from the messages themselves.
struct Analytics: Sendable {
    let campaigns: Campaigns
    let tariffs: Tariffs
    let rate: @Sendable (String) -> Double

    private func span(_ period: Period) -> (from: Timestamp, to: Timestamp) {
        let now = campaigns.clock.now
        return (period.from ?? now - .days(30), period.to ?? now)
    }

    func delivery(_ period: Period, workspace: String) async throws -> DeliveryAnalytics.Reply {
        let (from, to) = span(period)
        return try await campaigns.pool.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT account, count(*) AS n, count(acceptedAt) AS accepted, count(sentAt) AS sent, count(deliveredAt) AS delivered,
                      count(readAt) AS "read", count(failedAt) AS failed
                    FROM message INDEXED BY messageBySending WHERE sendingAt BETWEEN ? AND ? AND workspace = ? GROUP BY account ORDER BY account
                    """,
                arguments: [from, to, workspace])
            let items = try rows.map { row in
                func percentile(_ share: Double) throws -> Milliseconds? {
                    let count: Int = row["accepted"]
                    guard count > 0 else { return nil }
                    return try Milliseconds.fetchOne(
                        db,
                        sql: """
                            SELECT acceptedAt - createdAt FROM message INDEXED BY messageBySending
                            WHERE sendingAt BETWEEN ? AND ? AND workspace = ? AND account = ? AND acceptedAt IS NOT NULL
                            ORDER BY acceptedAt - createdAt LIMIT 1 OFFSET ?
                            """,
                        arguments: [from, to, workspace, row["account"] as String, min(count - 1, Int(Double(count) * share))])
                }
                return DeliveryAnalytics.Item(
                    account: PhoneNumberID(row["account"]), messages: row["n"], accepted: row["accepted"], sent: row["sent"],
                    delivered: row["delivered"], read: row["read"], failed: row["failed"], acceptP50: try percentile(0.5),
                    acceptP99: try percentile(0.99))
            }
            let failures = try Row.fetchAll(
                db,
                sql: """
                    SELECT errorCode, error, count(*) AS n FROM message INDEXED BY messageBySending
                    WHERE sendingAt BETWEEN ? AND ? AND workspace = ? AND state = 'failed' GROUP BY errorCode, error ORDER BY n DESC LIMIT 50
                    """,
                arguments: [from, to, workspace]
            )
            .map { MessageStatistics.Failure(code: $0["errorCode"], reason: $0["error"] as String? ?? "", count: $0["n"]) }
            return DeliveryAnalytics.Reply(items: items, failures: failures)
        }
    }

    /// What was delivered, at the price of its day; what Meta said it charges for is counted beside it.
    func cost(_ period: Period, workspace: String) async throws -> CostAnalytics.Reply {
        let (from, to) = span(period)
        return try await campaigns.pool.read { [tariffs] db in
            var items: [String: CostAnalytics.Item] = [:]
            var tables: [Timestamp: Tariffs.Table] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT recipient, category, priceCategory, billable, sendingAt FROM message INDEXED BY messageBySending
                    WHERE sendingAt BETWEEN ? AND ? AND workspace = ? AND (deliveredAt IS NOT NULL OR readAt IS NOT NULL)
                    """,
                arguments: [from, to, workspace])
            while let row = try rows.next() {
                let contact = ContactID(row["recipient"])
                let own: Message.Category = try row.word("category", in: "message")
                let category = (row["priceCategory"] as String?).flatMap { Message.Category(rawValue: $0) } ?? own
                let day = (row["sendingAt"] as Timestamp).floored(to: .days(1))
                let table = try tables[day] ?? tariffs.table(db, workspace: workspace, at: day + .days(1) - 1)
                tables[day] = table
                let price = table.price(contact, category)
                let country = CallingCode.of(contact)?.country ?? "unknown"
                let key = "\(country) \(category.rawValue) \(price?.currency ?? "")"
                var item =
                    items[key]
                    ?? CostAnalytics.Item(
                        country: country, category: category, messages: 0, billable: 0,
                        cost: price.map { Money(currency: $0.currency, micros: 0) })
                item.messages += 1
                let billable = row["billable"] as Int?
                if billable == 1 { item.billable += 1 }
                // Without Meta's word the price is an estimate; said to be free, it is.
                if billable != 0, let price {
                    item.cost = Money(currency: price.currency, micros: (item.cost?.micros ?? 0).saturatingAdd(price.micros))
                }
                items[key] = item
            }
            return CostAnalytics.Reply(items: items.keys.sorted().compactMap { items[$0] })
        }
    }

    func sla(_ period: Period, workspace: String) async throws -> SLAAnalytics.Reply {
        let (from, to) = span(period)
        let now = campaigns.clock.now
        return try await campaigns.pool.read { [rate] db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM campaign WHERE workspace = ?1 AND deadline IS NOT NULL AND deadline >= ?2 AND startAt <= ?3
                    AND (state IN ('scheduled', 'running', 'paused', 'finished', 'cancelled') OR state = 'refused' AND startAt <= ?4) ORDER BY startAt DESC LIMIT 500
                    """,
                arguments: [workspace, from, max(to, now + .days(1)), now]
            )
            .map(CampaignRow.init)
            return SLAAnalytics.Reply(items: try rows.map { try Self.item(db, $0, rate($0.campaign.id), now) })
        }
    }

    private static func item(_ db: Database, _ row: CampaignRow, _ rate: Double, _ now: Timestamp) throws -> SLAAnalytics.Item {
        let counts = try CampaignCounts(db, row.campaign.id)
        let (inside, outside, left) = (counts.inside, counts.outside, counts.left)
        let total = inside + outside + left
        let isRefused = row.campaign.state == .refused && (row.campaign.startAt ?? .zero) <= now
        let share = isRefused ? 0 : total == 0 ? 100 : Double(inside) * 100 / Double(total)
        let target = row.target ?? 99
        let isOver = row.campaign.state.hasEnded || now > row.campaign.deadline ?? .zero
        let verdict = isOver ? (share >= target ? "kept" : "missed") : row.isAtRisk ? "atRisk" : "onTime"
        return SLAAnalytics.Item(
            campaign: row.campaign.id, name: row.campaign.name, state: row.campaign.state, startAt: row.campaign.startAt ?? .zero,
            deadline: row.campaign.deadline ?? .zero, total: total, inside: inside, outside: outside, share: share, target: target,
            verdict: verdict,
            expectedAt: row.campaign.state == .running ? DeadlineWatch.expected(left: left, rate: rate, now: now) : nil)
    }
}
