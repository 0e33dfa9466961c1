import AccountContract
import AccountNumbers
import Coordination
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Tells before a promise is broken: whether a campaign will be with Meta by its deadline.
struct DeadlineWatch: Sendable {
    let store: Store
    let states: CampaignStates
    let numbers: Numbers
    private let looks = Mutexed<[CampaignID: Look]>([:])

    private struct Look {
        var at: Timestamp
        /// Since when more were due at every look than may be late.
        var busySince: Timestamp?
    }

    /// Of people who wait in a queue that does not move, so many are counted.
    private static let most = 50_000

    /// Between two looks at a campaign: the first counts whoever is due.
    private static let pause = Milliseconds.seconds(5)

    init(store: Store, states: CampaignStates, numbers: Numbers) {
        self.store = store
        self.states = states
        self.numbers = numbers
    }

    /// Looks at one campaign; each change from safe to at risk, or back, is told once.
    func look(_ row: CampaignRow, _ counts: CampaignCounts, rate: Double, now: Timestamp) async throws {
        guard let deadline = row.campaign.deadline, let startAt = row.campaign.startAt, row.verdict == nil else { return }
        guard now <= deadline else {
            // It may go on, late; what was promised is decided.
            try await store.write { [states] db in try states.judge(db, row.campaign.id) }
            return
        }
        // A clock that was set back does not put the next look off.
        let last = looks.value[row.campaign.id].flatMap { $0.at <= now ? $0 : nil }
        if let last, now - last.at < Self.pause { return }
        var outlook = try await outlook(row, counts, deadline: deadline, rate: rate, now: now)
        // Where nobody has looked for a while, nothing could go out: the wait begins with this look.
        let isFresh = last.map { now - $0.at <= Self.pause * 3 } ?? false
        outlook.busySince = outlook.isBusy ? (isFresh ? last?.busySince : nil) ?? now : nil
        looks.with { [outlook] looks in
            looks = looks.filter { $0.value.at > now - .minutes(1) && $0.value.at <= now }
            looks[row.campaign.id] = Look(at: now, busySince: outlook.busySince)
        }
        // A campaign that is not planned yet is not on its way. In everybody's own zone it could begin half a day before anybody is due.
        let begins = row.firstAt ?? row.opening ?? startAt
        let isAtRisk = outlook.isAtRisk(at: now) || row.campaign.state == .planning && now > begins
        guard isAtRisk != row.isAtRisk else { return }
        try await store.write { [store, outlook] db in
            try db.execute(sql: "UPDATE campaign SET isAtRisk = ? WHERE id = ?", arguments: [isAtRisk ? 1 : 0, row.campaign.id])
            try store.append(
                db, isAtRisk ? "sla.atRisk" : "sla.safe", workspace: row.workspace, subject: row.campaign.id,
                data: [
                    "deadline": .integer(deadline.milliseconds), "left": .integer(Int64(counts.left)),
                    "due": .integer(Int64(outlook.backlog)), "late": .integer(Int64(outlook.lost)),
                    "expectedAt": outlook.expected(at: now).map { .integer($0.milliseconds) } ?? .null,
                    "perSecond": .number((rate * 100).rounded() / 100),
                ])
        }
    }

    private func outlook(
        _ row: CampaignRow,
        _ counts: CampaignCounts,
        deadline: Timestamp,
        rate: Double,
        now: Timestamp
    ) async throws -> DeadlineOutlook {
        // Of one that stands still it only matters whether more wait than may be late: a million are not counted every few seconds.
        let most = row.campaign.state == .running ? Int.max : Self.most
        let (due, dueBy, queues) = counts.planned > 0 ? try await due(row.campaign.id, now, most: most) : (0, nil, [])
        let promise = row.promise(counts)
        return DeadlineOutlook(
            all: promise.people, target: promise.target, lost: promise.lost,
            backlog: due + counts.left - counts.planned,
            dueBy: dueBy ?? deadline, busySince: nil, coming: counts.planned - due, deadline: deadline, rate: rate,
            capacity: min(capacity(row, counts, queues), Double(row.campaign.rate ?? .max)))
    }

    /// Messages a second of all numbers that may take over from those that it waits on.
    private func capacity(_ row: CampaignRow, _ counts: CampaignCounts, _ queues: [CampaignQueue]) -> Double {
        let allowed = row.plan?.accounts.map(Set.init)
        let places = Set(queues.map(\.number)).union(counts.byNumber.keys)
        let usable = numbers.thatMayTakeOver(from: places, among: allowed, workspace: row.workspace)
        return numbers.rate(of: usable, row.campaign.category ?? .marketing)
    }

    /// Planned recipients who are due, the first of their deadlines that has not passed, and where all who are planned wait.
    private func due(_ id: CampaignID, _ now: Timestamp, most: Int) async throws -> (Int, Timestamp?, [CampaignQueue]) {
        try await store.read { db in
            let queues = try Campaigns.queues(db, id)
            var (count, first): (Int, Timestamp?) = (0, nil)
            for queue in queues where queue.firstDue <= now {
                let place = """
                    FROM campaignRecipient INDEXED BY campaignDue
                    WHERE campaign = ? AND account = ? AND category = ? AND state = 'planned' AND sendAt <= ?
                    """
                let arguments: StatementArguments = [id, queue.number, queue.category.rawValue, now]
                count +=
                    try Int.fetchOne(
                        db.cachedStatement(sql: "SELECT count(*) FROM (SELECT 1 \(place) LIMIT ?)"), arguments: arguments + [most]) ?? 0
                // The recipient who has been due longest has the earliest; those that have passed are left out when their turn comes.
                let deadline = try Timestamp.fetchOne(
                    db.cachedStatement(sql: "SELECT deadline \(place) AND deadline >= ? ORDER BY sendAt LIMIT 1"),
                    arguments: arguments + [now])
                first = [first, deadline].compactMap { $0 }.min()
            }
            return (count, first, queues)
        }
    }
}
