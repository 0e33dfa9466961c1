import AccountContract
import GRDB
import Storage
import Vocabulary

/// Removes old parts of messages, each after its time.
extension Outbox {
    private static let settled = "('accepted', 'sent', 'delivered', 'read', 'played', 'failed')"

    /// Forgets what messages said once it is only their delivery that matters; failed ones keep it, to be sent again.
    func pruneContents(before time: Timestamp) async throws {
        try await pruneUnswept()
        let end = ULID.floor(at: time)
        while !Task.isCancelled {
            let isMore = try await store.write { db in
                let place = try String.fetchOne(db, sql: "SELECT place FROM messageSweep WHERE name = 'contents'") ?? ""
                let ids = try MessageID.fetchAll(
                    db, sql: "SELECT id FROM message WHERE id > ? AND id < ? ORDER BY id LIMIT 500", arguments: [place, end])
                guard let last = ids.last else { return false }
                try db.execute(
                    sql: """
                        UPDATE message SET object = '{}', options = NULL, fallback = NULL
                        WHERE id > ? AND id <= ? AND state IN \(Self.settled) AND state != 'failed'
                        """, arguments: [place, last])
                try db.execute(
                    sql: """
                        INSERT INTO messageUnswept (message)
                        SELECT id FROM message WHERE id > ? AND id <= ? AND state NOT IN \(Self.settled)
                        """, arguments: [place, last])
                try db.execute(
                    sql: "INSERT INTO messageSweep (name, place) VALUES ('contents', ?) ON CONFLICT DO UPDATE SET place = excluded.place",
                    arguments: [last])
                return ids.count == 500
            }
            if !isMore { return }
        }
    }

    /// The same for those that waited when the sweep came by.
    private func pruneUnswept() async throws {
        var place: MessageID? = ""
        while let from = place, !Task.isCancelled {
            place = try await store.write { db in
                let ids = try MessageID.fetchAll(
                    db, sql: "SELECT message FROM messageUnswept WHERE message > ? ORDER BY message LIMIT 500", arguments: [from])
                guard let last = ids.last else { return nil }
                try db.execute(
                    sql: """
                        UPDATE message SET object = '{}', options = NULL, fallback = NULL WHERE state IN \(Self.settled) AND state != 'failed'
                          AND id IN (SELECT message FROM messageUnswept WHERE message > ? AND message <= ?)
                        """, arguments: [from, last])
                try db.execute(
                    sql: """
                        DELETE FROM messageUnswept WHERE message > ? AND message <= ?
                          AND EXISTS (SELECT 1 FROM message WHERE id = messageUnswept.message AND state IN \(Self.settled))
                        """, arguments: [from, last])
                return last
            }
        }
    }

    /// Forgets messages whose delivery need not be shown any more.
    func prune(before time: Timestamp) async throws {
        let end = ULID.floor(at: time)
        try await store.write { try MessageFigures.prune($0, before: time) }
        while !Task.isCancelled {
            let isMore = try await store.write { db in
                let rows = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT id, workspace, account, state FROM message WHERE id < ? AND state IN \(Self.settled) ORDER BY id LIMIT 500
                        """, arguments: [end])
                for row in rows {
                    try db.cachedStatement(sql: "DELETE FROM message WHERE id = ?").execute(arguments: [row["id"] as MessageID])
                    try MessageCounts.add(db, -1, row.word("state", in: "message"), on: row["account"], workspace: row["workspace"])
                }
                return rows.count == 500
            }
            if !isMore { return }
        }
    }
}
