import GRDB
import JobQueue
import PosterContract
import RPCContract
import Storage
import Vocabulary

/// Removes what is too old, and what belongs to endpoints that are gone: a thousand deliveries in one transaction.
extension Deliveries {
    private static let piece = 1000

    func prune(before time: Timestamp) async throws {
        var isLeft = true
        while isLeft, !Task.isCancelled {
            isLeft = try await store.write { [self] db in
                // By their age and not in their order: what was made by a clock that was ahead keeps nothing older.
                let rows = try Row.fetchAll(
                    db, sql: "SELECT n, endpoint, lane, state FROM delivery WHERE createdAt < ? ORDER BY createdAt LIMIT ?",
                    arguments: [time, Self.piece])
                try remove(db, rows)
                return rows.count == Self.piece
            }
        }
    }

    /// Of endpoints that are gone.
    func pruneGone() async throws {
        let gone = try await store.read { db in try String.fetchAll(db, sql: "SELECT endpoint FROM endpointGone") }
        for endpoint in gone {
            var isLeft = true
            while isLeft, !Task.isCancelled {
                isLeft = try await store.write { [self] db in
                    let rows = try Row.fetchAll(
                        db, sql: "SELECT n, endpoint, NULL AS lane, state FROM delivery WHERE endpoint = ? ORDER BY n LIMIT ?",
                        arguments: [endpoint, Self.piece])
                    try remove(db, rows)
                    if rows.isEmpty { try db.execute(sql: "DELETE FROM endpointGone WHERE endpoint = ?", arguments: [endpoint]) }
                    return !rows.isEmpty
                }
            }
        }
    }

    private func remove(_ db: Database, _ rows: [Row]) throws {
        for row in rows {
            let (n, endpoint): (Int64, String) = (row["n"], row["endpoint"])
            try db.cachedStatement(sql: "DELETE FROM delivery WHERE n = ?").execute(arguments: [n])
            let state: EventDelivery.State = try row.word("state", in: "delivery")
            guard state == .pending else { continue }
            _ = try JobTable.cancel(db, queue: Self.queue(endpoint), key: String(n))
            try db.count(Self.waiting(endpoint), by: -1)
            try release(db, endpoint, lane: row["lane"])
        }
    }

    /// Forgets recoveries that have ended long ago.
    func pruneRecoveries(before time: Timestamp) async throws {
        try await store.write { db in
            try db.execute(sql: "DELETE FROM recovery WHERE state <> 'running' AND endedAt < ?", arguments: [time])
        }
    }
}
