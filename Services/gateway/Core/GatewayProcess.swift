import AccountContract
import Coordination
import Foundation
import GRDB
import GatewayContract
import HTTPServer
import Hummingbird
import IntelligenceContract
import JobQueue
import Logging
import Observability
import PosterContract
package import RPCContract
import RPCTransport
package import ServiceKit
import ServiceLifecycle
import Storage
import SyncContract
import TemplateContract
import Vocabulary

/// Assembles the gateway.
package enum GatewayProcess: ServiceProcess {
    package static let contract: any Contract.Type = GatewayContract.self

    /// Of whom it asks something, and whose methods it serves.
    private static let contracts: [any Contract.Type] = [
        GatewayContract.self, AccountContract.self, IntelligenceContract.self, PosterContract.self, SyncContract.self,
        TemplateContract.self,
    ]

    package static func assemble(_ environment: ServiceEnvironment, _ settings: GatewaySettings) async throws -> Assembly {
        let clock = environment.clock
        // Each may be changed while the old one still counts.
        let appSecrets = try environment.credentials.requireEach("meta-app-secret")
        let verifyTokens = try environment.credentials.requireEach("meta-verify-token")
        let adminKeys = try environment.credentials.requireEach("admin-key")
        let pool = try environment.openDatabase(GatewayMigrations.migrator)
        let reads = Reads(pool)
        let events = EventLog(reads)
        let gaps = try DeliveryGaps(pool, clock: clock, silence: settings.webhookSilence)
        let inbox = Inbox(
            reads: reads, clock: clock, gaps: gaps, keyLifetime: settings.keyLifetime, waiting: settings.waitingDeliveries)
        let webhook = WebhookDelivery(
            inbox: inbox, gaps: gaps, appSecrets: appSecrets, bytes: settings.webhookBytes, logger: environment.logger)
        let peers = Dictionary(uniqueKeysWithValues: contracts.map { ($0.process, environment.client($0)) })
        let apiKeys = try APIKeys(pool, events: events, clock: clock, chance: environment.chance)
        let people = try people(environment, settings, in: pool, events: events)
        let dispatchers = dispatchers(environment, settings, inbox, gaps: gaps)
        var router = RPCRouter()
        bind(inbox, DeadLetters(inbox: inbox), webhook, waking: dispatchers, to: &router)
        bind(apiKeys, to: &router)
        people.bind(to: &router)
        let listed = EventLogs(own: events, peers: peers)
        let feed = EventFeed(logs: listed, most: settings.connections / 4, clock: clock, logger: environment.logger)
        bind(EventAwaiting(feed: feed, logs: listed), to: &router)

        let http = Router(context: GatewayContext.self, options: .autoGenerateHeadEndpoints)
        WebhookChallenge(path: webhook.path, verifyTokens: verifyTokens).add(to: http)
        let metrics: @Sendable () -> String = environment.metrics.text
        let door = door(of: people, adminKeys, clock)
        OperationsRoutes(inbox: inbox, webhook: webhook, metrics: metrics, peers: peers, door: door, clock: clock).add(to: http)
        // Clients of its own: whatever programs ask, health and pages have their places.
        let served = Dictionary(uniqueKeysWithValues: contracts.map { ($0.process, environment.client($0)) })
        let logs = EventLogs(own: events, peers: served)
        HTTPAPI(
            askers: Askers(apiKeys: apiKeys, users: people.users, sessions: people.sessions, clock: clock),
            pace: KeyPace(perSecond: settings.keyRate, from: clock.now), peers: served,
            listing: environment.client(GatewayContract.self),
            stream: EventStream(feed: feed, logs: logs, heartbeat: settings.heartbeat.duration), contracts: contracts,
            clock: clock
        )
        .add(to: http)
        let split = Wakeup()
        let rehearsal = Rehearsal(
            inbox: inbox, lanes: dispatchers, whoWaits: dispatchers.compactMap(\.start) + [split], logger: environment.logger)
        // First, so that it stops last: only then is nothing in hand any more.
        var assembly = Assembly(router: router, services: [rehearsal] + dispatchers)
        assembly.services.append(feed)
        assembly.services.append(GapTeller(gaps: gaps, handlers: handlers(environment, gaps), clock: clock, logger: environment.logger))
        assembly.services += uses(of: apiKeys, people.sessions, environment)
        assembly.services.append(Splitter(inbox: inbox, lanes: dispatchers.map(\.wake), start: split, logger: environment.logger))
        assembly.prunes = prunes(settings, of: inbox, gaps: gaps, keys: apiKeys, sessions: people.sessions, in: pool)
        let certificate = try certificate(environment, settings, in: &assembly)
        assembly.frontends = try servers(environment, settings, router: http, webhook: webhook, certificate: certificate)
        assembly.pool = pool
        assembly.events = events
        assembly.schema = GatewayMigrations.migrator.migrations.last
        return assembly
    }

    /// What writes down which keys and sessions were used.
    private static func uses(of apiKeys: APIKeys, _ sessions: Sessions, _ environment: ServiceEnvironment) -> [KeyUse] {
        let (clock, logger) = (environment.clock, environment.logger)
        return [
            KeyUse(apiKeys: apiKeys, clock: clock, logger: logger),
            KeyUse(used: sessions.used, clock: clock, logger: logger) { try await sessions.flush() },
        ]
    }

    /// Users, their sessions, and how they log in.
    private static func people(
        _ environment: ServiceEnvironment, _ settings: GatewaySettings, in pool: DatabasePool, events: EventLog
    ) throws -> UserMethods {
        let line = PasswordLine()
        let (clock, chance) = (environment.clock, environment.chance)
        let limits = Sessions.Limits(idle: settings.sessionIdle, longest: settings.sessionLongest)
        let sessions = try Sessions(pool, clock: clock, chance: chance, limits: limits)
        let users = try Users(pool, events: events, clock: clock, chance: chance, line: line, sessions: sessions)
        return UserMethods(users: users, sessions: sessions, logins: Logins(users: users, line: line, clock: clock))
    }

    /// Who is let in to the page and the metrics.
    private static func door(of people: UserMethods, _ adminKeys: [Secret], _ clock: WallClock) -> Door {
        let (users, sessions) = (people.users, people.sessions)
        let admission = Admission(keys: adminKeys, clock: clock, user: { users.user(with: $0) }, hasUsers: { users.areOfHost })
        return Door(admission: admission, users: users, sessions: sessions, logins: people.logins)
    }

    /// Has the certificate of the settings followed; nil where HTTP is plain.
    private static func certificate(
        _ environment: ServiceEnvironment, _ settings: GatewaySettings, in assembly: inout Assembly
    ) throws(StartRefusal) -> ServedCertificate? {
        guard let files = settings.tls else { return nil }
        let watch = try CertificateWatch(files, clock: environment.clock, logger: environment.logger)
        assembly.services.append(watch)
        assembly.health.append(watch.health)
        assembly.reloads.append { watch.look(isCertain: true) }
        return watch.served
    }

    private static func servers(
        _ environment: ServiceEnvironment, _ settings: GatewaySettings, router: Router<GatewayContext>, webhook: WebhookDelivery,
        certificate: ServedCertificate?
    ) throws -> [SocketServer<GatewayContext>] {
        try environment.descriptors("http").map { descriptor in
            SocketServer(
                descriptor: descriptor,
                connections: settings.connections,
                router: router,
                direct: webhook,
                heartbeat: settings.heartbeat.duration,
                certificate: certificate,
                logger: environment.logger
            )
        }
    }

    private static func prunes(
        _ settings: GatewaySettings, of inbox: Inbox, gaps: DeliveryGaps, keys apiKeys: APIKeys, sessions: Sessions, in pool: DatabasePool
    ) -> [Prune] {
        [
            Prune("inbox") { try await inbox.prune(before: inbox.clock.now - settings.inboxRetention) },
            Prune("gaps in the deliveries") { try await gaps.prune(before: inbox.clock.now - .days(30)) },
            Prune("keys that ended a year ago") { try await apiKeys.prune(before: inbox.clock.now - .days(365)) },
            Prune("sessions that are over") { try await sessions.prune() },
            Prune("keys of deliveries") { try await IdempotencyKeys.prune(pool, now: inbox.clock.now) },
        ]
    }

    private static func bind(
        _ inbox: Inbox, _ deadLetters: DeadLetters, _ webhook: WebhookDelivery, waking dispatchers: [Dispatcher], to router: inout RPCRouter
    ) {
        router.on(InboxStatistics.self) { _, _ in try await inbox.statistics(refused: webhook.refusedCount) }
        router.on(ListInbox.self) { params, _ in try await inbox.list(params) }
        router.on(ReplayInbox.self) { params, _ in
            let count = try await inbox.replay(since: params.since)
            dispatchers.forEach { $0.wake.set() }
            return ReplayInbox.Reply(events: count)
        }
        router.on(ListDeadLetters.self) { params, _ in try await deadLetters.list(params) }
        router.on(GetDeadLetter.self) { params, _ in try await deadLetters.get(params.id) }
        router.on(ActOnDeadLetters.self) { params, _ in
            let reply = try await deadLetters.act(params)
            dispatchers.forEach { $0.wake.set() }
            return reply
        }
        router.on(RetryDeadLetter.self) { params, _ in try await deadLetters.retry(params.id) }
        router.on(ResolveDeadLetter.self) { params, _ in try await deadLetters.resolve(params.id) }
    }

    private static func bind(_ events: EventAwaiting, to router: inout RPCRouter) {
        router.on(ListEvents.self) { params, call in
            try EventTypes.check(params.types)
            // Whoever asks from outside is named.
            return try await events.list(params, workspace: call.workspace, isProcess: call.meta.actor == nil)
        }
    }

    private static func bind(_ apiKeys: APIKeys, to router: inout RPCRouter) {
        /// The owner of the keys: the workspace, or the whole host.
        @Sendable func place(_ ofHost: Bool?, _ call: RPCCall) -> String? { ofHost == true ? nil : call.workspace }
        router.on(CreateAPIKey.self) { params, call in try await apiKeys.create(params, workspace: call.workspace) }
        router.on(ListAPIKeys.self) { params, call in try await apiKeys.list(params, of: place(params.ofHost, call)) }
        router.on(RotateAPIKey.self) { params, call in try await apiKeys.rotate(params, of: place(params.ofHost, call)) }
        router.on(RevokeAPIKey.self) { params, call in try await apiKeys.revoke(params.id, of: place(params.ofHost, call)) }
    }

    private static func dispatchers(_ environment: ServiceEnvironment, _ settings: GatewaySettings, _ inbox: Inbox, gaps: DeliveryGaps)
        -> [Dispatcher]
    {
        // Clients of their own: a flood of statuses does not take the places of messages.
        let messages = handlers(environment, gaps)
        let rest = handlers(environment, gaps)
        func lane(
            _ lane: Payload.Lane, concurrency: Int, batch: Int, isStrict: Bool = false,
            _ handle: @escaping @Sendable ([StoredEvent]) async throws -> Void
        )
            -> Dispatcher
        {
            Dispatcher(
                lane: lane,
                inbox: inbox,
                concurrency: concurrency,
                batch: batch,
                attempts: settings.dispatchAttempts,
                isStrict: isStrict,
                logger: environment.logger,
                start: Wakeup(),
                handle: handle
            )
        }
        return [
            lane(.message, concurrency: settings.dispatchConcurrency, batch: 1) { events in
                for event in events { try await messages.message(event) }
            },
            // One after the other: account-router takes the moment that statuses have reached as proof that earlier ones came.
            lane(.status, concurrency: 1, batch: 200, isStrict: true) { try await rest.statuses($0) },
            lane(.management, concurrency: 4, batch: 1) { events in
                for event in events { try await rest.management(event) }
            },
        ]
    }

    private static func handlers(_ environment: ServiceEnvironment, _ gaps: DeliveryGaps) -> EventHandlers {
        EventHandlers(
            gaps: gaps,
            chance: environment.chance,
            accounts: environment.client(AccountContract.self),
            templates: environment.client(TemplateContract.self),
            intelligence: environment.client(IntelligenceContract.self),
            sync: environment.client(SyncContract.self)
        )
    }
}
