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
        /// A type that there is no more.
        let unknown = MutexBox<String?>(nil)
        private let now: MutexBox<Timestamp>

        init(_ now: MutexBox<Timestamp>) { self.now = now }

        func add(_ type: String, subject: String = "s", data: JSONValue = [:], at time: Timestamp? = nil) {
            let time = time ?? now.value
            events.update { events in
                let number = Int64(events.count + 1)
                events.append(
                    LiveEvent(
                        cursor: PageCursor(number), process: .accountRouter, number: number, at: time, type: type, workspace: "w",
                        subject: subject, data: data))
            }
        }

        /// - Throws: where a type or the cursor is none, as the gateway does.
        func list(_ params: ListEvents.Params) throws -> ListEvents.Reply {
            if let index = (params.types ?? []).firstIndex(where: { $0 == unknown.value }) {
                throw Fault(.params, "No event is called so.", path: "types[\(index)]")
            }
            if let cursor = params.cursor, cursor.number == nil { throw Fault(.params, "cursor is none.", path: "cursor") }
            return page(params)
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
        happened = Happened(now)
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
            let page = try happened.list(params)
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

    /// Leases all that is due for an endpoint, as its sender does, and puts it back.
    ///
    /// - Returns: the keys of the jobs, in order.
    func leased(_ id: String) async throws -> [String] {
        try await store.write { [now = now.value] db in
            let jobs = try JobTable.claim(db, queue: Deliveries.queue(id), limit: 100, now: now) { db, job in
                try Deliveries.admission(db, job, of: id)
            }
            for job in jobs { try JobTable.retry(db, id: job.id, at: now, error: "a test looks") }
            return jobs.map(\.key)
        }
    }

    /// An attempt at an endpoint's oldest delivery that waits, as its sender writes it.
    ///
    /// - Parameter tries: those that its sender knew of.
    func settle(_ id: String, status: Int?, error: String? = nil, again pause: Milliseconds? = nil, after tries: Int = 0) async throws {
        let first = try await pool.read { db in
            try Int64.fetchOne(db, sql: "SELECT n FROM delivery WHERE endpoint = ? AND state = 'pending' ORDER BY n", arguments: [id])
        }
        guard let n = first else { throw Fault(.internal, "Nothing waits for the endpoint.") }
        try await store.write { [deliveries, now = now.value] db in
            let outcome = AttemptOutcome(at: now, duration: 5, status: status, error: error)
            if pause == nil { _ = try JobTable.cancel(db, queue: Deliveries.queue(id), key: String(n)) }
            try deliveries.settle(db, n, of: id, outcome, again: pause, after: tries, disableAfter: .days(5))
        }
    }

    /// The types of the poster's own events.
    func told() async throws -> [String] {
        try await log.read(.init(after: 0, limit: 1000), workspace: "w").items.map(\.type)
    }

    func recoveries(waiting: Int = 100_000, retention: Milliseconds = .days(30)) -> Recoveries {
        Recoveries(
            store: store, deliveries: deliveries, events: EventPages(events: RPCClient(GatewayContract.self, in: network, name: "t")),
            logger: quiet, waiting: waiting, retention: retention)
    }

    func poster(timeout: Milliseconds = .seconds(5), client: HTTPClient = HTTPClient()) -> EventPoster {
        EventPoster(
            directory: directory, deliveries: deliveries, urls: urls, usual: client, careful: HTTPClient(), clock: clock,
            chance: chance, logger: quiet, timeout: timeout, disableAfter: .days(5))
    }
}
