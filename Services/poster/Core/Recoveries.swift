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
    let events: RPCClient
    let logger: Logger
    private let asked = Wakeup()

    private static let page = 500

    init(store: Store, deliveries: Deliveries, events: RPCClient, logger: Logger) {
        self.store = store
        self.deliveries = deliveries
        self.events = events
        self.logger = logger
    }

    func begin(_ params: RecoverDeliveries.Params, workspace: String) async throws -> Recovery {
        let now = store.now
        return try await store.write { [store, asked] db in
            let state: WebhookEndpoint.State = try Endpoints.row(db, params.id, workspace).word("state", in: "endpoint")
            guard state != .disabled else { throw Endpoints.disabled(params.id) }
            let running = try Row.fetchOne(
                db, sql: "SELECT * FROM recovery WHERE endpoint = ? AND state = 'running'", arguments: [params.id])
            if let running { return try Self.recovery(running) }
            let job: MessageID = store.newID(at: now)
            try db.execute(
                sql: "INSERT INTO recovery (job, endpoint, since, state, createdAt) VALUES (?, ?, ?, 'running', ?)",
                arguments: [job, params.id, params.since, now])
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
                    // A page of each in turn: a long one holds up no short one.
                    for one in running { try await advance(one) }
                    if running.isEmpty { await asked.wait() }
                } catch {
                    guard !Task.isCancelled else { return }
                    logger.notice("a recovery cannot go on, trying again", metadata: ["error": "\(error)"])
                    try? await store.clock.sleep(for: .seconds(1))  // cancelled, it ends above
                }
            }
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
    func advance(_ one: Running) async throws {
        let types = try await store.read { db in try Endpoints.types(Endpoints.row(db, one.endpoint, one.workspace)) }
        let params = ListEvents.Params(
            cursor: one.cursor.map { PageCursor($0) }, limit: Self.page, types: types.map { $0.sorted() })
        let page = try await events.call(ListEvents.self, params, meta: CallMeta(workspace: one.workspace))
        try await store.write { [deliveries, store] db in
            // The endpoint may be gone meanwhile, and the recovery with it.
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM endpoint WHERE id = ?", arguments: [one.endpoint]) else { return }
            let meant = page.items.filter { $0.at >= one.since }
            var recovered = 0
            for event in meant where try Self.post(db, PostedEvent(event), to: row, deliveries) { recovered += 1 }
            // A page that is not full has seen everything.
            let isOver = page.items.count < Self.page
            try db.execute(
                sql: """
                    UPDATE recovery SET cursor = ?, read = read + ?, recovered = recovered + ?, isCut = max(isCut, ?), state = ?, endedAt = ?
                    WHERE job = ?
                    """,
                arguments: [
                    page.next.place, meant.count, recovered, page.isCut == true,
                    (isOver ? Recovery.State.finished : .running).rawValue, isOver ? store.now : nil, one.job,
                ])
        }
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
