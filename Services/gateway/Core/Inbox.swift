import Foundation
import GRDB
import GatewayContract
import JobQueue
import RPCContract
import Storage
import Vocabulary

/// Owns what Meta has delivered: raw payloads, the events in them, and where each stands.
struct Inbox: Sendable {
    let pool: DatabasePool
    let events: EventLog
    let clock: WallClock
    /// Meta repeats a delivery for up to 7 days, so a key is remembered longer.
    let keyLifetime: Int64
    private let acks: GroupCommit
    private let commits: GroupCommit
    /// New payloads wait to be split.
    let arrived = Signal()

    init(pool: DatabasePool, events: EventLog, clock: WallClock, keyLifetime: Int64, waiting: Int) {
        self.pool = pool
        self.events = events
        self.clock = clock
        self.keyLifetime = keyLifetime
        acks = GroupCommit(pool, limit: waiting, batch: 1024, isolated: false)
        commits = GroupCommit(pool)
    }

    /// Stores a request's body; when it returns, the body survives a crash.
    func append(_ body: Data) async throws {
        let now = clock.now
        try await acks.write { db in
            try db.cachedStatement(sql: "INSERT INTO payload (receivedAt, body) VALUES (?, ?)").execute(arguments: [now, body])
        }
        arrived.set()
    }

    /// Whether deliveries wait to be acknowledged.
    var isTakingDeliveries: Bool { acks.isBusy }

    /// Takes the oldest payloads apart; returns how many there were.
    func splitNext(_ limit: Int) async throws -> Int {
        let rows = try await pool.read { db in
            try Row.fetchAll(
                db, sql: "SELECT id, receivedAt, body FROM payload WHERE state = 'new' ORDER BY id LIMIT ?", arguments: [limit]
            )
            .map { (id: $0["id"] as Int64, receivedAt: $0["receivedAt"] as Int64, body: $0["body"] as Data) }
        }
        guard !rows.isEmpty else { return 0 }
        let split = rows.map { row in (row.id, row.receivedAt, Result { () throws(Payload.Problem) in try Payload(row.body) }) }
        try await commits.write { db in
            var found = 0
            var duplicates = 0
            for (id, receivedAt, outcome) in split {
                switch outcome {
                case .success(let payload):
                    for part in payload.parts {
                        found += 1
                        if try !insert(db, part, payloadID: id, receivedAt: receivedAt) { duplicates += 1 }
                    }
                    try db.cachedStatement(sql: "UPDATE payload SET state = 'split' WHERE id = ?").execute(arguments: [id])
                case .failure(let problem):
                    try db.cachedStatement(sql: "UPDATE payload SET state = 'dead' WHERE id = ?").execute(arguments: [id])
                    try DeadLetters.bury(
                        db, source: .payload, reference: id, kind: "payload", reason: problem.reason, error: problem.explanation,
                        attempts: 1, firstAt: receivedAt, lastAt: clock.now
                    )
                }
            }
            try count(db, "payloads", split.count)
            try count(db, "events", found)
            try count(db, "duplicates", duplicates)
        }
        return rows.count
    }

    /// - Returns: whether the event was new.
    private func insert(_ db: Database, _ part: Payload.Part, payloadID: Int64, receivedAt: Int64) throws -> Bool {
        guard try IdempotencyKeys.take(db, part.dedupeKey, expiresAt: receivedAt + keyLifetime) else { return false }
        try db.cachedStatement(
            sql: """
                INSERT INTO inboundEvent
                  (payloadID, lane, kind, orderKey, dedupeKey, entryID, phoneNumberID, contactName, raw, state, ready, nextAt, receivedAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending',
                  NOT EXISTS (SELECT 1 FROM inboundEvent INDEXED BY inboundOrder WHERE lane = ? AND orderKey = ? AND state = 'pending'), ?, ?)
                """
        )
        .execute(arguments: [
            payloadID, part.lane.rawValue, part.kind, part.orderKey, part.dedupeKey, part.entryID, part.phoneNumberID, part.contactName,
            try JSON.text(part.raw), part.lane.rawValue, part.orderKey, receivedAt, receivedAt,
        ])
        let type = part.lane == .management ? "meta.\(part.kind)" : "\(part.kind).received"
        try events.append(
            db, at: receivedAt, type: String(type.prefix(64)), workspace: "default", subject: part.dedupeKey,
            data: ["phoneNumberID": .string(part.phoneNumberID ?? ""), "event": .integer(db.lastInsertedRowID)]
        )
        return true
    }

