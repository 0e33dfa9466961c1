import GRDB
import JobQueue
import PosterContract
import RPCContract
import Storage
import Vocabulary

/// Owns the deliveries: which event goes to which endpoint, and how far each is.
///
/// When one is tried is a job; of an ordered endpoint only the first of each lane has one.
struct Deliveries: Sendable {
    let store: Store
    let endpoints: Endpoints
    let runners: EndpointRunners

    static let queuePrefix = "endpoint/"
    static func queue(_ endpoint: String) -> String { queuePrefix + endpoint }

    /// A test goes before what waits.
    private static let (usual, urgent) = (100, 10)

    /// At start: what was being posted when the process ended is posted again, as nobody knows what became of it.
    ///
    /// - Returns: how many deliveries that were.
    func recover() throws -> Int {
        try store.writeNow { db in
            let lost = try JobTable.lost(db, queues: Self.queuePrefix)
            for job in lost {
                let isThere = try Int.fetchOne(db, sql: "SELECT 1 FROM delivery WHERE n = ?", arguments: [Int64(job.key)]) != nil
                if isThere {
                    try JobTable.retry(db, id: job.id, at: store.now, error: "the process ended")
                } else {
                    try JobTable.complete(db, id: job.id)
                }
            }
            // Held by a clock that was far ahead, they would wait for the day that it showed.
            try JobTable.bound(db, queues: Self.queuePrefix, by: store.now + RetrySchedule.longest)
            return lost.count
        }
    }

    /// Adds what an endpoint is to be posted, in the caller's transaction.
    ///
    /// - Returns: nil where the endpoint has a delivery of the event already.
    func add(_ db: Database, _ event: PostedEvent, to endpoint: String, isOrdered: Bool, isUrgent: Bool = false) throws -> Int64? {
        let lane = isOrdered && !isUrgent ? event.lane : nil
        // Asked before it is there itself.
        let isBehind = try lane.map { try Self.first(db, endpoint, lane: $0) != nil } ?? false
        try db.cachedStatement(
            sql: """
                INSERT INTO delivery (endpoint, event, type, subject, at, data, lane, state, createdAt)
                VALUES (?, ?, ?, ?, ?, ?, ?, 'pending', ?) ON CONFLICT DO NOTHING
                """
        )
        .execute(arguments: [endpoint, event.id, event.type, event.subject, event.at, JSON.text(event.data), lane, store.now])
        guard db.changesCount == 1 else { return nil }
        let n = db.lastInsertedRowID
        try db.count(Self.waiting(endpoint), by: 1)
        if !isBehind { try enqueue(db, n, endpoint, priority: isUrgent ? Self.urgent : Self.usual) }
        return n
    }

    func enqueue(_ db: Database, _ n: Int64, _ endpoint: String, priority: Int = usual) throws {
        let now = store.now
        try JobTable.enqueue(
            db, queue: Self.queue(endpoint), key: String(n), payload: "", priority: priority, notBefore: now, now: now)
        db.afterCommit { [runners] in runners.nudge(endpoint) }
    }

    /// What waits first in a lane.
    static func first(_ db: Database, _ endpoint: String, lane: String) throws -> Int64? {
        let statement = try db.cachedStatement(
            sql: "SELECT n FROM delivery WHERE endpoint = ? AND lane = ? AND lane IS NOT NULL AND state = 'pending' ORDER BY n LIMIT 1")
        return try Int64.fetchOne(statement, arguments: [endpoint, lane])
    }

    /// What is to become of a job that is due: one that another of its lane comes before waits for that one's end.
    ///
    /// Sent again, a delivery may come before one that was the first of their lane.
    static func admission(_ db: Database, _ job: Job, of endpoint: String) throws -> JobAdmission {
        guard let n = Int64(job.key) else { return .lease }
        let statement = try db.cachedStatement(sql: "SELECT lane FROM delivery WHERE n = ? AND state = 'pending'")
        guard let lane = try String.fetchOne(statement, arguments: [n]) else { return .lease }
        return try first(db, endpoint, lane: lane) == n ? .lease : .settle { _ in }
    }

    /// What is next in a lane may go.
    func release(_ db: Database, _ endpoint: String, lane: String?) throws {
        guard let lane, let next = try Self.first(db, endpoint, lane: lane) else { return }
        try enqueue(db, next, endpoint)
    }

    /// The count of what waits, in the endpoint's row.
    static func waiting(_ endpoint: String) -> RowCounter {
        RowCounter(sql: "UPDATE endpoint SET waiting = max(0, waiting + ?2) WHERE id = ?1", key: [endpoint])
    }

    /// The endpoint is gone: its deliveries are removed piece by piece.
    static func abandon(_ db: Database, endpoint: String) throws {
        try db.execute(sql: "INSERT INTO endpointGone (endpoint) VALUES (?) ON CONFLICT DO NOTHING", arguments: [endpoint])
    }

    /// An event that only says that everything works.
    func test(_ id: String, workspace: String) async throws -> EventDelivery {
        let now = store.now
        return try await store.write { [self] db in
            let row = try Endpoints.row(db, id, workspace)
            let state: WebhookEndpoint.State = try row.word("state", in: "endpoint")
            guard state != .disabled else { throw Endpoints.disabled(id) }
            let name: MessageID = store.newID(at: now)
            let event = PostedEvent(
                id: "evt_test_\(name.rawValue)", type: "webhook.test", subject: id, at: now, data: ["endpoint": .string(id)])
            _ = try add(db, event, to: id, isOrdered: row["isOrdered"], isUrgent: true)
            // However long the endpoint would be left alone.
            db.afterCommit { [runners] in runners.release(id) }
            return try Self.delivery(db, Self.row(db, id, event.id))
        }
    }

    /// Begins anew with a delivery, whatever became of it.
    func resend(_ params: DeliveryReference, workspace: String) async throws -> EventDelivery {
        try await store.write { [self] db in
            let state: WebhookEndpoint.State = try Endpoints.row(db, params.id, workspace).word("state", in: "endpoint")
            guard state != .disabled else { throw Endpoints.disabled(params.id) }
            try restart(db, Self.row(db, params.id, params.event))
            // However long the endpoint would be left alone.
            db.afterCommit { [runners] in runners.release(params.id) }
            return try Self.delivery(db, Self.row(db, params.id, params.event))
        }
    }

    /// Begins anew with a delivery, in the caller's transaction.
    func restart(_ db: Database, _ row: Row) throws {
        let (n, endpoint): (Int64, String) = (row["n"], row["endpoint"])
        let state: EventDelivery.State = try row.word("state", in: "delivery")
        if state != .pending { try db.count(Self.waiting(endpoint), by: 1) }
        try db.execute(sql: "UPDATE delivery SET state = 'pending', tries = 0, endedAt = NULL WHERE n = ?", arguments: [n])
        // It is tried now, and not when it would have been.
        _ = try JobTable.cancel(db, queue: Self.queue(endpoint), key: String(n))
        // Behind others of its lane it is their end that lets it go.
        if let lane = row["lane"] as String?, try Self.first(db, endpoint, lane: lane) != n { return }
        try enqueue(db, n, endpoint)
    }
}
