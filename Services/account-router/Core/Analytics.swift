import AccountCampaigns
import AccountContract
import AccountNumbers
import AccountOutbox
import RPCContract
import Storage
import Vocabulary

/// Figures over a span of time, put together from those who own them.
struct Analytics: Sendable {
    let store: Store
    let numbers: Numbers
    let outbox: Outbox
    let campaigns: Campaigns
    let tariffs: Tariffs

    /// The last 30 days where nothing else is asked for.
    private func span(_ period: Period) -> (from: Timestamp, to: Timestamp) {
        let now = store.now
        return (period.from ?? now - .days(30), period.to ?? now)
    }

    func delivery(_ period: Period, workspace: String) async throws -> DeliveryAnalytics.Reply {
        let (from, to) = span(period)
        let span = MessageFigures.widened(from: from, to: to)
        return try await store.read { try MessageFigures.delivery($0, over: span, workspace: workspace) }
    }

    func sla(_ period: Period, workspace: String) async throws -> SLAAnalytics.Reply {
        let (from, to) = span(period)
        return try await store.read { [campaigns] in try campaigns.promises($0, from: from, to: to, workspace: workspace) }
    }

    /// The cost of delivered messages, at the price of their day, beside the number that Meta said it charges for.
    func cost(_ period: Period, workspace: String) async throws -> CostAnalytics.Reply {
        let (from, to) = span(period)
        let span = MessageFigures.widened(from: from, to: to)
        return try await store.read { [tariffs] db in
            var items: [String: CostAnalytics.Item] = [:]
            var tables: [Timestamp: Tariffs.Table] = [:]
            try MessageFigures.forEachDelivered(db, over: span, workspace: workspace) { delivered in
                let day = delivered.startAt.floored(to: .days(1))
                let table = try tables[day] ?? tariffs.table(db, workspace: workspace, at: day + .days(1) - 1)
                tables[day] = table
                let price = table.price(in: delivered.country, delivered.category)
                let key = "\(delivered.country) \(delivered.category.rawValue) \(price?.currency ?? "")"
                var item =
                    items[key]
                    ?? CostAnalytics.Item(
                        country: delivered.country, category: delivered.category, messages: 0, billable: 0,
                        cost: price.map { .zero(in: $0.currency) })
                item.messages += delivered.count
                if delivered.isBillable == true { item.billable += delivered.count }
                // Without Meta's word the price is an estimate; said to be free, it is.
                if delivered.isBillable != false, let price {
                    item.cost = item.cost?.plus(price.times(delivered.count))
                }
                items[key] = item
            }
            return CostAnalytics.Reply(from: span.from, to: span.to, items: items.keys.sorted().compactMap { items[$0] })
        }
    }
}
