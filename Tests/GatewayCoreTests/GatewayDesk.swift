import AccountContract
import Foundation
import GRDB
import GatewayContract
import Hummingbird
import IntelligenceContract
import Logging
import PosterContract
import RPCContract
import RPCTransport
import ServiceKit
import Storage
import Support
import SyncContract
import TemplateContract
import Vocabulary

@testable import GatewayCore

/// A gateway's HTTP side on a real database, its time moved by hand; every process behind it answers with its examples.
struct GatewayDesk {
    /// What a process was asked.
    struct Asked: Sendable {
        var method: String
        var params: JSONValue
        var meta: CallMeta
    }

    static let start = Timestamp(milliseconds: 1_790_000_000_000)
    static let contracts: [any Contract.Type] = [
        GatewayContract.self, AccountContract.self, IntelligenceContract.self, PosterContract.self, SyncContract.self,
        TemplateContract.self,
    ]

    let folder: String
    let pool: DatabasePool
    let now = MutexBox(Self.start)
    let clock: WallClock
    let events: EventLog
    let keys: APIKeys
    /// Users and their sessions as they are; `session.create` and the rest are only served by them where a test says so.
    let people: UserMethods
    let line: PasswordLine
    let gaps: DeliveryGaps
    let inbox: Inbox
    let network = RPCNetwork()
    let quiet = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
    let asked = MutexBox<[Asked]>([])
    /// What methods answer instead of their examples.
    let faults = MutexBox<[String: Fault]>([:])
    /// What every process says of its health.
    let checks = MutexBox<[ServiceHealth.Check]>([])

    init() throws {
        folder = try Machine.temporaryFolder()
        pool = try MigratedDatabase.open(.gateway, path: "\(folder)/t.sqlite", migrator: GatewayMigrations.migrator)
        clock = .moved(now)
        events = EventLog(Reads(pool))
        keys = try APIKeys(pool, events: events, clock: clock, chance: .seeded(Seed.current))
        // Passwords that cost nothing to try: how much they cost has a test of its own.
        line = PasswordLine(costs: Self.costs)
        let limits = Sessions.Limits(idle: .hours(12), longest: .days(7))
        let sessions = try Sessions(pool, clock: clock, chance: .seeded(Seed.current), limits: limits)
        let users = try Users(pool, events: events, clock: clock, chance: .seeded(Seed.current), line: line, sessions: sessions)
        people = UserMethods(users: users, sessions: sessions, logins: Logins(users: users, line: line, clock: clock))
        gaps = try DeliveryGaps(pool, clock: clock, silence: .minutes(5))
        inbox = Inbox(reads: Reads(pool), clock: clock, gaps: gaps, keyLifetime: .days(14), waiting: 100)
    }

    /// - Parameters:
    ///   - absent: a process that does not run.
    ///   - hasPeople: whether users and sessions are the real ones.
    static func run(
        without absent: String? = nil, hasPeople: Bool = false, _ body: (GatewayDesk) async throws -> Void
    ) async throws {
        let desk = try GatewayDesk()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for contract in contracts where contract.process != absent {
                var router = desk.router(contract)
                if hasPeople, contract.process == GatewayContract.process { desk.people.bind(to: &router) }
                group.addTask { [router] in await desk.network.serve(contract.process, router, logger: desk.quiet) }
            }
            try await body(desk)
            group.cancelAll()
        }
        try desk.pool.close()
        try FileManager.default.removeItem(atPath: desk.folder)
    }

    private func router(_ contract: any Contract.Type) -> RPCRouter {
        var router = RPCRouter()
        func answer<M: RPCMethod>(_ method: M.Type) {
            router.on(method) { [asked, faults] params, call in
                let value = try JSON.decode(JSONValue.self, from: JSON.encode(params))
                asked.update { $0.append(Asked(method: M.name, params: value, meta: call.meta)) }
                if let fault = faults.value[M.name] { throw fault }
                return M.example.reply
            }
        }
        for method in contract.methods { answer(method) }
        answer(ServiceMetrics.self)
        answer(ServiceInfo.self)
        router.on(ServiceHealth.self) { [checks] _, _ in
            let checks = checks.value
            return .init(healthy: checks.allSatisfy(\.healthy), checks: checks)
        }
        return router
    }

    func client(_ contract: any Contract.Type) -> RPCClient { RPCClient(contract, in: network, name: GatewayContract.process) }

    var peers: [String: RPCClient] { Dictionary(uniqueKeysWithValues: Self.contracts.map { ($0.process, client($0)) }) }

    /// What is under `/v1`.
    ///
    /// - Parameters:
    ///   - pace: requests of a key in a second.
    ///   - logs: where events come from; by default there are none.
    func api(pace: Int = 100_000, logs: EventLogs? = nil, peers: [String: RPCClient]? = nil) -> RouterClient {
        let logs = logs ?? EventLogs(LogPosition.sources.map { _ in { params, _ in .init(items: [], next: params.after ?? 0) } })
        let feed = EventFeed(logs: logs, most: 4, clock: clock, logger: quiet)
        let router = Router(context: GatewayContext.self, options: .autoGenerateHeadEndpoints)
        HTTPAPI(
            askers: Askers(apiKeys: keys, users: people.users, sessions: people.sessions, clock: clock),
            pace: KeyPace(perSecond: pace, from: Self.start), peers: peers ?? self.peers,
            listing: client(GatewayContract.self),
            stream: EventStream(feed: feed, logs: logs, heartbeat: .seconds(15)), contracts: Self.contracts, clock: clock
        )
        .add(to: router)
        return RouterClient(router)
    }

    /// The header that shows a new key.
    func bearer(
        _ role: Role, ofHost: Bool = false, numbers: [PhoneNumberID]? = nil, workspace: String = "w", until end: Timestamp? = nil
    ) async throws -> [String: String] {
        let name = "\(role) \(asked.value.count) \(ofHost) \(numbers?.map(\.rawValue).joined() ?? "") \(end?.milliseconds ?? 0)"
        let params = CreateAPIKey.Params(name: name, role: role, ofHost: ofHost, numbers: numbers, expiresAt: end)
        return ["Authorization": "Bearer \(try await keys.create(params, workspace: workspace).secret)"]
    }

    static let costs = PasswordHash.Costs(kibibytes: 8, passes: 1)
    static let password = "correct horse battery"

    /// A new user, by the role they have.
    func user(_ role: Role, ofHost: Bool = false, workspace: String = "w", email: String? = nil) async throws -> User {
        let email = email ?? "\(role)\(ofHost ? ".host" : "")@\(workspace).example"
        let params = CreateUser.Params(email: email, name: "The \(role)", role: role, password: Self.password, ofHost: ofHost)
        return try await people.users.create(params, workspace: workspace, for: .host)
    }

    /// The token of a new session.
    func token(_ user: User, from address: String? = nil) async throws -> String {
        let reply = try await people.logins.begin(.init(email: user.email, password: Self.password), from: address)
        return reply.token ?? ""
    }

    /// The header that shows a new session of a new user.
    func session(_ role: Role, ofHost: Bool = false, workspace: String = "w") async throws -> [String: String] {
        let user = try await user(role, ofHost: ofHost, workspace: workspace)
        return ["Authorization": "Bearer \(try await token(user))"]
    }

    /// A call as the socket gives it to a method.
    static func call(_ workspace: String, actor: String? = nil) -> RPCCall {
        RPCCall(
            context: CallContext(id: "t", meta: CallMeta(workspace: workspace, actor: actor)), peer: PeerCredentials(pid: 1, uid: 0, gid: 0)
        ) { _, _ in }
    }
}
