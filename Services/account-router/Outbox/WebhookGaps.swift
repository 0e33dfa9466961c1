import AccountContract
import GRDB
import Storage
import Vocabulary

/// Owns the times in which Meta's statuses may not have reached us.
struct WebhookGaps: Sendable {
    let store: Store

    /// Told twice, it is one.
    func record(_ db: Database, _ gaps: [WebhookGap]) throws {
        for gap in gaps {
            try db.cachedStatement(sql: "INSERT INTO webhookGap (startAt, endAt, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
                .execute(arguments: [gap.startAt, min(gap.endAt, store.now), gap.reason.rawValue])
        }
    }

    /// Gaps that ended so recently that deliveries of theirs may still come.
    func open(_ db: Database, for grace: Milliseconds) throws -> [Range<Timestamp>] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT min(startAt) AS startAt, endAt FROM webhookGap WHERE endAt > ? GROUP BY endAt ORDER BY endAt"),
            arguments: [store.now - grace]
        )
        .map { row in
            let (start, end) = (row["startAt"] as Timestamp, row["endAt"] as Timestamp)
            return min(start, end)..<(max(start, end) + 1)
        }
    }

    func prune() async throws {
        let before = store.now - .days(30)
        try await store.write { try $0.execute(sql: "DELETE FROM webhookGap WHERE endAt < ?", arguments: [before]) }
    }
}
