import AccountContract
import GRDB
import GraphAPI
import HTTPClient
import JobQueue
import Logging
package import RPCContract
import RPCTransport
package import ServiceKit
import ServiceLifecycle
import Storage
import SyncContract
import TemplateContract
import Vocabulary

/// Assembles account-router.
package enum AccountProcess: ServiceProcess {
    package static let contract: any Contract.Type = AccountContract.self

    package static func assemble(_ environment: ServiceEnvironment, _ settings: AccountSettings) async throws -> Assembly {
        let token = try environment.credentials.require("graph-token")
        let pool = try environment.openDatabase(AccountMigrations.migrator)
        let events = EventLog(pool)
        let commits = GroupCommit(pool)
        let pacer = Pacer(clock: environment.clock, isLimited: settings.keepsLimits)
        let loads = Loads()
        let accounts = try AccountStore(pool: pool, commits: commits, events: events, clock: environment.clock, pacer: pacer, loads: loads)
        let outbox = Outbox(
            pool: pool, commits: commits, events: events, clock: environment.clock,
            consent: ConsentRule(requiresGrant: settings.marketing == .required), loads: loads)
        let lost = try outbox.recover()
        if lost > 0 { environment.logger.notice("messages were being sent when the process ended", metadata: ["unknown": "\(lost)"]) }
        try outbox.restore(pacer, accounts)
        for number in try outbox.orphanedNumbers() { try await outbox.failWaiting(on: number) }
        let graph = GraphClient(
            http: HTTPClient(connectionsPerHost: 512),
            host: settings.graphURL,
            version: settings.graphVersion,
            timeout: settings.graphTimeout.duration,
            token: { token.reveal() },
            usage: { use in pacer.heed(use) }
        )
        let consents = ConsentStore(pool: pool, commits: commits, events: events, clock: environment.clock)
        let refusals = Refusals(outbox: outbox, accounts: accounts, consents: consents)
        let senders = Senders(
            accounts: accounts, outbox: outbox, graph: graph, pacer: pacer, concurrency: settings.sendingConcurrency, refusals: refusals,
            logger: environment.logger)
        let statuses = Statuses(outbox: outbox, accounts: accounts, pacer: pacer, consents: consents, refusals: refusals) {
            senders.nudge($0)
        }
        let desk = MessageDesk(
            accounts: accounts,
            outbox: outbox,
            templates: environment.client(TemplateContract.self),
            graph: graph,
            senders: senders
        )
        let unknown = UnknownMessages(
            outbox: outbox,
            senders: senders,
            grace: settings.unknownGrace,
            isResentInSilence: settings.unknownSilence == .resend,
            logger: environment.logger
        )
        let failover = Failover(accounts: accounts, senders: senders)
        let tariffs = Tariffs(pool: pool, commits: commits, clock: environment.clock)
        let lists = BroadcastLists(pool: pool, commits: commits, clock: environment.clock)
        let (toPlan, toWindow, feed) = (Signal(), Signal(), Signal())
        let campaigns = Campaigns(accounts: accounts, outbox: outbox, lists: lists) {
            toPlan.set()
            toWindow.set()
            feed.set()
        }
        let feeder = CampaignFeeder(
            campaigns: campaigns, tariffs: tariffs, senders: senders, arrived: feed,
            batchLimit: settings.concurrentBatches,
            logger: environment.logger)
        let planner = CampaignPlanner(
            campaigns: campaigns, tariffs: tariffs, templates: environment.client(TemplateContract.self),
            contacts: environment.client(SyncContract.self), logger: environment.logger, arrived: toPlan)
        let windows = Windows(campaigns: campaigns, logger: environment.logger, changed: toWindow)
        let quality = QualityWatch(
            accounts: accounts, graph: graph, failover: failover, poll: settings.qualityPoll,
            ramp: settings.qualityRamp, logger: environment.logger)
        let loadWatch = LoadWatch(accounts: accounts, logger: environment.logger)
        let reports = ExperimentReports(
            campaigns: campaigns, templates: environment.client(TemplateContract.self), logger: environment.logger)
        let parts = Parts(
            accounts: accounts, outbox: outbox, statuses: statuses, desk: desk, consents: consents,
            linking: Linking(accounts: accounts, graph: graph), events: AccountEvents(accounts: accounts, consents: consents),
            failover: failover, campaigns: campaigns, batches: BatchFiller(campaigns: campaigns, desk: desk), feeder: feeder,
            windows: windows,
            tariffs: tariffs, analytics: Analytics(campaigns: campaigns, tariffs: tariffs) { feeder.rate($0) })
        var assembly = Assembly(
            router: parts.router(), services: [loadWatch, senders, unknown, planner, feeder, windows, quality, reports])
        assembly.pool = pool
        assembly.events = events
        assembly.prunes = [
            Prune("keys of Meta's events") { try await IdempotencyKeys.prune(pool, now: environment.clock.now) },
            Prune("loads of long ago") { try await LoadWatch.prune(commits, now: environment.clock.now) },
        ]
        assembly.schema = AccountMigrations.migrator.migrations.last
        assembly.health = [
            HealthCheck("statuses") {
                do {
                    let waiting = try await outbox.unknown(before: environment.clock.now - settings.unknownGrace * 7)
                    return waiting == 0
                        ? nil : "\(waiting) messages wait for their status, and Meta's webhooks do not come: look at the app's subscription"
                } catch { return "the messages cannot be read: \(error)" }
            },
            HealthCheck("numbers") {
                let blocked = accounts.all().filter { pacer.isBlocked($0.phoneNumberID) }.map(\.displayPhoneNumber)
                return blocked.isEmpty ? nil : "Meta refuses or does not answer for \(blocked.joined(separator: ", "))"
            },
        ]
        return assembly
    }
}
