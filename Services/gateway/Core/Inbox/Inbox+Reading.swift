import Foundation
import GRDB
import GatewayContract
import MetaEvents
import RPCContract
import Storage
import Vocabulary

extension Inbox {
    func statistics(refused: Int) async throws -> InboxStatistics.Reply {
        try await read { db in
            func counter(_ name: String) throws -> Int {
                try Int.fetchOne(db, sql: "SELECT value FROM counter WHERE name = ?", arguments: [name]) ?? 0
            }
            let counts = try Row.fetchOne(
                db,
                sql: """
                    SELECT coalesce((SELECT max(id) FROM payload), 0) AS newest,
                      (SELECT count(*) FROM inboundEvent INDEXED BY inboundOrder WHERE state = 'pending' AND orderKey IS NOT NULL)
                        + (SELECT count(*) FROM inboundEvent INDEXED BY inboundStatus WHERE state = 'pending' AND lane = 'status') AS pending,
                      (SELECT count(*) FROM deadLetter WHERE state = 'open') AS dead
                    """
            )
            let unsplit = max(0, (counts?["newest"] ?? 0) - (try counter("splitTo")))
            return InboxStatistics.Reply(
                payloads: try counter("payloads") + unsplit,
                events: try counter("events"),
                duplicates: try counter("duplicates"),
                pending: (counts?["pending"] ?? 0) + unsplit,
                done: try counter("done"),
                dead: counts?["dead"] ?? 0,
                refused: refused
            )
        }
    }

