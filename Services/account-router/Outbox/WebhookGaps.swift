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

    /// Nobody looked, or the clock was put forward: what had not passed by then has not passed in between.
    ///
    /// A gap whose grace time ran meanwhile lasts until now.
    func record(_ absence: Range<Timestamp>, openFor grace: Milliseconds) async throws {
        try await store.write { db in
            let earlier = try Timestamp.fetchOne(
                db, sql: "SELECT min(startAt) FROM webhookGap WHERE endAt > ?", arguments: [absence.lowerBound - grace])
            try db.execute(
                sql: "INSERT INTO webhookGap (startAt, endAt, reason) VALUES (?, ?, 'absence') ON CONFLICT DO NOTHING",
                arguments: [min(earlier ?? absence.lowerBound, absence.lowerBound), absence.upperBound])
        }
    }

    /// Gaps that ended so recently that deliveries of theirs may still come.
    func open(_ db: Database, at now: Timestamp, for grace: Milliseconds) throws -> [Range<Timestamp>] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT min(startAt) AS startAt, endAt FROM webhookGap WHERE endAt > ? GROUP BY endAt ORDER BY endAt"),
            arguments: [now - grace]
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
