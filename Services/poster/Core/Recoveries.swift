import Coordination
import GRDB
import GatewayContract
import Logging
import PosterContract
import RPCContract
import RPCTransport
import ServiceLifecycle
import Storage
import Vocabulary

/// Owns the recoveries: reads again what has happened, and posts what an endpoint has not got.
struct Recoveries: Service {
    let store: Store
    let deliveries: Deliveries
    let events: EventPages
    let logger: Logger
    /// Deliveries that may wait for one endpoint.
    let waiting: Int
    /// How long deliveries are kept: of what is older nobody knows whether an endpoint has taken it.
    let retention: Milliseconds
    private let asked = Wakeup()

    private static let page = 500
    /// How long one that cannot go on is left alone.
    private static let rest = Milliseconds.seconds(1)

    init(store: Store, deliveries: Deliveries, events: EventPages, logger: Logger, waiting: Int, retention: Milliseconds) {
        self.store = store
        self.deliveries = deliveries
        self.events = events
        self.logger = logger
        self.waiting = waiting
        self.retention = retention
    }

    func begin(_ params: RecoverDeliveries.Params, workspace: String) async throws -> Recovery {
        let now = store.now
        let since = max(params.since, now - retention)
        return try await store.write { [store, asked] db in
            let state: WebhookEndpoint.State = try Endpoints.row(db, params.id, workspace).word("state", in: "endpoint")
            guard state != .disabled else { throw Endpoints.disabled(params.id) }
            let running = try Row.fetchOne(
                db, sql: "SELECT * FROM recovery WHERE endpoint = ? AND state = 'running'", arguments: [params.id])
            if let running { return try Self.recovery(running) }
            let job: MessageID = store.newID(at: now)
            try db.execute(
                sql: "INSERT INTO recovery (job, endpoint, since, state, isCut, createdAt) VALUES (?, ?, ?, 'running', ?, ?)",
                arguments: [job, params.id, since, since > params.since, now])
            db.afterCommit { asked.set() }
            return try Self.found(db, job.rawValue, params.id)
        }
    }

