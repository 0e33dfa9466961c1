package import GRDB
package import RPCContract
import Synchronization
package import Vocabulary

/// A process's durable event log: appended in the transaction of what it tells of, read with a cursor.
package final class EventLog: Sendable {
    private let pool: DatabasePool
    private let reads: Reads
    private let waiters = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])
    private let nextWaiter = Mutex(0)

    package init(_ reads: Reads) {
        pool = reads.pool
        self.reads = reads
    }

    /// The table; each process's first migration makes it.
    package static func createTable(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE event (
                  cursor INTEGER PRIMARY KEY AUTOINCREMENT,
                  at INTEGER NOT NULL,
                  type TEXT NOT NULL CHECK (length(type) BETWEEN 1 AND 64),
                  workspace TEXT NOT NULL,
                  subject TEXT NOT NULL,
                  data TEXT NOT NULL
                ) STRICT
                """
        )
    }

    /// Appends inside the caller's transaction; followers are told once it has committed.
    package func append(_ db: Database, at: Timestamp, type: String, workspace: String, subject: String, data: JSONValue) throws {
        try db.cachedStatement(sql: "INSERT INTO event (at, type, workspace, subject, data) VALUES (?, ?, ?, ?, ?)")
            .execute(arguments: [at, type, workspace, subject, JSON.text(data)])
        guard waiters.withLock({ !$0.isEmpty }) else { return }
        db.afterCommit { [self] in
            waiters.withLock { for continuation in $0.values { continuation.yield() } }
        }
    }

    package func read(_ params: EventsRead.Params, workspace: String?) async throws -> EventsRead.Reply {
        let limit = params.limit ?? 100
        return try await reads.read { db in
            var sql = "SELECT * FROM event WHERE cursor > ?"
            var arguments: StatementArguments = [params.after]
            if let workspace {
                sql += " AND workspace = ?"
                arguments += [workspace]
            }
            if let types = params.types, !types.isEmpty {
                sql += " AND type IN (\(databaseQuestionMarks(count: types.count)))"
                arguments += StatementArguments(types)
            }
            sql += " ORDER BY cursor LIMIT ?"
            arguments += [limit]
            let items = try Row.fetchAll(db, sql: sql, arguments: arguments).map { row in
                Event(
                    cursor: row["cursor"],
                    at: row["at"],
                    type: row["type"],
                    workspace: row["workspace"],
                    subject: row["subject"],
                    data: try JSON.decode(JSONValue.self, from: row["data"] as String)
                )
            }
            // A short page has seen everything: the cursor moves past rows that were filtered out.
            let last = try items.count < limit ? Int64.fetchOne(db, sql: "SELECT max(cursor) FROM event") ?? 0 : items.last?.cursor ?? 0
            return EventsRead.Reply(items: items, next: max(last, params.after))
        }
    }

    /// Gives every event after the cursor, then waits for more, until cancelled.
    package func follow(_ params: EventsRead.Params, workspace: String?, each: (Event) async throws -> Void) async throws -> Int64 {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let key = nextWaiter.withLock { next in
            next += 1
            return next
        }
        waiters.withLock { $0[key] = continuation }
        defer { _ = waiters.withLock { $0.removeValue(forKey: key) } }
        var position = params
        continuation.yield()
        for await _ in signals {
            while true {
                let page = try await read(position, workspace: workspace)
                for event in page.items { try await each(event) }
                position.after = page.next
                if page.items.count < position.limit ?? 100 { break }
            }
        }
        return position.after
    }

    /// Removes what is older than `before`, oldest first, a thousand events in one transaction.
    package func prune(before: Timestamp) async throws {
        var position: Int64? = 0
        while let after = position, !Task.isCancelled {
            position = try await pool.write { db in
                let last = try Int64.fetchOne(
                    db, sql: "SELECT max(cursor) FROM (SELECT cursor FROM event WHERE cursor > ? ORDER BY cursor LIMIT 1000)",
                    arguments: [after])
                try db.execute(sql: "DELETE FROM event WHERE cursor > ? AND cursor <= ? AND at < ?", arguments: [after, last, before])
                return db.changesCount > 0 ? last : nil
            }
        }
    }
}
