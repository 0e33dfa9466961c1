import Foundation
import GRDB
import GatewayContract
import RPCContract
import Storage
import Vocabulary

extension Inbox {
    func statistics(refused: Int) async throws -> InboxStatistics.Reply {
        try await pool.read { db in
            func counter(_ name: String) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT value FROM counter WHERE name = ?", arguments: [name]) ?? 0
            }
            func events(_ state: String) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT count(*) FROM inboundEvent WHERE state = ?", arguments: [state]) ?? 0
            }
            let unsplit = try Int.fetchOne(db, sql: "SELECT count(*) FROM payload WHERE state = 'new'") ?? 0
            return InboxStatistics.Reply(
                payloads: try counter("payloads") + unsplit,
                events: try counter("events"),
                duplicates: try counter("duplicates"),
                pending: try events("pending") + unsplit,
                done: try events("done"),
                dead: try Int.fetchOne(db, sql: "SELECT count(*) FROM deadLetter WHERE state = 'open'") ?? 0,
                refused: refused
            )
        }
    }

    func list(_ params: ListInbox.Params) async throws -> ListInbox.Reply {
        let limit = params.limit ?? 50
        return try await pool.read { db in
            var conditions = ["id < ?"]
            var arguments: StatementArguments = [params.cursor ?? Int64.max]
            if let kind = params.kind {
                conditions.append("kind = ?")
                arguments += [kind]
            }
            if let state = params.state {
                conditions.append("state = ?")
                arguments += [state.rawValue]
            }
            arguments += [limit]
            let sql = "SELECT * FROM inboundEvent WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?"
            let items = try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
                InboundEvent(
                    id: row["id"],
                    kind: row["kind"],
                    state: InboundEvent.State(rawValue: row["state"]) ?? .pending,
                    attempts: row["attempts"],
                    receivedAt: row["receivedAt"],
                    error: row["error"],
                    raw: try JSON.decode(JSONValue.self, from: row["raw"] as String)
                )
            }
            return ListInbox.Reply(items: items, next: items.count == limit ? items.last?.id : nil)
        }
    }

    /// Makes every event since a time pending again; receivers know what they have done.
    func replay(since: Int64) async throws -> Int {
        let now = clock.now
        return try await write { db in
            try db.execute(
                sql:
                    "UPDATE inboundEvent SET state = 'pending', ready = 0, attempts = 0, nextAt = ? WHERE receivedAt >= ? AND state = 'done'",
                arguments: [now, since]
            )
            let count = db.changesCount
            try db.execute(
                sql: """
                    UPDATE inboundEvent SET ready = 1 WHERE state = 'pending' AND id IN
                      (SELECT min(id) FROM inboundEvent WHERE state = 'pending' GROUP BY lane, orderKey)
                    """
            )
            return count
        }
    }

    /// Removes what has been handled and is older than `before`, a bounded piece at a time; returns whether more is left.
    func prune(before: Int64) async throws -> Bool {
        let now = clock.now
        return try await write { [events] db in
            try db.execute(
                sql: """
                    DELETE FROM payload WHERE id IN (
                      SELECT id FROM payload WHERE receivedAt < ? AND state = 'split'
                        AND NOT EXISTS (SELECT 1 FROM inboundEvent WHERE payloadID = payload.id AND state <> 'done')
                      LIMIT 500)
                    """,
                arguments: [before]
            )
            let removed = db.changesCount
            try IdempotencyKeys.prune(db, before: now)
            _ = try events.prune(db, before: before)
            return removed == 500
        }
    }
}
