import AccountContract
import GRDB
import RPCContract
import Vocabulary

extension Analytics {
    func capacity(_ params: PlanCapacity.Params, workspace: String) async throws -> PlanCapacity.Reply {
        let accounts = campaigns.accounts
        let category = params.category ?? .marketing
        let now = campaigns.clock.now
        let from = now - Int64(params.days ?? 7) * 86_400_000
        let plan = try await campaigns.pool.read { db in
            let numbers = try accounts.accounts(of: workspace).map { account in
                let load = try Row.fetchOne(
                    db, sql: "SELECT sum(messages) AS messages, max(peak) AS peak FROM accountLoad WHERE account = ? AND hour > ?",
                    arguments: [account.phoneNumberID.rawValue, from])
                let peak = load?["peak"] as Int? ?? 0
                let peakAt = try Int64.fetchOne(
                    db, sql: "SELECT hour FROM accountLoad WHERE account = ? AND hour > ? AND peak = ? ORDER BY hour DESC LIMIT 1",
                    arguments: [account.phoneNumberID.rawValue, from, peak])
                let obstacle = RoutingTable.obstacle(account, category)
                return PlanCapacity.Number(
                    account: account.phoneNumberID,
                    allowed: account.messagesPerSecond,
                    // Without limits, which is for measuring only, as good as any.
                    rate: min(accounts.rate(account, category), 1e6),
                    obstacle: obstacle,
                    learnedShare: accounts.pacer.status(account.phoneNumberID)?.share ?? 1,
                    messages: load?["messages"] as Int? ?? 0,
                    peak: peak,
                    peakAt: peakAt,
                    queuedSeconds: accounts.loads.seconds(account.phoneNumberID))
            }
            let busiest = try Row.fetchAll(
                db,
                sql: """
                    SELECT hour, sum(messages) AS messages FROM accountLoad JOIN account ON account.phoneNumberID = accountLoad.account
                    WHERE workspace = ? AND hour > ? GROUP BY hour ORDER BY messages DESC, hour DESC LIMIT 5
                    """,
                arguments: [workspace, from]
            )
            .map { PlanCapacity.Hour(at: $0["hour"], messages: $0["messages"]) }
            let coming = try CampaignRow.all(db, .scheduled).filter { $0.workspace == workspace }.compactMap { row in
                try row.campaign.deadline.map { deadline in
                    PlanCapacity.Coming(
                        campaign: row.campaign.id, name: row.campaign.name, startAt: row.campaign.startAt ?? now, deadline: deadline,
                        messages: try CampaignCounts(db, row.campaign.id).left)
                }
            }
            return CapacityPlan(
                category: category, numbers: numbers, headroom: accounts.headroom(Set(numbers.map(\.account))), busiest: busiest,
                coming: coming)
        }
        return plan.reply(messages: params.messages, seconds: params.seconds)
    }
}
