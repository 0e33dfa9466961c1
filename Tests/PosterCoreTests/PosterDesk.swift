import Foundation
import GRDB
import GatewayContract
import HTTPClient
import JobQueue
import Logging
import PosterContract
import RPCContract
import RPCTransport
import Storage
import Support
import Vocabulary

@testable import PosterCore

/// A poster's parts on a real database, its time moved by hand; the gateway's list of events is what the test says has happened.
struct PosterDesk {
    static let start = Timestamp(milliseconds: 1_790_000_000_000)

    let folder: String
    let pool: DatabasePool
    let now = MutexBox(Self.start)
    let clock: WallClock
    let chance = Chance.seeded(Seed.current)
    let store: Store
    let directory = EndpointDirectory()
    let runners = EndpointRunners()
    let network = RPCNetwork()
    let quiet = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
    let happened: Happened
    let endpoints: Endpoints
    let deliveries: Deliveries
    let urls: EndpointURL
    let log: EventLog
    /// How often a page was asked for.
    let asked = MutexBox(0)

    /// What has happened in one workspace, in order.
    final class Happened: Sendable {
        let events = MutexBox<[LiveEvent]>([])
        /// Events before this place had been removed.
        let first = MutexBox(0)

        func add(_ type: String, subject: String = "s", data: JSONValue = [:], at time: Timestamp = PosterDesk.start) {
            events.update { events in
                let number = Int64(events.count + 1)
                events.append(
                    LiveEvent(
                        cursor: PageCursor(number), process: .accountRouter, number: number, at: time, type: type, workspace: "w",
                        subject: subject, data: data))
            }
        }

        func page(_ params: ListEvents.Params) -> ListEvents.Reply {
            let all = events.value
            guard params.atEnd != true else { return .init(items: [], next: PageCursor(Int64(all.count))) }
            let after = Int(params.cursor?.number ?? 0)
            let types = Set(params.types ?? [])
            let limit = params.limit ?? 100
            let items = all[min(max(after, first.value), all.count)...].filter { types.isEmpty || types.contains($0.type) }
            let page = Array(items.prefix(limit))
            let next = page.count == limit ? page.last?.number ?? 0 : Int64(all.count)
            return .init(items: page, next: PageCursor(next), isCut: params.cursor != nil && after < first.value ? true : nil)
        }
    }

    init(allowsPrivate: Bool = true, onConnection: (@Sendable (Database) -> Void)? = nil) throws {
        folder = try Machine.temporaryFolder()
        pool = try MigratedDatabase.open(
            .poster, path: "\(folder)/t.sqlite", migrator: PosterMigrations.migrator, onConnection: onConnection)
        clock = .moved(now)
        let reads = Reads(pool)
        log = EventLog(reads)
        store = Store(reads: reads, commits: GroupCommit(pool), events: log, clock: clock, chance: chance)
        urls = EndpointURL(allowsPrivate: allowsPrivate)
        happened = Happened()
        endpoints = Endpoints(
            store: store, directory: directory, runners: runners, events: RPCClient(GatewayContract.self, in: network, name: "t"),
            urls: urls)
        deliveries = Deliveries(store: store, endpoints: endpoints, runners: runners)
    }

    /// Runs a body beside a gateway that lists what has happened.
    static func run(
        allowsPrivate: Bool = true, onConnection: (@Sendable (Database) -> Void)? = nil, _ body: (PosterDesk) async throws -> Void
    ) async throws {
        let desk = try PosterDesk(allowsPrivate: allowsPrivate, onConnection: onConnection)
        var router = RPCRouter()
        router.on(ListEvents.self) { [happened = desk.happened, asked = desk.asked] params, _ in
            asked.update { $0 += 1 }
            let page = happened.page(params)
            // As long as the gateway waits, but not so long for a test.
            if page.items.isEmpty, params.wait != nil { try await Task.sleep(for: .milliseconds(5)) }
            return page
        }
        let served = router
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await desk.network.serve(GatewayContract.process, served, logger: desk.quiet) }
            try await body(desk)
            group.cancelAll()
        }
        try desk.pool.close()
        try FileManager.default.removeItem(atPath: desk.folder)
    }

    func endpoint(
        _ url: String = "https://shop.example/a", types: [String]? = nil, headers: [String: String]? = nil, rate: Int? = nil,
        isOrdered: Bool = false
    ) async throws -> String {
        try await endpoints.create(
            .init(url: url, types: types, headers: headers, rate: rate, isOrdered: isOrdered), workspace: "w"
        ).endpoint.id
    }

    func get(_ id: String) async throws -> WebhookEndpoint { try await endpoints.get(id, workspace: "w") }

    func list(_ id: String, _ state: EventDelivery.State? = nil) async throws -> [EventDelivery] {
        try await deliveries.list(.init(id: id, state: state), workspace: "w").items
    }

    /// Reads what has happened so far.
    func read(limit: Int = 100_000) async throws {
        let readers = EventReaders(
            directory: directory, deliveries: deliveries, events: RPCClient(GatewayContract.self, in: network, name: "t"), clock: clock,
            logger: quiet, waiting: limit)
        for _ in 0..<2 { _ = try await readers.advance("w") }
    }

    /// The keys of the jobs that an endpoint has, in order.
    func jobs(_ id: String) async throws -> [Int64] {
        try await pool.read { db in
            try Int64.fetchAll(
                db, sql: "SELECT CAST(key AS INTEGER) FROM job WHERE queue = ? ORDER BY id", arguments: [Deliveries.queue(id)])
        }
    }

    /// Leases the next job of an endpoint.
    func due(_ id: String) async throws -> Job {
        let jobs = try await store.write { [now = now.value] db in
            try JobTable.claim(db, queue: Deliveries.queue(id), limit: 1, now: now)
        }
        guard let job = jobs.first else { throw Fault(.internal, "Nothing is due for the endpoint.") }
        return job
    }

    /// An attempt at an endpoint's oldest delivery that waits, as its sender writes it.
    func settle(_ id: String, status: Int?, error: String? = nil, again pause: Milliseconds? = nil) async throws {
        let first = try await pool.read { db in
            try Int64.fetchOne(db, sql: "SELECT n FROM delivery WHERE endpoint = ? AND state = 'pending' ORDER BY n", arguments: [id])
        }
        guard let n = first else { throw Fault(.internal, "Nothing waits for the endpoint.") }
        try await store.write { [deliveries, now = now.value] db in
            let outcome = AttemptOutcome(at: now, duration: 5, status: status, error: error)
            try deliveries.settle(db, n, of: id, outcome, again: pause, disableAfter: .days(5))
            if pause == nil { _ = try JobTable.cancel(db, queue: Deliveries.queue(id), key: String(n)) }
        }
    }

    /// The types of the poster's own events.
    func told() async throws -> [String] {
        try await log.read(.init(after: 0, limit: 1000), workspace: "w").items.map(\.type)
    }

    func poster(timeout: Milliseconds = .seconds(5)) -> EventPoster {
        EventPoster(
            directory: directory, deliveries: deliveries, urls: urls, usual: HTTPClient(), careful: HTTPClient(), clock: clock,
            chance: chance, logger: quiet, timeout: timeout, disableAfter: .days(5))
    }
}
