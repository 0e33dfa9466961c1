import AccountContract
import AccountNumbers
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Why a running campaign does not move, in the words that every surface shows.
struct CampaignStanding: Sendable {
    let numbers: Numbers

    /// Less than this is no waiting.
    private static let moment = Milliseconds.minutes(1)

    /// How it begins where people are only not due yet.
    private static let waiting = "nobody is due before"

    /// Whether a text says that something is in its way, and not only that people are not due yet.
    static func isObstacle(_ text: String) -> Bool { !text.hasPrefix(waiting) }

    /// Nil where nothing is in its way, or a hand has stopped it.
    func text(_ db: Database, _ row: CampaignRow, at now: Timestamp) throws -> String? {
        if row.campaign.state == .paused, let deadline = row.campaign.deadline, deadline < now, !row.isLateAllowed {
            return "its window closed at \(deadline.words(by: row.window)), so it cannot go on"
        }
        guard row.campaign.state == .running else { return nil }
        let counts = try CampaignCounts(db, row.campaign.id)
        if counts.unknown > 0, counts.unknown == counts.left { return Self.awaited(counts.unknown) }
        let queues = try Campaigns.queues(db, row.campaign.id)
        var parts: [String] = []
        if counts.queued == 0, let next = queues.map(\.firstDue).min(), next - now > Self.moment {
            parts.append("\(Self.waiting) \(next.words(by: row.window))")
        }
        // Where the people are who are due, or wait to be sent; others take over from a number that cannot, where there are any.
        let category = row.campaign.category ?? .marketing
        let due = queues.filter { $0.firstDue <= now }.map { ($0.number, $0.category) }
        let sent = counts.byNumber.filter { ($0.value["queued"] ?? 0) > 0 }.keys.map { ($0, category) }
        let allowed = row.plan?.accounts.map(Set.init)
        var said: Set<PhoneNumberID> = []
        var obstacles: [(number: String, text: String)] = []
        for (number, category) in due + sent where said.insert(number).inserted && obstacles.count < 3 {
            guard let account = numbers.account(number) else { continue }
            let others = numbers.thatTakeCampaigns(category, of: account.wabaID, among: allowed, workspace: row.workspace)
            guard others.isEmpty, let obstacle = try obstacle(db, account, category) else { continue }
            obstacles.append((account.displayPhoneNumber, obstacle))
        }
        if let only = obstacles.first, obstacles.count == 1 {
            parts.append("\(only.number) \(only.text)")
        } else if !obstacles.isEmpty {
            // Of several, what each has fills no cell: its beginning says what it is.
            let names = obstacles.map { "\($0.number) \($0.text.prefix { $0 != ":" })" }
            parts.append("\(names.joined(separator: "; ")). account.health of a number tells why, and what to do.")
        }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    /// Of those who are left, nothing is known before Meta says it.
    private static func awaited(_ count: Int) -> String {
        count == 1 ? "1 waits for Meta's word on whether it was sent" : "\(count) wait for Meta's word on whether they were sent"
    }

    private func obstacle(_ db: Database, _ account: Account, _ category: Message.Category) throws -> String? {
        if let trouble = try numbers.trouble(db, account) { return trouble.text }
        if let obstacle = numbers.obstacle(account, category) { return "cannot send it: \(obstacle)" }
        return numbers.isExhausted(account.portfolio) ? "waits: its portfolio may write to nobody new for now" : nil
    }
}
