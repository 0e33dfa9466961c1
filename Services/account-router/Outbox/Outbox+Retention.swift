import AccountContract
import GRDB
import Storage
import Vocabulary

/// What is forgotten of messages, and when.
extension Outbox {
    private static let settled = "('accepted', 'sent', 'delivered', 'read', 'played', 'failed')"

    /// Forgets what messages said once it is only their delivery that matters; failed ones keep it, to be sent again.
    func pruneContents(before time: Timestamp) async throws {
        let end = ULID.floor(at: time)
        while !Task.isCancelled {
            let isMore = try await store.write { db in
                let place = try String.fetchOne(db, sql: "SELECT place FROM messageSweep WHERE name = 'contents'") ?? ""
                let ids = try String.fetchAll(
                    db, sql: "SELECT id FROM message WHERE id > ? AND id < ? ORDER BY id LIMIT 500", arguments: [place, end])
                guard let last = ids.last else { return false }
                try db.execute(
                    sql: """
                        UPDATE message SET object = '{}', options = NULL, fallback = NULL
                        WHERE id > ? AND id <= ? AND state IN \(Self.settled) AND state != 'failed'
                        """, arguments: [place, last])
                try db.execute(
                    sql: "INSERT INTO messageSweep (name, place) VALUES ('contents', ?) ON CONFLICT DO UPDATE SET place = excluded.place",
                    arguments: [last])
                return ids.count == 500
            }
            if !isMore { return }
        }
    }

    /// Forgets messages whose delivery need not be shown any more.
    func prune(before time: Timestamp) async throws {
        let end = ULID.floor(at: time)
        while !Task.isCancelled {
            let isMore = try await store.write { db in
                let rows = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT id, workspace, account, state FROM message WHERE id < ? AND state IN \(Self.settled) ORDER BY id LIMIT 500
                        """, arguments: [end])
                for row in rows {
                    try db.cachedStatement(sql: "DELETE FROM message WHERE id = ?").execute(arguments: [row["id"] as String])
                    try MessageCounts.add(db, -1, row.word("state", in: "message"), on: row["account"], workspace: row["workspace"])
                }
                return rows.count == 500
            }
            if !isMore { return }
        }
    }
}
