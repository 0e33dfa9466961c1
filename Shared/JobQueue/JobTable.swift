package import GRDB
import Storage
package import Vocabulary

/// The durable queue's table; every function works inside the caller's transaction.
///
/// Jobs that are not due yet are held apart, so that a claim looks at no job that it cannot give.
package enum JobTable {
    /// Creates the table and its indexes; called in a migration, once.
    package static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE job (
                  id INTEGER PRIMARY KEY AUTOINCREMENT,
                  queue TEXT NOT NULL,
                  key TEXT NOT NULL,
                  payload TEXT NOT NULL,
                  priority INTEGER NOT NULL,
                  state TEXT NOT NULL CHECK (state IN ('queued', 'held', 'leased', 'dead')),
                  attempts INTEGER NOT NULL DEFAULT 0,
                  notBefore INTEGER NOT NULL,
                  createdAt INTEGER NOT NULL,
                  lastError TEXT,
                  UNIQUE (queue, key)
                ) STRICT;
                CREATE INDEX jobReady ON job (queue, priority, id) WHERE state = 'queued';
                CREATE INDEX jobHeld ON job (queue, notBefore) WHERE state = 'held';
                """
        )
    }

    /// - Returns: whether the key was new.
    @discardableResult
    package static func enqueue(
        _ db: Database,
        queue: String,
        key: String,
        payload: String,
        priority: Int = 100,
        notBefore: Timestamp,
        now: Timestamp
    ) throws -> Bool {
        try db.cachedStatement(
            sql: """
                INSERT INTO job (queue, key, payload, priority, state, notBefore, createdAt)
                VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """
        )
        .execute(arguments: [queue, key, payload, priority, notBefore > now ? "held" : "queued", notBefore, now])
        return db.changesCount == 1
    }

    /// Leases up to `limit` jobs that are due, by priority, then age.
    ///
    /// - Parameters:
    ///   - priority: only jobs of this priority and before it.
    ///   - admit: what is to become of a job that could be leased.
    package static func claim(
        _ db: Database,
        queue: String,
        limit: Int,
        upTo priority: Int = .max,
        now: Timestamp,
        admit: (Database, Job) throws -> JobAdmission = { _, _ in .lease }
    ) throws -> [Job] {
        try releaseDue(db, queue: queue, now: now)
        guard limit > 0 else { return [] }
        let rows = try Row.fetchAll(
            try db.cachedStatement(
                sql: "SELECT * FROM job WHERE queue = ? AND state = 'queued' AND priority <= ? ORDER BY priority, id LIMIT ?"),
            arguments: [queue, priority, limit]
        )
        var leased: [Job] = []
        for row in rows {
            let job = Job(row)
            switch try admit(db, job) {
            case .lease: break
            case .postpone(let pause):
                try postpone(db, id: job.id, until: now + pause)
                continue
            case .settle(let also):
                try complete(db, id: job.id)
                try also(db)
                continue
            }
            try db.cachedStatement(sql: "UPDATE job SET state = 'leased', attempts = attempts + 1 WHERE id = ?")
                .execute(arguments: [job.id])
            var claimed = job
            claimed.attempts += 1
            leased.append(claimed)
        }
        return leased
    }

    /// Jobs that were held until now may be claimed; the rest of many follows with the next claim.
    private static func releaseDue(_ db: Database, queue: String, now: Timestamp) throws {
        try db.cachedStatement(
            sql: """
                UPDATE job SET state = 'queued' WHERE id IN
                  (SELECT id FROM job WHERE queue = ? AND state = 'held' AND notBefore <= ? ORDER BY notBefore LIMIT 1000)
                """
        )
        .execute(arguments: [queue, now])
    }

    /// The latest moment that the queue's held jobs are known to have been made at; nil where none is held.
    static func lastMade(_ db: Database, queue: String) throws -> Timestamp? {
        try Timestamp.fetchOne(db, sql: "SELECT max(createdAt) FROM job WHERE queue = ? AND state = 'held'", arguments: [queue])
    }

    /// The clock was set back: what is held waits as long as it would have.
    ///
    /// Nothing is left that was made later than `now`, whatever its state: the next start finds no step any more, also where it is held by then.
    package static func rebase(_ db: Database, queue: String, by step: Milliseconds, at now: Timestamp) throws {
        try db.execute(
            sql: """
                UPDATE job SET notBefore = notBefore - iif(state = 'held', ?1, 0), createdAt = min(createdAt, ?2)
                WHERE queue = ?3 AND (state = 'held' OR createdAt > ?2)
                """,
            arguments: [step.count, now, queue])
    }

    /// The same for some queues, before any of them is worked on.
    ///
    /// A queue that has followed the step already has nothing that was made later than `now`, and is left as it is. What is ready is
    /// not seen as made later, either, once it is held.
    package static func rebase(_ db: Database, queues prefix: String, by step: Milliseconds, at now: Timestamp) throws {
        try db.execute(
            sql: """
                UPDATE job SET notBefore = notBefore - iif(state = 'held' AND queue IN (
                  SELECT queue FROM job WHERE queue >= ?3 AND queue < ?4 AND state = 'held' AND createdAt > ?2), ?1, 0),
                  createdAt = min(createdAt, ?2)
                WHERE queue >= ?3 AND queue < ?4
                """,
            arguments: [step.count, now, prefix, prefix + "\u{10FFFF}"])
    }

    /// Removes a job that is done.
    package static func complete(_ db: Database, id: Int64) throws {
        try db.cachedStatement(sql: "DELETE FROM job WHERE id = ?").execute(arguments: [id])
    }

    /// Puts a leased job back until a moment.
    package static func retry(_ db: Database, id: Int64, at time: Timestamp, error: String) throws {
        try db.cachedStatement(sql: "UPDATE job SET state = 'held', notBefore = ?, lastError = ? WHERE id = ?")
            .execute(arguments: [time, error, id])
    }

    /// Takes back the attempt that the lease of a job has counted: it was none of its own.
    package static func uncount(_ db: Database, queue: String, key: String) throws {
        try db.cachedStatement(sql: "UPDATE job SET attempts = max(0, attempts - 1) WHERE queue = ? AND key = ?")
            .execute(arguments: [queue, key])
    }

    /// Gives a leased job up; it stays as a dead one.
    package static func bury(_ db: Database, id: Int64, error: String) throws {
        try db.cachedStatement(sql: "UPDATE job SET state = 'dead', lastError = ? WHERE id = ?").execute(arguments: [error, id])
    }

    /// Holds a job that was not leased until a moment; no attempt is counted.
    package static func postpone(_ db: Database, id: Int64, until time: Timestamp) throws {
        try db.cachedStatement(sql: "UPDATE job SET state = 'held', notBefore = ? WHERE id = ?").execute(arguments: [time, id])
    }

    /// Removes a job that is not being worked on; whether there was one.
    package static func cancel(_ db: Database, queue: String, key: String) throws -> Bool {
        try db.execute(sql: "DELETE FROM job WHERE queue = ? AND key = ? AND state <> 'leased'", arguments: [queue, key])
        return db.changesCount == 1
    }

    /// Puts a dead job back into its queue.
    package static func revive(_ db: Database, id: Int64, now: Timestamp) throws -> Bool {
        try db.execute(
            sql: "UPDATE job SET state = 'queued', attempts = 0, notBefore = ? WHERE id = ? AND state = 'dead'", arguments: [now, id])
        return db.changesCount == 1
    }

    /// Jobs that were leased when the process ended: nobody works on them any more.
    package static func lost(_ db: Database, queues prefix: String) throws -> [Job] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM job WHERE state = 'leased' AND queue >= ? AND queue < ?", arguments: [prefix, prefix + "\u{10FFFF}"]
        )
        .map(Job.init)
    }

    /// Nothing of some queues is held for longer than until `time`.
    package static func bound(_ db: Database, queues prefix: String, by time: Timestamp) throws {
        try db.execute(
            sql: "UPDATE job SET notBefore = ?1 WHERE state = 'held' AND queue >= ?2 AND queue < ?3 AND notBefore > ?1",
            arguments: [time, prefix, prefix + "\u{10FFFF}"])
    }

    /// Puts a job that nobody works on into another queue, due now; whether it was there and the other had none of its key.
    package static func move(_ db: Database, key: String, from: String, to: String, now: Timestamp) throws -> Bool {
        try db.cachedStatement(
            sql:
                "UPDATE OR IGNORE job SET queue = ?, state = 'queued', notBefore = ? WHERE queue = ? AND key = ? AND state IN ('queued', 'held')"
        )
        .execute(arguments: [to, now, from, key])
        return db.changesCount == 1
    }

    /// Jobs that were held back before any attempt of their own may be looked at again, those whose attempt was given back included.
    package static func releaseUntried(_ db: Database, queue: String, now: Timestamp) throws {
        try db.execute(
            sql: "UPDATE job SET notBefore = ? WHERE queue = ? AND state = 'held' AND attempts = 0", arguments: [now, queue])
    }

    /// Gives a job another payload.
    package static func replace(_ db: Database, id: Int64, payload: String) throws {
        try db.cachedStatement(sql: "UPDATE job SET payload = ? WHERE id = ?").execute(arguments: [payload, id])
    }

    /// When the next job of the queue is due; nil where none waits.
    ///
    /// - Parameter priority: of what waits, only what has this priority or comes before it.
    package static func nextDue(_ db: Database, queue: String, upTo priority: Int = .max) throws -> Timestamp? {
        let waiting = try db.cachedStatement(
            sql: "SELECT notBefore FROM job WHERE queue = ? AND state = 'queued' AND priority <= ? LIMIT 1")
        if let due = try Timestamp.fetchOne(waiting, arguments: [queue, priority]) { return due }
        let held = try db.cachedStatement(sql: "SELECT min(notBefore) FROM job WHERE queue = ? AND state = 'held'")
        return try Timestamp.fetchOne(held, arguments: [queue])
    }

    /// Until when a job of this key is held back; nil where it is not.
    package static func notBefore(_ db: Database, queue: String, key: String) throws -> Timestamp? {
        try Timestamp.fetchOne(
            db.cachedStatement(sql: "SELECT notBefore FROM job WHERE queue = ? AND key = ? AND state = 'held'"), arguments: [queue, key])
    }

    /// Whether a queue has a job of this key.
    package static func isThere(_ db: Database, queue: String, key: String) throws -> Bool {
        try Int.fetchOne(db.cachedStatement(sql: "SELECT 1 FROM job WHERE queue = ? AND key = ?"), arguments: [queue, key]) != nil
    }

    /// A job of a queue, if it is there and dead or not as asked.
    package static func find(_ db: Database, queue: String, id: Int64) throws -> (job: Job, isDead: Bool)? {
        try Row.fetchOne(db, sql: "SELECT * FROM job WHERE id = ? AND queue = ?", arguments: [id, queue])
            .map { (Job($0), $0["state"] == Job.State.dead.rawValue) }
    }

    /// The jobs of a queue whose keys begin with a text, in the order of their keys.
    package static func all(_ db: Database, queue: String, keysFrom prefix: String) throws -> [(job: Job, isDead: Bool)] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT * FROM job WHERE queue = ? AND key >= ? AND key < ? ORDER BY key"),
            arguments: [queue, prefix, prefix + "\u{10FFFF}"]
        )
        .map { (Job($0), $0["state"] == Job.State.dead.rawValue) }
    }

    /// For queues whose dead jobs are listed: they stay until somebody looks at them, however many there are.
    package static func indexDead(_ db: Database) throws {
        try db.execute(sql: "CREATE INDEX jobDead ON job (queue, id) WHERE state = 'dead'")
    }

    /// The newest jobs of a queue, dead or not, that satisfy a condition.
    package static func newest(_ db: Database, queue: String, isDead: Bool, limit: Int, where isMeant: (Job) throws -> Bool) throws -> [Job]
    {
        var found: [Job] = []
        // The state stands in the statement, so that the index of dead jobs serves it.
        let rows = try Row.fetchCursor(
            db, sql: "SELECT * FROM job WHERE queue = ? AND state \(isDead ? "=" : "<>") 'dead' ORDER BY id DESC", arguments: [queue])
        while found.count < limit, let row = try rows.next() {
            let job = Job(row)
            if try isMeant(job) { found.append(job) }
        }
        return found
    }

    /// How many jobs of some queues are in some states.
    package static func count(_ db: Database, queues prefix: String, states: Set<Job.State>) throws -> Int {
        try Int.fetchOne(
            db,
            sql: "SELECT count(*) FROM job WHERE state IN (\(databaseQuestionMarks(count: states.count))) AND queue >= ? AND queue < ?",
            arguments: StatementArguments(states.map(\.rawValue)) + [prefix, prefix + "\u{10FFFF}"]) ?? 0
    }
}