    func get(_ params: GetRecovery.Params, workspace: String) async throws -> Recovery {
        try await store.read { db in
            _ = try Endpoints.row(db, params.id, workspace)
            return try Self.found(db, params.job, params.id)
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let running = try await running()
                    var hasMoved = false
                    // A page of each in turn: a long one holds up no short one.
                    for one in running {
                        let moved = await tries(one)
                        hasMoved = hasMoved || moved
                    }
                    if running.isEmpty { await asked.wait() } else if !hasMoved { try await store.clock.sleep(for: Self.rest) }
                } catch {
                    guard !Task.isCancelled else { return }
                    logger.notice("recoveries cannot be read, trying again", metadata: ["error": "\(error)"])
                    try? await store.clock.sleep(for: Self.rest)  // cancelled, it ends above
                }
            }
        }
    }

    /// Whether one has gone on; one that cannot holds up no other.
    private func tries(_ one: Running) async -> Bool {
        do { return try await advance(one) } catch {
            if !Task.isCancelled {
                logger.notice("a recovery cannot go on, trying again", metadata: ["job": "\(one.job)", "error": "\(error)"])
            }
            return false
        }
    }

    /// A recovery that goes on.
    struct Running: Sendable {
        var job: String
        var endpoint: String
        var workspace: String
        var since: Timestamp
        var cursor: String?
    }

    func running() async throws -> [Running] {
        try await store.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT recovery.*, endpoint.workspace FROM recovery INDEXED BY recoveryRunning
                    JOIN endpoint ON endpoint.id = recovery.endpoint WHERE recovery.state = 'running'
                    """
            )
            .map {
                Running(job: $0["job"], endpoint: $0["endpoint"], workspace: $0["workspace"], since: $0["since"], cursor: $0["cursor"])
            }
        }
    }

    /// Looks at one page.
    ///
    /// - Returns: false where as many deliveries wait for the endpoint that it would only be disabled.
    @discardableResult
    func advance(_ one: Running) async throws -> Bool {
        let found = try await store.read { db in
            let row = try Endpoints.row(db, one.endpoint, one.workspace)
            return (types: try Endpoints.types(row), waiting: row["waiting"] as Int)
        }
        guard found.waiting <= waiting / 2 else {
            return try await store.write { [store] db in try Self.stop(db, one, at: store.now) }
        }
        // With what it adds there is still room for what happens meanwhile.
        let limit = max(1, min(Self.page, waiting / 4))
        let place = one.cursor.map { PageCursor<ListEvents>($0) } ?? ListEvents.beginning
        let isBehind = try await isBehind(one)
        let params = ListEvents.Params(cursor: place, limit: limit, types: found.types.map { $0.sorted() })
        let page = try await events.page(params, workspace: one.workspace)
        try await store.write { [self] db in
            // The endpoint may be gone meanwhile, and the recovery with it.
            let row = try Row.fetchOne(db, sql: "SELECT * FROM endpoint WHERE id = ?", arguments: [one.endpoint])
            guard let row, try !Self.stop(db, one, at: store.now) else { return }
            // Deliveries of what is older may be removed meanwhile.
            let first = max(one.since, store.now - retention)
            let meant = page.items.filter { $0.at >= first }
            var recovered = 0
            for event in meant where try Self.post(db, PostedEvent(event), to: row, deliveries) { recovered += 1 }
            // A page that is not full has seen everything.
            let isOver = page.items.count < limit
            // What was removed before the beginning is looked at apart.
            let isCut = one.cursor == nil ? isBehind : page.isCut == true
            try db.execute(
                sql: """
                    UPDATE recovery SET cursor = ?, read = read + ?, recovered = recovered + ?, isCut = max(isCut, ?), state = ?, endedAt = ?
                    WHERE job = ?
                    """,
                arguments: [
                    page.next.place, meant.count, recovered, isCut, (isOver ? Recovery.State.finished : .running).rawValue,
                    isOver ? store.now : nil, one.job,
                ])
        }
        return true
    }

    /// At the beginning: whether the oldest event that is kept lies behind that time, so that some may be missing.
    private func isBehind(_ one: Running) async throws -> Bool {
        guard one.cursor == nil else { return false }
        let page = try await events.page(.init(cursor: ListEvents.beginning, limit: 1), workspace: one.workspace)
        return page.isCut == true && page.items.first.map { $0.at > one.since } ?? true
    }

    /// Ends a recovery whose endpoint was disabled meanwhile: whoever resumes it begins another.
    ///
    /// - Returns: whether that was so.
    private static func stop(_ db: Database, _ one: Running, at now: Timestamp) throws -> Bool {
        let row = try Row.fetchOne(db, sql: "SELECT state FROM endpoint WHERE id = ?", arguments: [one.endpoint])
        guard let row, try row.word("state", in: "endpoint") == WebhookEndpoint.State.disabled else { return false }
        try db.execute(
            sql: "UPDATE recovery SET state = ?, endedAt = ? WHERE job = ?", arguments: [Recovery.State.stopped.rawValue, now, one.job])
        return true
    }

    /// Whether the endpoint is posted the event because it had not got it.
    private static func post(_ db: Database, _ event: PostedEvent, to endpoint: Row, _ deliveries: Deliveries) throws -> Bool {
        let id: String = endpoint["id"]
        if try deliveries.add(db, event, to: id, isOrdered: endpoint["isOrdered"]) != nil { return true }
        let row = try Deliveries.row(db, id, event.id)
        guard try row.word("state", in: "delivery") == EventDelivery.State.failed else { return false }
        try deliveries.restart(db, row)
        return true
    }

    private static func found(_ db: Database, _ job: String, _ endpoint: String) throws -> Recovery {
        let row = try Row.fetchOne(db, sql: "SELECT * FROM recovery WHERE job = ? AND endpoint = ?", arguments: [job, endpoint])
        guard let row else {
            throw Fault(.recoveryUnknown, "The endpoint has no recovery \(job.prefix(64)); webhook.recover begins one.", path: "job")
        }
        return try recovery(row)
    }

    private static func recovery(_ row: Row) throws -> Recovery {
        Recovery(
            job: row["job"], since: row["since"], state: try row.word("state", in: "recovery"), read: row["read"],
            recovered: row["recovered"], isCut: row["isCut"], createdAt: row["createdAt"], endedAt: row["endedAt"])
    }
}
