import Coordination
import Foundation
import GRDB
import GatewayContract
import JobQueue
import Metrics
import RPCContract
import Storage
import Vocabulary

/// Owns what Meta has delivered: raw payloads, the events in them, and where each stands.
struct Inbox: Sendable {
    let pool: DatabasePool
    private let reads: Reads
    let clock: WallClock
    let gaps: DeliveryGaps
    /// Meta repeats a delivery for up to 7 days, so a key is remembered longer.
    let keyLifetime: Milliseconds
    /// A step of taking payloads apart ends with the one that reaches so many bytes.
    private let stepBytes = 64 * 1024
    private let commits: GroupCommit
    /// New payloads wait to be split.
    let arrived = Wakeup()
    /// When each lane was looked at last.
    private let lookedAt = Mutexed<[Payload.Lane: Timestamp]>([:])
    private let lastStored = Mutexed<Timestamp?>(nil)

    init(reads: Reads, clock: WallClock, gaps: DeliveryGaps, keyLifetime: Milliseconds, waiting: Int) {
        pool = reads.pool
        self.reads = reads
        self.clock = clock
        self.gaps = gaps
        self.keyLifetime = keyLifetime
        commits = GroupCommit(pool, appendLimit: waiting, batch: 1024)
    }

    /// Stores a request's body; when `then` is called without an error, the body survives a crash.
    func append(_ body: Data, then: @escaping @Sendable ((any Error)?) -> Void) {
        let now = clock.now
        commits.append { [gaps] db in
            try db.cachedStatement(sql: "INSERT INTO payload (receivedAt, body) VALUES (?, ?)").execute(arguments: [now, body])
            try gaps.end(db, at: now)
        } then: { [arrived, clock, gaps, lastStored] error in
            if error == nil {
                lastStored.with { $0 = clock.now }
                gaps.stored(at: now)
                arrived.set()
            }
            then(error)
        }
    }

    /// Whether a delivery was stored in the last moments.
    var isTakingDeliveries: Bool { lastStored.value.map { (0..<50).contains(clock.now - $0) } ?? false }

    /// Takes the oldest payloads apart, as many as are small; returns how many there were.
    func splitNext(_ limit: Int) async throws -> Int {
        let payloads = try await read { db in
            let rows = try Row.fetchCursor(
                db.cachedStatement(
                    sql: """
                        SELECT id, receivedAt, body FROM payload
                        WHERE id > coalesce((SELECT value FROM counter WHERE name = 'splitTo'), 0) ORDER BY id LIMIT ?
                        """
                ),
                arguments: [limit]
            )
            var payloads: [StoredPayload] = []
            var bytes = 0
            while bytes < stepBytes, let payload = try rows.next().map(StoredPayload.init) {
                payloads.append(payload)
                bytes += payload.body.count
            }
            return payloads
        }
        guard !payloads.isEmpty else { return 0 }
        do {
            try await split(payloads.map { ($0, $0.parts) })
        } catch let error as DatabaseError where error.blamesItsRow {
            // One that cannot be written must not hold up the others.
            for payload in payloads {
                do {
                    try await split([(payload, payload.parts)])
                } catch let error as DatabaseError where error.blamesItsRow {
                    try await split([(payload, .failure(.notStored(error)))])
                }
            }
        }
        return payloads.count
    }

    /// Counts the starts at which the same payload was the first to be taken apart: the process may have died of it.
    ///
    /// After three such starts it becomes a dead letter, which can be retried with a version that survives it.
    /// - Returns: how many payloads are to be taken apart one by one.
    func noteStart() async throws -> Int {
        let now = clock.now
        return try await commits.write { [self] db in
            let splitTo = try value(db, "splitTo")
            let row = try Row.fetchOne(db, sql: "SELECT id, receivedAt FROM payload WHERE id > ? ORDER BY id LIMIT 1", arguments: [splitTo])
            guard let row else { return 0 }
            let id: Int64 = row["id"]
            let starts = try value(db, "splitFirst") == id ? try value(db, "splitStarts") + 1 : 1
            try set(db, "splitFirst", id)
            try set(db, "splitStarts", starts)
            guard starts > Self.starts else { return starts > 1 ? Self.suspects : 0 }
            try DeadLetters.bury(
                db, source: .payload, reference: id, kind: "payload", reason: "splitter_lost",
                error: "The gateway ended \(starts - 1) times while it took this payload apart.", attempts: Int(starts - 1),
                firstAt: row["receivedAt"], lastAt: now)
            try gaps.bury(db, from: row["receivedAt"], at: now)
            try set(db, "splitTo", id)
            return Self.suspects
        }
    }

    /// Starts with the same first payload after which it is put aside.
    private static let starts = 3
    /// Payloads that one step may have had in hand.
    private static let suspects = 64

