import AccountContract
import AccountNumbers
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Tells before a promise is broken: whether a running campaign will be with Meta by its deadline.
struct DeadlineWatch: Sendable {
    let store: Store
    let states: CampaignStates
    let numbers: Numbers

    /// When the last message will be with Meta, as it is going; nil while nothing moves.
    static func expected(left: Int, rate: Double, now: Timestamp) -> Timestamp? {
        guard left > 0 else { return now }
        return rate > 0 ? now + .seconds(Double(left) / rate) : nil
    }

    /// Looks at one campaign; each change from safe to at risk, or back, is told once.
    func look(_ row: CampaignRow, _ counts: CampaignCounts, rate: Double, now: Timestamp) async throws {
        guard let deadline = row.campaign.deadline, let startAt = row.campaign.startAt, row.verdict == nil else { return }
        guard now <= deadline else {
            // It may go on, late; what was promised is decided.
            try await store.write { [states] db in try states.judge(db, row.campaign.id) }
            return
        }
        let (left, late) = (counts.left, counts.outside)
        let allowed = Int(Double(counts.total) * (100 - (row.target ?? 99)) / 100)
        // Before it is well under way its rate says nothing: what the numbers may send does.
        let possible = capacity(row)
        let pace = now < startAt + .seconds(5) ? possible : max(rate, 0.001)
        let ready = Self.expected(left: max(0, left - max(0, allowed - late)), rate: pace, now: now) ?? .latest
        // What is spread over the window comes as it was planned, however fast the numbers are.
        let isAtRisk = late > allowed || (ready > deadline && isLagging(row, counts, now: now))
        guard isAtRisk != row.isAtRisk else { return }
        try await store.write { [store] db in
            try db.execute(sql: "UPDATE campaign SET isAtRisk = ? WHERE id = ?", arguments: [isAtRisk ? 1 : 0, row.campaign.id])
            try store.append(
                db, isAtRisk ? "sla.atRisk" : "sla.safe", workspace: row.workspace, subject: row.campaign.id,
                data: [
                    "deadline": .integer(deadline.milliseconds), "left": .integer(Int64(left)), "late": .integer(Int64(late)),
                    "expectedAt": ready == .latest ? .null : .integer(ready.milliseconds), "perSecond": .number(pace),
                ])
        }
    }

    /// Whether more is left than the spread over the window, or the numbers' full rate, would leave now.
    private func isLagging(_ row: CampaignRow, _ counts: CampaignCounts, now: Timestamp) -> Bool {
        guard let window = row.window, let startAt = row.campaign.startAt, let deadline = row.campaign.deadline else { return true }
        let (left, total) = (Double(counts.left), Double(counts.total))
        let from = startAt + Milliseconds.seconds(window.spreadFrom)
        let to = startAt + Milliseconds.seconds(window.spreadTo)
        let passed = (now - from).seconds / (to - from).seconds
        let share = to > from ? min(1, max(0, passed)) : 1
        let spreadLeft = total * (1 - share)
        let possible = capacity(row) * (deadline - now).seconds
        return left > spreadLeft + max(50, total * 0.02) || left > possible
    }

    /// Messages a second that the workspace's numbers may send of this category now.
    private func capacity(_ row: CampaignRow) -> Double {
        min(numbers.rate(of: row.workspace, row.campaign.category ?? .marketing), Double(row.campaign.rate ?? .max))
    }
}
