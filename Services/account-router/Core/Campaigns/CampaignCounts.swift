import AccountContract
import GRDB

/// How many recipients of a campaign are where; moved in the transaction that moves the recipient.
enum CampaignCounts {
    /// What a message's state counts as.
    static func name(_ state: Message.State) -> String {
        switch state {
        case .queued, .sending: "queued"
        case .unknown, .accepted, .sent, .delivered, .read, .played, .failed: state.rawValue
        }
    }

    static func add(_ db: Database, _ campaign: String, _ state: String, _ count: Int) throws {
        guard count != 0 else { return }
        try db.cachedStatement(
            sql: "INSERT INTO campaignCount (campaign, state, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"
        )
        .execute(arguments: [campaign, state, count])
    }

    static func move(_ db: Database, _ campaign: String?, _ from: Message.State, _ to: Message.State) throws {
        guard let campaign else { return }
        let (old, new) = (name(from), name(to))
        guard old != new else { return }
        try add(db, campaign, old, -1)
        try add(db, campaign, new, 1)
    }

    static func all(_ db: Database, _ campaign: String) throws -> [String: Int] {
        let statement = try db.cachedStatement(sql: "SELECT state, n FROM campaignCount WHERE campaign = ?")
        var counts: [String: Int] = [:]
        for row in try Row.fetchAll(statement, arguments: [campaign]) { counts[row["state"]] = row["n"] }
        return counts
    }
}