    func value(_ db: Database, _ name: String) throws -> Int64 {
        try Int64.fetchOne(db, sql: "SELECT value FROM counter WHERE name = ?", arguments: [name]) ?? 0
    }

    private func split(_ payloads: [(StoredPayload, Result<Payload, Payload.Problem>)]) async throws {
        try await commits.write { db in
            try split(db, payloads)
            if let last = payloads.last?.0.id { try set(db, "splitTo", last) }
            try count(db, "payloads", payloads.count)
        }
    }

    /// Inside a transaction: their events become pending; what cannot be taken apart becomes a dead letter.
    func split(_ db: Database, _ payloads: [(StoredPayload, Result<Payload, Payload.Problem>)]) throws {
        var found = 0
        var duplicates = 0
        for (payload, outcome) in payloads {
            switch outcome {
            case .success(let content):
                found += content.parts.count
                for part in content.parts where try !insert(db, part, of: payload) { duplicates += 1 }
            case .failure(let problem):
                try DeadLetters.bury(
                    db, source: .payload, reference: payload.id, kind: "payload", reason: problem.reason, error: problem.explanation,
                    attempts: 1, firstAt: payload.receivedAt, lastAt: clock.now
                )
                try gaps.bury(db, from: payload.receivedAt, at: clock.now)
            }
        }
        try count(db, "events", found)
        try count(db, "duplicates", duplicates)
        let repeated = duplicates
        if repeated > 0 {
            db.afterCommit { Counter(label: "linda_inbox_duplicates_total").increment(by: repeated) }
        }
    }

    /// - Returns: whether the event was new.
    private func insert(_ db: Database, _ part: Payload.Part, of payload: StoredPayload) throws -> Bool {
        let receivedAt = payload.receivedAt
        // Meta delivers again what it was not answered 200 for, most of it within minutes.
        let moment = part.isOfTheMoment ? "@\(receivedAt.floored(to: .minutes(10)).milliseconds)" : ""
        let key = part.dedupeKey + moment
        guard try IdempotencyKeys.take(db, key, expiresAt: receivedAt + keyLifetime) else { return false }
        try db.cachedStatement(
            sql: """
                INSERT INTO inboundEvent
                  (payloadID, lane, kind, orderKey, dedupeKey, entryID, phoneNumberID, contact, contactName, userIDs, contactProfile, raw, state, ready, nextAt, receivedAt)
                VALUES (?, ?, ?, ?4, ?, ?, ?, ?, ?, ?, ?, ?, 'pending',
                  ?4 IS NOT NULL AND NOT EXISTS (SELECT 1 FROM inboundEvent INDEXED BY inboundOrder WHERE orderKey = ?4 AND state = 'pending'),
                  min(?13, ?14), ?13)
                """
        )
        .execute(arguments: [
            payload.id, part.lane.rawValue, part.kind, part.orderKey, key, part.entryID, part.phoneNumberID, part.contact,
            part.contactName, part.userIDs.isEmpty ? nil : try JSON.text(part.userIDs), try part.profile.map { try JSON.text($0) },
            JSON.text(part.raw), receivedAt, clock.now,
        ])
        return true
    }

