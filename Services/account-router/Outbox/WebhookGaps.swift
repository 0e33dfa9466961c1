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

    /// For how long Meta tries again what it could not deliver.
    ///
    /// Source: Meta, webhooks overview.
    private static let retried = Milliseconds.days(7)

    /// Nobody looked, or the clock was put forward: no grace time has passed in between.
    ///
    /// The one of a gap that was open before begins anew with the end of the absence, for as long as Meta may still deliver at all.
    func record(_ db: Database, absence: Range<Timestamp>, openFor grace: Milliseconds) throws {
        try db.execute(
            sql: "UPDATE webhookGap SET graceFrom = ? WHERE endAt > ? AND coalesce(graceFrom, endAt) > ?",
            arguments: [absence.upperBound, absence.lowerBound - Self.retried, absence.lowerBound - grace])
        try db.execute(
            sql: "INSERT INTO webhookGap (startAt, endAt, reason) VALUES (?, ?, 'absence') ON CONFLICT DO NOTHING",
            arguments: [absence.lowerBound, absence.upperBound])
    }

    /// Gaps that ended so recently that deliveries of theirs may still come.
    func open(_ db: Database, at now: Timestamp, for grace: Milliseconds) throws -> [Range<Timestamp>] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT startAt, endAt FROM webhookGap INDEXED BY webhookGapByGrace
                    WHERE coalesce(graceFrom, endAt) > ?
                    """),
            arguments: [now - grace]
        )
        .map { row in
            let (start, end) = (row["startAt"] as Timestamp, row["endAt"] as Timestamp)
            return min(start, end)..<(max(start, end) + 1)
        }
    }

    func prune() async throws {
        let before = store.now - .days(30)
        try await store.write { try $0.execute(sql: "DELETE FROM webhookGap WHERE coalesce(graceFrom, endAt) < ?", arguments: [before]) }
    }
}