    /// Events of a lane that may be handled now, without those being handled.
    ///
    /// - Parameter byAge: the oldest first; else those whose turn came first.
    func ready(
        _ lane: Payload.Lane,
        limit: Int,
        excluding: Set<Int64>,
        byAge: Bool
    ) async throws -> (items: [StoredEvent], due: Int64?) {
        let now = clock.now
        // Named, because without statistics SQLite would take an index that reads every pending event.
        let (index, order) = byAge ? ("inboundByAge", "id") : ("inboundReady", "nextAt, id")
        return try await pool.read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT * FROM inboundEvent INDEXED BY \(index) WHERE lane = ? AND state = 'pending' AND ready = 1 AND nextAt <= ?
                        ORDER BY \(order) LIMIT ?
                        """
                ),
                arguments: [lane.rawValue, now, limit + excluding.count]
            )
            let items = try rows.map(StoredEvent.init).filter { !excluding.contains($0.id) }
            let due = try Int64.fetchOne(
                db.cachedStatement(
                    sql: "SELECT min(nextAt) FROM inboundEvent WHERE lane = ? AND state = 'pending' AND ready = 1 AND nextAt > ?"),
                arguments: [lane.rawValue, now]
            )
            return (Array(items.prefix(limit)), due)
        }
    }

    func finish(_ handled: [StoredEvent]) async throws {
        try await commits.write { db in
            for event in handled {
                try db.cachedStatement(sql: "UPDATE inboundEvent SET state = 'done', attempts = attempts + 1, error = NULL WHERE id = ?")
                    .execute(arguments: [event.id])
                try release(db, event)
            }
        }
    }

    func postpone(_ waiting: [StoredEvent], by pause: Duration, error: String) async throws {
        let next = clock.now + pause.milliseconds
        try await commits.write { db in
            for event in waiting {
                try db.cachedStatement(sql: "UPDATE inboundEvent SET attempts = attempts + 1, nextAt = ?, error = ? WHERE id = ?")
                    .execute(arguments: [next, error, event.id])
            }
        }
    }

    func bury(_ event: StoredEvent, reason: String, error: String) async throws {
        let now = clock.now
        try await commits.write { db in
            try db.cachedStatement(sql: "UPDATE inboundEvent SET state = 'dead', attempts = attempts + 1, error = ? WHERE id = ?")
                .execute(arguments: [error, event.id])
            try release(db, event)
            try DeadLetters.bury(
                db, source: .event, reference: event.id, kind: event.kind, reason: reason, error: error,
                attempts: event.attempts + 1, firstAt: event.receivedAt, lastAt: now
            )
        }
    }

    /// Lets the next event of the same key go.
    private func release(_ db: Database, _ event: StoredEvent) throws {
        guard event.lane != .status else { return }
        try db.cachedStatement(
            sql: """
                UPDATE inboundEvent SET ready = 1 WHERE id =
                  (SELECT min(id) FROM inboundEvent WHERE lane = ? AND orderKey = ? AND state = 'pending')
                """
        )
        .execute(arguments: [event.lane.rawValue, event.orderKey])
    }

    private func count(_ db: Database, _ name: String, _ amount: Int) throws {
        guard amount > 0 else { return }
        try db.cachedStatement(
            sql: "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = value + excluded.value"
        )
        .execute(arguments: [name, amount])
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T { try await commits.write(body) }
}

/// An event as it stands in the inbox.
struct StoredEvent: Sendable {
    var id: Int64
    var lane: Payload.Lane
    var kind: String
    var orderKey: String
    var dedupeKey: String
    var entryID: String
    var phoneNumberID: String?
    var contactName: String?
    var raw: JSONValue
    var attempts: Int
    var receivedAt: Int64

    init(_ row: Row) throws {
        id = row["id"]
        lane = Payload.Lane(rawValue: row["lane"]) ?? .management
        kind = row["kind"]
        orderKey = row["orderKey"]
        dedupeKey = row["dedupeKey"]
        entryID = row["entryID"]
        phoneNumberID = row["phoneNumberID"]
        contactName = row["contactName"]
        raw = try JSON.decode(JSONValue.self, from: row["raw"] as String)
        attempts = row["attempts"]
        receivedAt = row["receivedAt"]
    }
}