    /// How many events wait, and for how long the oldest of them has.
    func waiting() async throws -> (pending: Int, oldest: Milliseconds) {
        let now = clock.now
        return try await read { db in
            // From the indexes alone: a backlog of a million must not cost each reading a million rows.
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT (SELECT count(*) FROM inboundEvent INDEXED BY inboundOrder WHERE state = 'pending' AND orderKey IS NOT NULL)
                        + (SELECT count(*) FROM inboundEvent INDEXED BY inboundStatus WHERE state = 'pending' AND lane = 'status') AS n,
                      min(
                        coalesce((SELECT receivedAt FROM inboundEvent INDEXED BY inboundStatus
                          WHERE state = 'pending' AND lane = 'status' ORDER BY id LIMIT 1), ?1),
                        coalesce((SELECT receivedAt FROM inboundEvent INDEXED BY inboundReady
                          WHERE lane = 'message' AND state = 'pending' AND ready = 1 ORDER BY nextAt, id LIMIT 1), ?1),
                        coalesce((SELECT receivedAt FROM inboundEvent INDEXED BY inboundReady
                          WHERE lane = 'management' AND state = 'pending' AND ready = 1 ORDER BY nextAt, id LIMIT 1), ?1)) AS oldest
                    """, arguments: [now])
            return (row?["n"] ?? 0, (row?["oldest"] as Timestamp?).map { now - $0 } ?? .zero)
        }
    }

    /// Events that one page looks through at most, so that it costs the same whatever is asked for.
    static let searched: Int64 = 5000

    /// Of what Meta wrote, after which a page ends: with the longest delivery behind it, it still fits a frame.
    static let pageBytes = 3_000_000

    private static let waiting = """
        SELECT id FROM inboundEvent INDEXED BY inboundOrder WHERE state = 'pending' AND orderKey IS NOT NULL
        UNION ALL SELECT id FROM inboundEvent INDEXED BY inboundStatus WHERE state = 'pending' AND lane = 'status'
        """

    func list(_ params: ListInbox.Params) async throws -> ListInbox.Reply {
        let limit = params.limit ?? 50
        return try await read { db in
            func end(_ function: String) throws -> Int64 {
                try Int64.fetchOne(db, sql: "SELECT \(function)(id) FROM inboundEvent") ?? 0
            }
            // Ids grow with time: a page looks through so many events, and the next goes on from there.
            let (start, oldest) = (try params.cursor?.number ?? end("max") + 1, try end("min"))
            let isSearched = params.state == .done || params.state == nil && params.kind != nil
            let least = isSearched ? max(oldest, max(0, start) - Self.searched) : oldest
            var conditions = ["id < ?", "id >= ?"]
            var arguments: StatementArguments = [start, least]
            if let kind = params.kind {
                conditions.append("kind = ?")
                arguments += [kind]
            }
            if let state = params.state {
                // Not bound, so that the index of that state can serve it.
                conditions.append("state = '\(state.rawValue)'")
            }
            // The oldest are what an operator looks for: found by the indexes of what waits.
            if params.state == .pending { conditions.append("id IN (\(Self.waiting))") }
            arguments += [limit]
            let table = params.state == .dead ? "inboundEvent INDEXED BY inboundDead" : "inboundEvent"
            let sql = "SELECT * FROM \(table) WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT ?"
            var (items, room): ([InboundEvent], Int) = ([], Self.pageBytes)
            let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
            while items.count < limit, room > 0, let row = try rows.next() {
                room -= (row["raw"] as String).utf8.count
                items.append(try InboundEvent(row))
            }
            // The last of a page may be as long as a whole delivery.
            let next = items.count == limit || room <= 0 ? items.last?.id : least > oldest ? least : nil
            return ListInbox.Reply(items: items, next: next.map { PageCursor($0) })
        }
    }

    /// Makes every handled event since a time pending again, piece by piece; receivers know what they have done.
    func replay(since: Timestamp) async throws -> Int {
        let now = clock.now
        // Effects from before that are not remembered, and would happen twice.
        let since = max(since, now - IdempotencyKeys.lifetime)
        let (first, last) = try await read { db in
            let last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM inboundEvent") ?? 0
            return (try Self.firstEvent(db, since: since, through: last), last)
        }
        var total = 0
        for start in stride(from: first, through: last, by: 1000) {
            try Task.checkCancellation()
            let range: StatementArguments = [start, min(start + 999, last)]
            total += try await write { db in
                try db.execute(
                    sql: """
                        UPDATE inboundEvent SET state = 'pending', ready = 0, attempts = 0, nextAt = ?
                        WHERE id BETWEEN ? AND ? AND receivedAt >= ? AND state = 'done'
                        """,
                    arguments: [now] + range + [since]
                )
                let count = db.changesCount
                try db.execute(
                    sql: """
                        UPDATE inboundEvent SET ready = 1 WHERE id BETWEEN ? AND ? AND state = 'pending' AND orderKey IS NOT NULL
                          AND NOT EXISTS (SELECT 1 FROM inboundEvent AS earlier INDEXED BY inboundOrder
                            WHERE earlier.orderKey = inboundEvent.orderKey AND earlier.state = 'pending' AND earlier.id < inboundEvent.id)
                        """,
                    arguments: range
                )
                try self.count(db, "done", -count)
                return count
            }
        }
        return total
    }

    /// The id from which on events are no older than `since`, found by halving: ids grow with time.
    private static func firstEvent(_ db: Database, since: Timestamp, through last: Int64) throws -> Int64 {
        var (low, high) = (Int64(1), last + 1)
        while low < high {
            let middle = low + (high - low) / 2
            let statement = try db.cachedStatement(sql: "SELECT receivedAt FROM inboundEvent WHERE id >= ? ORDER BY id LIMIT 1")
            if let at = try Timestamp.fetchOne(statement, arguments: [middle]), at < since { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Removes what has been handled and is older than `before`, 500 rows of a table in one transaction.
    ///
    /// Rows that a dead letter needs stay as long as it is open.
    func prune(before: Timestamp) async throws {
        try await prune(
            "payload", before, through: "coalesce((SELECT value FROM counter WHERE name = 'splitTo'), 0)",
            keeping: "EXISTS (SELECT 1 FROM deadLetter WHERE source = 'payload' AND reference = payload.id AND state = 'open')"
        )
        try await prune(
            "inboundEvent", before, through: "\(Int64.max)",
            keeping: """
                state = 'pending' OR EXISTS
                  (SELECT 1 FROM deadLetter WHERE source = 'event' AND reference = inboundEvent.id AND state = 'open')
                """
        )
        var removed = 500
        while removed == 500, !Task.isCancelled {
            removed = try await write { db in
                try db.execute(
                    sql: """
                        DELETE FROM deadLetter WHERE id IN
                          (SELECT id FROM deadLetter WHERE state IN ('retried', 'resolved') AND lastAt < ? LIMIT 500)
                        """,
                    arguments: [before]
                )
                return db.changesCount
            }
        }
    }

    private func prune(_ table: String, _ before: Timestamp, through limit: String, keeping: String) async throws {
        var position: Int64? = 0
        while let after = position, !Task.isCancelled {
            position = try await write { db in
                let rows = try Row.fetchAll(
                    db,
                    sql: "SELECT id, receivedAt FROM \(table) WHERE id > ? AND id <= \(limit) ORDER BY id LIMIT 500",
                    arguments: [after]
                )
                // Ids grow with time, but for rows written while the clock was wrong: a page without an old one ends it.
                guard let last = rows.last?["id"] as Int64?, rows.contains(where: { ($0["receivedAt"] as Timestamp) < before }) else {
                    return nil
                }
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE id > ? AND id <= ? AND receivedAt < ? AND NOT (\(keeping))",
                    arguments: [after, last, before]
                )
                return last
            }
        }
    }
}

extension InboundEvent {
    fileprivate init(_ row: Row) throws {
        let ids = try StoredEvent.userIDs(row).prefix(10)
        self.init(
            id: row["id"],
            kind: row["kind"],
            state: try row.word("state", in: "inboundEvent"),
            attempts: row["attempts"],
            receivedAt: row["receivedAt"],
            error: row["error"],
            raw: try JSON.decode(JSONValue.self, from: row["raw"] as String),
            phoneNumberID: (row["phoneNumberID"] as String?)?.cut(to: 256),
            contact: (row["contact"] as String?)?.cut(to: 256),
            contactName: (row["contactName"] as String?)?.cut(to: 1024),
            userIDs: ids.isEmpty ? nil : Array(ids)
        )
    }
}
