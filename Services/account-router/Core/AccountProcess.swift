import AccountCampaigns
import AccountContacts
import AccountContract
import AccountNumbers
import AccountOutbox
import AccountPacing
import GRDB
import GraphAPI
import HTTPClient
package import RPCContract
package import ServiceKit
import Storage
import SyncContract
import TemplateContract
import Vocabulary

/// Assembles account-router from its modules.
package enum AccountProcess: ServiceProcess {
    package static let contract: any Contract.Type = AccountContract.self

    package static func assemble(_ environment: ServiceEnvironment, _ settings: AccountSettings) async throws -> Assembly {
        let (clock, logger) = (environment.clock, environment.logger)
        let pacer = Pacer(clock: clock, isLimited: settings.keepsLimits)
        let token = try environment.credentials.follow("graph-token", logger: logger) { pacer.tokenReplaced() }
        let pool = try environment.openDatabase(AccountMigrations.migrator)
        let reads = Reads(pool)
        let events = EventLog(reads)
        let store = Store(reads: reads, commits: GroupCommit(pool), events: events, clock: clock)
        let (graph, urgentGraph) = (
            graph(settings, token, pacer, connections: 512), graph(settings, token, pacer, connections: 64)
        )
        let templates = environment.client(TemplateContract.self)

        let loads = Loads()
        let numbers = try Numbers(store: store, pacer: pacer, loads: loads) { try Outbox.release($0, $1, at: $2) }
        let consents = ConsentStore(store: store, rule: ConsentRule(requiresGrant: settings.marketing == .required))
        let notices = ConsentNotices(store: store)
        let contactRoutes = ContactRoutes(store: store)
        let people = People(store: store, listeners: [consents, notices, contactRoutes, PacedPeople(pacer: pacer)])
        let states = CampaignStates(store: store)
        let refusals = Refusals(store: store, numbers: numbers, consents: consents, campaigns: states)
        let sending = try OutboxSubsystem(
            store: store, numbers: numbers, pacer: pacer, loads: loads, consents: consents, contactRoutes: contactRoutes,
            people: people, listeners: [CampaignLedger(states: states), refusals],
            graph: graph, urgentGraph: urgentGraph, templates: templates,
            settings: .init(
                concurrency: settings.sendingConcurrency, grace: settings.unknownGrace, gapGrace: settings.unknownGapGrace,
                isResentInSilence: settings.unknownSilence == .resend, contents: settings.contents,
                deliveries: settings.deliveries),
            logger: logger)
        let campaigns = CampaignsSubsystem(
            store: store, states: states, numbers: numbers, consents: consents, contactRoutes: contactRoutes, sending: sending,
            templates: templates, contacts: environment.client(SyncContract.self), batchLimit: settings.concurrentBatches,
            retention: settings.deliveries, logger: logger)
        let core = CoreSubsystem(
            desk: AccountDesk(numbers: numbers, outbox: sending.outbox), contactRoutes: contactRoutes,
            customerMessages: CustomerMessages(
                store: store, numbers: numbers, consents: consents, notices: notices, contactRoutes: contactRoutes, people: people,
                outbox: sending.outbox, senders: sending.senders),
            events: AccountEvents(store: store, numbers: numbers, consents: consents),
            failover: Failover(
                clock: clock, numbers: numbers, contactRoutes: contactRoutes, outbox: sending.outbox, routing: sending.routing,
                senders: sending.senders, interval: min(settings.qualityPoll, settings.qualityRamp, .seconds(5)), logger: logger),
            analytics: Analytics(
                store: store, numbers: numbers, outbox: sending.outbox, campaigns: campaigns.campaigns, tariffs: campaigns.tariffs))
        try await core.desk.failOrphans()

        var assembly = Assembly([
            NumbersSubsystem(
                store: store, numbers: numbers, graph: graph, poll: settings.qualityPoll, ramp: settings.qualityRamp, logger: logger),
            ContactsSubsystem(
                consents: consents, notices: notices, contactRoutes: contactRoutes, steps: settings.deliveries, habits: settings.habits),
            sending, campaigns, core,
        ])
        assembly.pool = pool
        assembly.events = events
        assembly.schema = AccountMigrations.migrator.migrations.last
        assembly.prunes.append(Prune("keys of Meta's events") { try await IdempotencyKeys.prune(pool, now: clock.now) })
        return assembly
    }

    private static func graph(
        _ settings: AccountSettings, _ token: @escaping @Sendable () -> Secret, _ pacer: Pacer, connections: Int
    ) -> GraphClient {
        GraphClient(
            http: HTTPClient(connectionsPerHost: connections), host: settings.graphURL, version: settings.graphVersion,
            timeout: settings.graphTimeout.duration, token: { token().reveal() }, usage: { pacer.rest(after: $0) })
    }
}
