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
        let token = try environment.credentials.follow("graph-token", logger: logger)
        let pool = try environment.openDatabase(AccountMigrations.migrator)
        let reads = Reads(pool)
        let events = EventLog(reads)
        let store = Store(reads: reads, commits: GroupCommit(pool), events: events, clock: clock, chance: environment.chance)
        let step = try ClockAtStart.setBack(store)
        let (graph, urgentGraph) = (
            graph(settings, token, pacer, connections: 512), graph(settings, token, pacer, connections: 64)
        )
        let templates = environment.client(TemplateContract.self)

        let loads = Loads()
        let accounts = try NumbersSubsystem(
            store: store, pacer: pacer, loads: loads, graph: graph, poll: settings.qualityPoll, ramp: settings.qualityRamp, logger: logger,
            relimited: { try Outbox.release($0, $1, at: $2) })
        let numbers = accounts.numbers
        let contacts = ContactsSubsystem(
            store: store, rule: ConsentRule(requiresGrant: settings.marketing == .required), listeners: [PacedPeople(pacer: pacer)],
            steps: settings.deliveries, habits: settings.habits)
        let states = CampaignStates(store: store)
        let refusals = Refusals(store: store, numbers: numbers, consents: contacts.consents, campaigns: states)
        let sending = try OutboxSubsystem(
            store: store, numbers: numbers, pacer: pacer, loads: loads, consents: contacts.consents, contactRoutes: contacts.contactRoutes,
            people: contacts.people, listeners: [CampaignLedger(states: states), refusals], graph: graph, urgentGraph: urgentGraph,
            templates: templates, settings: settings.outbox, logger: logger)
        token.whenReplaced { [weak senders = sending.senders] in
            pacer.tokenReplaced()
            // What waited for it is tried at once.
            senders?.nudgeAll()
        }
        let campaigns = CampaignsSubsystem(
            store: store, states: states, numbers: numbers, consents: contacts.consents, contactRoutes: contacts.contactRoutes,
            outbox: sending.outbox, routing: sending.routing, desk: sending.desk, senders: sending.senders, templates: templates,
            contacts: environment.client(SyncContract.self), batchLimit: settings.concurrentBatches, retention: settings.deliveries,
            logger: logger)
        let core = CoreSubsystem(
            store: store, numbers: numbers, consents: contacts.consents, notices: contacts.notices, contactRoutes: contacts.contactRoutes,
            people: contacts.people, outbox: sending.outbox, routing: sending.routing, senders: sending.senders,
            campaigns: campaigns.campaigns, tariffs: campaigns.tariffs,
            interval: min(settings.qualityPoll, settings.qualityRamp, .seconds(5)), logger: logger)
        if let step {
            let workspaces = Set(numbers.all().map(\.workspace))
            try await ClockAtStart.follow(step, store, outbox: sending.outbox, campaigns: campaigns.campaigns, workspaces: workspaces)
        }
        try await core.desk.failOrphans()

        var assembly = Assembly([accounts, contacts, sending, campaigns, core])
        assembly.services.append(token)
        assembly.health.append(HealthCheck(token))
        assembly.pool = pool
        assembly.events = events
        assembly.schema = AccountMigrations.migrator.migrations.last
        assembly.prunes.append(Prune("keys of Meta's events") { try await IdempotencyKeys.prune(pool, now: clock.now) })
        return assembly
    }

    private static func graph(
        _ settings: AccountSettings, _ token: LiveCredential, _ pacer: Pacer, connections: Int
    ) -> GraphClient {
        GraphClient(
            http: HTTPClient(connectionsPerHost: connections), host: settings.graphURL, version: settings.graphVersion,
            timeout: settings.graphTimeout.duration, token: { token().reveal() }, usage: { pacer.rest(after: $0) })
    }
}

extension AccountSettings {
    /// The settings that are the outbox's.
    fileprivate var outbox: OutboxSubsystem.Settings {
        OutboxSubsystem.Settings(
            concurrency: sendingConcurrency, grace: unknownGrace, gapGrace: unknownGapGrace, isResentInSilence: unknownSilence == .resend,
            contents: contents, deliveries: deliveries)
    }
}
