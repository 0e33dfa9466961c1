import AccountContract
import GRDB
import RPCContract
import Vocabulary

extension Analytics {
    func capacity(_ params: PlanCapacity.Params, workspace: String) async throws -> PlanCapacity.Reply {
        let accounts = campaigns.accounts
        let category = params.category ?? .marketing
        let now = campaigns.clock.now
        let from = now - .days(params.days ?? 7)
        let plan = try await campaigns.pool.read { db in
            let own = accounts.accounts(of: workspace)
            let usable = own.filter { accounts.obstacle($0, category) == nil }
            // A spare is used when no active number can.
            let counted = usable.contains { $0.duty == .active } ? usable.filter { $0.duty == .active } : usable
            let numbers = try own.map { account in
                let load = try Row.fetchOne(
                    db, sql: "SELECT sum(messages) AS messages, max(peak) AS peak FROM accountLoad WHERE account = ? AND hour > ?",
                    arguments: [account.phoneNumberID.rawValue, from])
                let peak = load?["peak"] as Int? ?? 0
                let peakAt = try Timestamp.fetchOne(
                    db, sql: "SELECT hour FROM accountLoad WHERE account = ? AND hour > ? AND peak = ? ORDER BY hour DESC LIMIT 1",
                    arguments: [account.phoneNumberID.rawValue, from, peak])
                let isCounted = counted.contains { $0.phoneNumberID == account.phoneNumberID }
                return PlanCapacity.Number(
                    account: account.phoneNumberID,
                    allowed: account.messagesPerSecond,
                    // Without limits, which is for measuring only, as good as any.
                    rate: isCounted ? min(accounts.rate(account, category), 1e6) : 0,
                    obstacle: isCounted ? nil : accounts.obstacle(account, category) ?? RoutingTable.duty(account),
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
            var waiting = try own.reduce(0) { sum, account in
                try sum
                    + (Int.fetchOne(
                        db, sql: "SELECT count(*) FROM message WHERE account = ? AND state = 'queued' AND campaign IS NULL",
                        arguments: [account.phoneNumberID.rawValue]) ?? 0)
            }
            var coming: [PlanCapacity.Coming] = []
            for row in try CampaignRow.all(db, .scheduled) + CampaignRow.all(db, .running) where row.workspace == workspace {
                let left = try CampaignCounts(db, row.campaign.id).left
                let isRunning = row.campaign.state == .running
                if isRunning { waiting += left }
                guard let deadline = row.campaign.deadline, deadline > now else { continue }
                coming.append(
                    PlanCapacity.Coming(
                        campaign: row.campaign.id, name: row.campaign.name, startAt: isRunning ? now : row.campaign.startAt ?? now,
                        deadline: deadline, messages: left))
            }
            return CapacityPlan(
                category: category, numbers: numbers,
                headroom: category == .service ? nil : accounts.headroom(Set(counted.map(\.phoneNumberID))), waiting: waiting,
                busiest: busiest, coming: coming)
        }
        return plan.reply(messages: params.messages, seconds: params.seconds)
    }
}