    /// Events of a lane that may be handled now, without those being handled; statuses in the order in which they came.
    func ready(_ lane: Payload.Lane, limit: Int, excluding: Set<Int64>) async throws -> (items: [StoredEvent], due: Timestamp?) {
        let now = clock.now
        guard lane != .status else { return (try await statuses(limit: limit, excluding: excluding), nil) }
        try await rebase(lane, at: now)
        // Named, because without statistics SQLite would take an index that reads every pending event.
        let condition = "INDEXED BY inboundReady WHERE lane = '\(lane.rawValue)' AND ready = 1 AND state = 'pending'"
        return try await read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(sql: "SELECT * FROM inboundEvent \(condition) AND nextAt <= ? ORDER BY nextAt, id LIMIT ?"),
                arguments: [now, limit + excluding.count])
            let items = try rows.map(StoredEvent.init).filter { !excluding.contains($0.id) }
            // Events that wait for a later moment matter only where nothing can be done now.
            guard items.isEmpty else { return (Array(items.prefix(limit)), nil) }
            let due = try Timestamp.fetchOne(
                db.cachedStatement(sql: "SELECT min(nextAt) FROM inboundEvent \(condition) AND nextAt > ?"), arguments: [now])
            return ([], due)
        }
    }

    /// No status waits for a moment of its own: whichever clock it came by, none that came later goes first.
    private func statuses(limit: Int, excluding: Set<Int64>) async throws -> [StoredEvent] {
        try await read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT * FROM inboundEvent INDEXED BY inboundStatus WHERE lane = 'status' AND state = 'pending'
                        ORDER BY id LIMIT ?
                        """),
                arguments: [limit + excluding.count])
            return Array(try rows.map(StoredEvent.init).filter { !excluding.contains($0.id) }.prefix(limit))
        }
    }

    /// Once the clock was set back, perhaps while nobody looked, events wait for moments that are hours away: they are tried now.
    private func rebase(_ lane: Payload.Lane, at now: Timestamp) async throws {
        if lookedAt.value[lane].map({ now < $0 }) ?? true {
            try await commits.write { db in
                try db.execute(
                    sql: """
                        UPDATE inboundEvent INDEXED BY inboundReady SET nextAt = ?1
                        WHERE lane = ?2 AND ready = 1 AND state = 'pending' AND nextAt > ?1
                        """,
                    arguments: [now, lane.rawValue])
            }
        }
        // Only now: where it could not be written, the next look tries it again.
        lookedAt.with { $0[lane] = now }
    }

    func finish(_ handled: [StoredEvent]) async throws {
        try await commits.write { db in
            for event in handled {
                try db.cachedStatement(sql: "UPDATE inboundEvent SET state = 'done', attempts = attempts + 1, error = NULL WHERE id = ?")
                    .execute(arguments: [event.id])
                try release(db, event.part.orderKey)
            }
            try count(db, "done", handled.count)
        }
    }

    /// - Parameter isAttempt: counts against the event; not where the other side was away.
    func postpone(_ waiting: [StoredEvent], by pause: Duration, isAttempt: Bool = true, error: String) async throws {
        let next = clock.now + Milliseconds(pause)
        try await commits.write { db in
            for event in waiting {
                try db.cachedStatement(sql: "UPDATE inboundEvent SET attempts = attempts + ?, nextAt = ?, error = ? WHERE id = ?")
                    .execute(arguments: [isAttempt ? 1 : 0, next, error, event.id])
            }
        }
    }

    func bury(_ event: StoredEvent, reason: String, error: String) async throws {
        let now = clock.now
        try await commits.write { db in try bury(db, event.head, reason: reason, error: error, at: now) }
    }

    /// Inside a transaction: the event becomes a dead letter.
    func bury(_ db: Database, _ event: EventHead, reason: String, error: String, attempts: Int = 1, at now: Timestamp) throws {
        try db.cachedStatement(sql: "UPDATE inboundEvent SET state = 'dead', attempts = attempts + ?, error = ? WHERE id = ?")
            .execute(arguments: [attempts, error, event.id])
        try release(db, event.orderKey)
        let isKnown = try DeadLetters.isKnown(db, event: event.id)
        try DeadLetters.bury(
            db, source: .event, reference: event.id, lane: event.lane.word, kind: event.kind, reason: reason, error: error,
            attempts: event.attempts + attempts, firstAt: event.receivedAt, lastAt: now
        )
        // Tried once more long after, it is no news.
        if event.lane == .status, !isKnown { try gaps.bury(db, from: event.receivedAt, at: now) }
    }

    /// Lets the next event of the same key go.
    private func release(_ db: Database, _ orderKey: String?) throws {
        guard let key = orderKey else { return }
        try db.cachedStatement(
            sql: """
                UPDATE inboundEvent SET ready = 1, nextAt = min(nextAt, ?) WHERE id =
                  (SELECT min(id) FROM inboundEvent INDEXED BY inboundOrder WHERE orderKey = ? AND state = 'pending')
                """
        )
        .execute(arguments: [clock.now, key])
    }

    func count(_ db: Database, _ name: String, _ amount: Int) throws {
        guard amount != 0 else { return }
        try db.cachedStatement(
            sql: "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"
        )
        .execute(arguments: [name, amount])
    }

    func set(_ db: Database, _ name: String, _ value: Int64) throws {
        try db.cachedStatement(
            sql: "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        )
        .execute(arguments: [name, value])
    }

    /// Writes something, to see whether a delivery could be stored.
    func touch() async throws {
        let now = clock.now
        try await commits.write { [self] db in try set(db, "touchedAt", now.milliseconds) }
    }

    func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T { try await reads.read(body) }
    func write<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T { try await commits.write(body) }
}

extension Payload.Problem {
    static func notStored(_ error: DatabaseError) -> Self { .notStored(error.message ?? "\(error.resultCode)") }
}

extension DatabaseError {
    /// The row is at fault, not the disk: trying again would fail again.
    var blamesItsRow: Bool {
        [.SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH].contains(resultCode)
    }
}

extension Payload.Lane {
    /// The word of the contract.
    fileprivate var word: DeadLetter.Lane {
        switch self {
        case .message: .message
        case .status: .status
        case .management: .management
        }
    }
}
