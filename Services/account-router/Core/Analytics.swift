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
        return try await store.read { [outbox] in try outbox.delivery($0, from: from, to: to, workspace: workspace) }
    }

    func sla(_ period: Period, workspace: String) async throws -> SLAAnalytics.Reply {
        let (from, to) = span(period)
        return try await store.read { [campaigns] in try campaigns.promises($0, from: from, to: to, workspace: workspace) }
    }

    /// What was delivered, at the price of its day; what Meta said it charges for is counted beside it.
    func cost(_ period: Period, workspace: String) async throws -> CostAnalytics.Reply {
        let (from, to) = span(period)
        return try await store.read { [outbox, tariffs] db in
            var items: [String: CostAnalytics.Item] = [:]
            var tables: [Timestamp: Tariffs.Table] = [:]
            try outbox.forEachDelivered(db, from: from, to: to, workspace: workspace) { message in
                let day = message.sendingAt.floored(to: .days(1))
                let table = try tables[day] ?? tariffs.table(db, workspace: workspace, at: day + .days(1) - 1)
                tables[day] = table
                let price = table.price(message.contact, message.category)
                let country = CallingCode.of(message.contact)?.country ?? "unknown"
                let key = "\(country) \(message.category.rawValue) \(price?.currency ?? "")"
                var item =
                    items[key]
                    ?? CostAnalytics.Item(
                        country: country, category: message.category, messages: 0, billable: 0,
                        cost: price.map { Money(currency: $0.currency, micros: 0) })
                item.messages += 1
                if message.isBillable == true { item.billable += 1 }
                // Without Meta's word the price is an estimate; said to be free, it is.
                if message.isBillable != false, let price {
                    item.cost = Money(currency: price.currency, micros: (item.cost?.micros ?? 0).saturatingAdd(price.micros))
                }
                items[key] = item
            }
            return CostAnalytics.Reply(items: items.keys.sorted().compactMap { items[$0] })
        }
    }
}
