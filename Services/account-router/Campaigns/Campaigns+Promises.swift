import AccountContacts
package import AccountContract
import AccountNumbers
package import GRDB
import RPCContract
import Storage
package import Vocabulary

/// The deadlines that were promised, and how they stand.
extension Campaigns {
    /// Campaigns with a deadline in a span of time, each with what is inside it and the verdict.
    package func promises(_ db: Database, from: Timestamp, to: Timestamp, workspace: String) throws -> SLAAnalytics.Reply {
        let now = store.now
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT * FROM campaign INDEXED BY campaignPromised WHERE workspace = ?1 AND deadline IS NOT NULL AND deadline >= ?2 AND startAt <= ?3
                AND (state IN ('scheduled', 'running', 'paused', 'finished', 'cancelled') OR state = 'refused' AND startAt <= ?4) ORDER BY startAt DESC LIMIT 500
                """,
            arguments: [workspace, from, max(to, now + .days(1)), now]
        )
        .map(CampaignRow.init)
        return SLAAnalytics.Reply(items: try rows.map { try promise(db, $0, now) })
    }

    private func promise(_ db: Database, _ row: CampaignRow, _ now: Timestamp) throws -> SLAAnalytics.Item {
        let counts = try CampaignCounts(db, row.campaign.id)
        let promise = row.promise(counts)
        let isOver = row.campaign.state.hasEnded || now > row.campaign.deadline ?? .zero
        let isWithdrawn = row.campaign.state == .cancelled && row.verdict == nil
        let judged = promise.isKept ? "kept" : "missed"
        let verdict =
            isWithdrawn || promise.isVoid && isOver
            ? "withdrawn" : row.verdict ?? (isOver ? judged : row.isAtRisk ? "atRisk" : "onTime")
        let reason: String? =
            switch verdict {
            case "missed": promise.shortfall(isOver: true) ?? row.campaign.reason ?? "nobody was planned"
            case "atRisk": try danger(db, row, promise, at: now)
            default: nil
            }
        let rate = rates.rate(row.campaign.id)
        return SLAAnalytics.Item(
            campaign: row.campaign.id, name: row.campaign.name, state: row.campaign.state, startAt: row.campaign.startAt ?? .zero,
            localOpening: row.campaign.localOpening, deadline: row.campaign.deadline ?? .zero, total: promise.people,
            inside: promise.inside, outside: counts.outside, share: promise.share, target: promise.target, verdict: verdict,
            reason: reason?.plain,
            expectedAt: row.campaign.state == .running ? DeadlineOutlook.expected(left: promise.left, rate: rate, now: now) : nil)
    }

    /// Why a promise is at risk while its people wait.
    private func danger(_ db: Database, _ row: CampaignRow, _ promise: CampaignPromise, at now: Timestamp) throws -> String {
        let state: String? =
            switch row.campaign.state {
            case .paused: "it is paused" + (row.campaign.reason.map { ": \($0)" } ?? "")
            case .planning: "it is not planned yet"
            default: try CampaignStanding(numbers: numbers).text(db, row, at: now)
            }
        let waiting = promise.left > 0 ? "\(promise.left) still to be sent" : nil
        return [state, promise.shortfall(isOver: false), waiting].compactMap { $0 }.joined(separator: "; ")
    }

    /// Why people to whom a missed promise is made were not reached in time; together they are as many as those.
    func missing(_ db: Database, _ row: CampaignRow, _ counts: CampaignCounts) throws -> [PreflightReport.Skip] {
        guard row.verdict == "missed" else { return [] }
        // What people wish in time is nobody's failure; their reasons do not tell when they said it, but their number is known.
        let wishes = Set(ConsentRule.Refusal.allCases.map { $0.fault.message.plain })
        let skipped = try Self.skippedSince(db, row, counts)
        var reasons = skipped.filter { !wishes.contains($0.reason) }
        let optedOut = skipped.filter { wishes.contains($0.reason) }.map(\.count).reduce(0, +)
        // Reasons are looked for once nothing goes on: until then they are a number, however often they are asked for.
        if row.campaign.state.hasEnded {
            reasons += try failureReasons.of(db, row.campaign.id, counts)
        } else {
            reasons.append(.init(reason: "it failed", count: counts.failures))
        }
        let others = [
            (optedOut - counts.skippedOptOuts, "the person opted out after the deadline"),
            (counts.outside, "it came to Meta after the deadline"), (counts.cancelled, "the campaign was cancelled"),
            (counts.unknown, "Meta has not said whether it has sent it"), (counts.planned + counts.queued, "it has not been sent yet"),
        ]
        reasons += others.map { PreflightReport.Skip(reason: $0.1, count: $0.0) }
        return Array(reasons.filter { $0.count > 0 }.sorted { $0.count > $1.count }.prefix(50))
    }

    /// The messages that are to be sent: of campaigns that have a deadline, and all that wait.
    package struct Workload {
        /// The campaigns that run, or are to run, by a deadline.
        package var coming: [PlanCapacity.Coming] = []
        /// The numbers that may send each of them, by campaign.
        package var senders: [CampaignID: Set<PhoneNumberID>] = [:]
        /// Messages of running campaigns that are still to go out.
        package var waiting = 0
    }

    /// Reads the campaigns that run or are to run, and the numbers that they may go out from.
    package func workload(_ db: Database, workspace: String) throws -> Workload {
        let now = store.now
        var load = Workload()
        for row in try CampaignRow.all(db, .scheduled) + CampaignRow.all(db, .running) where row.workspace == workspace {
            let id = row.campaign.id
            let counts = try CampaignCounts(db, id)
            let isRunning = row.campaign.state == .running
            if isRunning { load.waiting += counts.left }
            guard let deadline = row.campaign.deadline, deadline > now else { continue }
            load.coming.append(
                PlanCapacity.Coming(
                    campaign: id, name: row.campaign.name, startAt: isRunning ? now : row.campaign.startAt ?? now,
                    deadline: deadline, messages: counts.left))
            let places = Set(try Campaigns.queues(db, id).map(\.number)).union(counts.byNumber.keys)
            let senders = numbers.thatMayTakeOver(from: places, among: row.plan?.accounts.map(Set.init), workspace: workspace)
            load.senders[id] = Set(senders.map(\.phoneNumberID))
        }
        return load
    }

    /// The only numbers that a campaign may be sent from; nil for all.
    package static func numbers(_ db: Database, of campaign: CampaignID) throws -> Set<PhoneNumberID>? {
        try CampaignRow.read(db, campaign).plan?.accounts.map(Set.init)
    }
}
