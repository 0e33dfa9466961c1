package import GRDB
package import Storage
import Vocabulary

/// Owns what people were told or asked about consent: each thing a few times a day at most.
///
/// Two machines that answer each other end here.
package struct ConsentNotices: Sendable {
    /// The kinds of notice.
    package enum Kind: String, Sendable {
        case stopped, started, paused, asked
    }

    private let store: Store

    /// For how long a notice counts; a question is not repeated for longer.
    private static let day = Milliseconds.days(1)
    private static let questionRest = Milliseconds.days(30)
    /// A person who changes their mind is told so; a machine is told so as often.
    private static let timesADay = 3

    package init(store: Store) {
        self.store = store
    }

    /// Whether it may be said now; it then counts as said.
    package func take(_ db: Database, _ kind: Kind, _ contact: PersonID, workspace: String) throws -> Bool {
        let now = store.now
        let (period, times) = kind == .asked ? (Self.questionRest, 1) : (Self.day, Self.timesADay)
        try db.cachedStatement(
            sql: """
                INSERT INTO consentNotice (workspace, contact, kind, since, at, times) VALUES (?1, ?2, ?3, ?4, ?4, 1)
                ON CONFLICT DO UPDATE SET
                  times = CASE WHEN since <= ?5 THEN 1 ELSE times + 1 END,
                  since = CASE WHEN since <= ?5 THEN excluded.since ELSE since END,
                  at = excluded.at
                WHERE since <= ?5 OR times < ?6
                """
        )
        .execute(arguments: [workspace, contact, kind.rawValue, now, now - period, times])
        return db.changesCount == 1
    }

    /// Whether the person was asked in the last day, so that a bare yes answers the question.
    package func isAsked(_ db: Database, _ contact: PersonID, workspace: String) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM consentNotice WHERE workspace = ? AND contact = ? AND kind = 'asked' AND at > ?")
        return try Int.fetchOne(statement, arguments: [workspace, contact, store.now - Self.day]) != nil
    }

    /// The question has its answer, or the conversation has gone on: it is still not asked again.
    package func answered(_ db: Database, _ contact: PersonID, workspace: String) throws {
        try db.cachedStatement(sql: "UPDATE consentNotice SET at = 0 WHERE workspace = ? AND contact = ? AND kind = 'asked'")
            .execute(arguments: [workspace, contact])
    }

    /// Forgets what counts no more, a thousand in one transaction.
    package func prune() async throws {
        let before = store.now - Self.questionRest
        var removed = 1000
        while removed == 1000, !Task.isCancelled {
            removed = try await store.write { db in
                try db.execute(
                    sql: """
                        DELETE FROM consentNotice WHERE (workspace, contact, kind) IN (
                          SELECT workspace, contact, kind FROM consentNotice WHERE since < ? LIMIT 1000)
                        """, arguments: [before])
                return db.changesCount
            }
        }
    }
}

extension ConsentNotices: PeopleListener {
    package var keeps: String? { "EXISTS (SELECT 1 FROM consentNotice WHERE workspace = ?1 AND contact = ?2)" }

    /// Notices under either name count.
    package func merge(_ db: Database, _ person: PersonID, into other: PersonID, workspace: String) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO consentNotice (workspace, contact, kind, since, at, times)
                SELECT workspace, ?, kind, since, at, times FROM consentNotice WHERE workspace = ? AND contact = ?
                ON CONFLICT DO UPDATE SET since = max(since, excluded.since), at = max(at, excluded.at), times = max(times, excluded.times)
                """
        )
        .execute(arguments: [other, workspace, person])
        try db.cachedStatement(sql: "DELETE FROM consentNotice WHERE workspace = ? AND contact = ?").execute(arguments: [workspace, person])
    }
}
