import AccountCampaigns
import AccountContract
import AccountNumbers
import AccountOutbox
import GRDB
import RPCContract
import Storage
import Vocabulary

extension Analytics {
    func capacity(_ params: PlanCapacity.Params, workspace: String) async throws -> PlanCapacity.Reply {
        let category = params.category ?? .marketing
        let from = store.now - .days(params.days ?? 7)
        let plan = try await store.read { [self] db in
            let own = numbers.accounts(of: workspace)
            let usable = own.filter { numbers.obstacle($0, category) == nil }
            // A spare is used when no active number can.
            let counted = usable.contains { $0.duty == .active } ? usable.filter { $0.duty == .active } : usable
            let isCounted = Set(counted.map(\.phoneNumberID))
            let load = try campaigns.workload(db, workspace: workspace)
            // A campaign's people are written to from its own portfolios, whatever the others may do.
            let limits = load.senders.compactMapValues { numbers.headroom($0.intersection(isCounted)) }
            return CapacityPlan(
                category: category,
                numbers: try own.map { try number(db, $0, category, isCounted: isCounted.contains($0.phoneNumberID), since: from) },
                headroom: category == .service ? nil : numbers.headroom(isCounted),
                names: Dictionary(own.map { ($0.phoneNumberID, $0.displayPhoneNumber) }) { first, _ in first },
                now: from + .days(params.days ?? 7),
                waiting: try own.reduce(load.waiting) { try $0 + outbox.waitingSingly(db, on: $1.phoneNumberID) },
                busiest: try numbers.busiest(db, workspace: workspace, since: from),
                coming: load.coming,
                senders: load.senders,
                limits: category == .service ? [:] : limits)
        }
        return plan.reply(messages: params.messages, seconds: params.seconds)
    }

    private func number(
        _ db: Database,
        _ account: Account,
        _ category: Message.Category,
        isCounted: Bool,
        since time: Timestamp
    ) throws -> PlanCapacity.Number {
        let load = try numbers.load(db, account.phoneNumberID, since: time)
        return PlanCapacity.Number(
            account: account.phoneNumberID,
            allowed: account.messagesPerSecond,
            // Without limits, which is for measuring only, as good as any.
            rate: isCounted ? min(numbers.rate(account, category), 1e6) : 0,
            obstacle: isCounted ? nil : numbers.obstacle(account, category) ?? RoutingTable.duty(account),
            learnedShare: numbers.learnedShare(account.phoneNumberID),
            messages: load.messages,
            peak: load.peak,
            peakAt: load.peakAt,
            queueTime: numbers.queueTime(account.phoneNumberID))
    }
}
