import Coordination
package import GRDB
package import RPCContract
import Synchronization
package import Vocabulary

/// A process's durable event log: appended in the transaction of what it tells of, read with a cursor.
package final class EventLog: Sendable {
    private let pool: DatabasePool
    private let reads: Reads
    private let waiters = Mutex(Waiters())

    /// Who waits for the next event.
    private struct Waiters {
        var wakeups: [Int: Wakeup] = [:]
        var next = 0
    }

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

    /// The index by which events of some types are found; a migration of each process makes it.
    package static func createTypeIndex(_ db: Database) throws {
        try db.execute(sql: "CREATE INDEX eventByType ON event (type, workspace)")
    }

    /// Removes the events of every other kind, for a migration; `kind` is what their types begin with.
    package static func keepOnly(_ db: Database, kind: String) throws {
        try db.execute(sql: "DELETE FROM event WHERE substr(type, 1, ?) != ?", arguments: [kind.count + 1, "\(kind)."])
    }

    /// Appends inside the caller's transaction; followers are told once it has committed.
    package func append(_ db: Database, at: Timestamp, type: String, workspace: String, subject: String, data: JSONValue) throws {
        try db.cachedStatement(sql: "INSERT INTO event (at, type, workspace, subject, data) VALUES (?, ?, ?, ?, ?)")
            .execute(arguments: [at, type, workspace, subject, JSON.text(data)])
        // Looked for once it is there: who begins to wait in between has not read it, either.
        db.afterCommit { [self] in waiters.withLock { for wakeup in $0.wakeups.values { wakeup.set() } } }
    }

    /// Reads a page; where there is none yet, waits as long as it is asked to.
    package func read(_ params: EventsRead.Params, workspace: String?) async throws -> EventsRead.Reply {
        guard var after = params.after else {
            return EventsRead.Reply(items: [], next: try await reads.read { try Self.end(of: $0) })
        }
        let wait = params.wait ?? .zero
        guard wait > .zero else { return try await page(params, after: after, workspace: workspace) }
        let (key, wakeup) = enter()
        defer { leave(key) }
        let end = ContinuousClock.now + wait.duration
        while true {
            let reply = try await page(params, after: after, workspace: workspace)
            let left = end - .now
            guard reply.items.isEmpty, reply.isCut != true, left > .zero, !Task.isCancelled else {
                return reply
            }
            after = reply.next
            await wakeup.wait(atMost: left)
        }
    }

    /// Rows that one read looks at where no index finds what is asked for: it holds up no other reader.
    private static let scanned: Int64 = 10_000

    /// The next events that fit; a page that is not full has seen everything.
    private func page(_ params: EventsRead.Params, after: Int64, workspace: String?) async throws -> EventsRead.Reply {
        let limit = params.limit ?? 100
        var reply = EventsRead.Reply(items: [], next: after)
        while true {
            let (piece, end) = try await piece(
                params.types ?? [], after: reply.next, limit: limit - reply.items.count, workspace: workspace)
            reply.items += piece.items
            reply.next = piece.next
            if piece.isCut == true { reply.isCut = true }
            guard reply.items.count < limit, reply.next < end, !Task.isCancelled else { return reply }
        }
    }

    /// Events among the next rows, and the end of the log.
    private func piece(_ types: [String], after: Int64, limit: Int, workspace: String?) async throws -> (EventsRead.Reply, end: Int64) {
        try await reads.read { db in
            let end = try Self.end(of: db)
            // Restored from an earlier copy, it gives its numbers again: who was ahead has lost what came since, and goes on from here.
            guard after <= end else { return (EventsRead.Reply(items: [], next: end, isCut: true), end) }
            let first = try Int64.fetchOne(db, sql: "SELECT min(cursor) FROM event")
            // What was removed is passed over at once.
            let from = max(after, first.map { $0 - 1 } ?? end)
            var last = end - from > Self.scanned ? from + Self.scanned : end
            let rows: [Row]
            if let workspace, !types.isEmpty {
                last = end
                rows = try Self.found(db, types, in: workspace, after: from, upTo: last, limit: limit)
            } else {
                rows = try Self.looked(db, types, in: workspace, after: from, upTo: last, limit: limit)
            }
            let items = try rows.map { row in
                Event(
                    cursor: row["cursor"],
                    at: row["at"],
                    type: row["type"],
                    workspace: row["workspace"],
                    subject: row["subject"],
                    data: try JSON.decode(JSONValue.self, from: row["data"] as String)
                )
            }
            // The cursor moves past rows that were filtered out.
            let next = items.count < limit ? last : items.last?.cursor ?? last
            // The log begins with 1, and numbers are given out without gaps.
            let isCut = first.map { $0 > after + 1 } ?? (end > after)
            return (EventsRead.Reply(items: items, next: max(next, after), isCut: isCut ? true : nil), end)
        }
    }

    /// Events of some types in one workspace, by the index: it costs the same however many others lie between them.
    private static func found(
        _ db: Database, _ types: [String], in workspace: String, after: Int64, upTo last: Int64, limit: Int
    ) throws -> [Row] {
        // Type by type, as each is in order by itself.
        let statement = try db.cachedStatement(
            sql: "SELECT cursor FROM event WHERE type = ? AND workspace = ? AND cursor > ? AND cursor <= ? ORDER BY cursor LIMIT ?")
        var cursors: [Int64] = []
        for type in Set(types) { cursors += try Int64.fetchAll(statement, arguments: [type, workspace, after, last, limit]) }
        let page = cursors.sorted().prefix(limit)
        guard !page.isEmpty else { return [] }
        return try Row.fetchAll(
            db, sql: "SELECT * FROM event WHERE cursor IN (\(databaseQuestionMarks(count: page.count))) ORDER BY cursor",
            arguments: StatementArguments(page))
    }

    /// Events among the rows after a cursor, looked at one by one.
    private static func looked(
        _ db: Database, _ types: [String], in workspace: String?, after: Int64, upTo last: Int64, limit: Int
    ) throws -> [Row] {
        var sql = "SELECT * FROM event WHERE cursor > ? AND cursor <= ?"
        var arguments: StatementArguments = [after, last]
        if let workspace {
            sql += " AND workspace = ?"
            arguments += [workspace]
        }
        if !types.isEmpty {
            // With a plus, so that the order stays the cursor's.
            sql += " AND +type IN (\(databaseQuestionMarks(count: types.count)))"
            arguments += StatementArguments(types)
        }
        sql += " ORDER BY cursor LIMIT ?"
        arguments += [limit]
        return try Row.fetchAll(db, sql: sql, arguments: arguments)
    }

    /// When the latest event was appended; nil where there is none.
    package static func lastAt(_ db: Database) throws -> Timestamp? {
        try Timestamp.fetchOne(db, sql: "SELECT at FROM event WHERE cursor = (SELECT max(cursor) FROM event)")
    }

    /// The last cursor that was given out, also where its event has been removed.
    private static func end(of db: Database) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'") ?? 0
    }

    private func enter() -> (Int, Wakeup) {
        let wakeup = Wakeup()
        return waiters.withLock { waiters in
            waiters.next += 1
            waiters.wakeups[waiters.next] = wakeup
            return (waiters.next, wakeup)
        }
    }

    private func leave(_ key: Int) { _ = waiters.withLock { $0.wakeups.removeValue(forKey: key) } }

    /// Gives every event after the cursor, then waits for more, until cancelled.
    package func follow(_ params: EventsFollow.Params, workspace: String?, each: (Event) async throws -> Void) async throws -> Int64 {
        let (key, wakeup) = enter()
        defer { leave(key) }
        let limit = params.limit ?? 100
        var position = EventsRead.Params(after: params.after, limit: limit, types: params.types)
        var next = params.after
        while !Task.isCancelled {
            let page = try await page(position, after: next, workspace: workspace)
            for event in page.items { try await each(event) }
            next = page.next
            position.after = next
            if page.items.count < limit { await wakeup.wait() }
        }
        return next
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
                if db.changesCount > 0 { return last }
                // What a clock that was ahead has written tells nothing of what lies behind it.
                let latest = try Timestamp.fetchOne(
                    db, sql: "SELECT max(at) FROM event WHERE cursor > ? AND cursor <= ?", arguments: [after, last])
                guard let latest, let end = try Self.lastAt(db) else { return nil }
                return latest > end ? last : nil
            }
        }
    }
}
