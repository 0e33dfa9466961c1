package import AccountContract
import AccountNumbers
package import GRDB
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
        let (inside, outside, left) = (counts.inside, counts.outside, counts.left)
        let total = counts.places.values.reduce(0, +)
        let share = counts.share()
        let target = row.target ?? CampaignRow.usualTarget
        let isOver = row.campaign.state.hasEnded || now > row.campaign.deadline ?? .zero
        let isWithdrawn = row.campaign.state == .cancelled && row.verdict == nil
        let verdict =
            row.verdict ?? (isWithdrawn ? "withdrawn" : isOver ? (share >= target ? "kept" : "missed") : row.isAtRisk ? "atRisk" : "onTime")
        let rate = rates.rate(row.campaign.id)
        return SLAAnalytics.Item(
            campaign: row.campaign.id, name: row.campaign.name, state: row.campaign.state, startAt: row.campaign.startAt ?? .zero,
            localOpening: row.campaign.localOpening, deadline: row.campaign.deadline ?? .zero, total: total, inside: inside,
            outside: outside, share: share, target: target,
            verdict: verdict,
            expectedAt: row.campaign.state == .running ? DeadlineOutlook.expected(left: left, rate: rate, now: now) : nil)
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
