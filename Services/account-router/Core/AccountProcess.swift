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
import TemplateContract
import Vocabulary

/// Assembles account-router.
package enum AccountProcess: ServiceProcess {
    package static let contract: any Contract.Type = AccountContract.self

    package static let keys: [ConfigurationKey] = [
        ConfigurationKey("graph.url", .text, "https://graph.facebook.com/v24.0", "Meta's Graph API with its version."),
        ConfigurationKey("graph.timeout", .duration(.seconds(1)...(.seconds(300))), "30s", "How long one request to Meta may take."),
        ConfigurationKey("sending.concurrency", .integer(1...512), "24", "Requests to Meta under way at once, per number."),
        ConfigurationKey(
            "sending.limits", .boolean, "true", "Whether Meta's rate limits are kept; false only for measuring against the sandbox."),
        ConfigurationKey(
            "unknown.grace", .duration(.seconds(1)...(.seconds(86_400))), "10m",
            "How long a status has to tell of a message whose sending was interrupted."),
    ]

    package static func assemble(_ environment: ServiceEnvironment) async throws -> Assembly {
        let configuration = environment.configuration
        let token = try environment.credentials.require("graph-token")
        let pool = try environment.openDatabase(AccountMigrations.migrator)
        let events = EventLog(pool)
        let commits = GroupCommit(pool)
        let pacer = Pacer(clock: environment.clock, isLimited: configuration.boolean("sending.limits"))
        let accounts = try AccountStore(pool: pool, commits: commits, events: events, clock: environment.clock, pacer: pacer)
        let outbox = Outbox(pool: pool, commits: commits, events: events, clock: environment.clock)
        let lost = try outbox.recover()
        if lost > 0 { environment.logger.notice("messages were being sent when the process ended", metadata: ["unknown": "\(lost)"]) }
        let concurrency = configuration.integer("sending.concurrency")
        let graph = GraphClient(
            http: HTTPClient(connectionsPerHost: min(512, concurrency * 4)),
            baseURL: configuration.text("graph.url"),
            timeout: configuration.duration("graph.timeout"),
            token: { token.reveal() }
        )
        let senders = Senders(
            accounts: accounts, outbox: outbox, graph: graph, pacer: pacer, concurrency: concurrency, logger: environment.logger)
        let statuses = Statuses(outbox: outbox, accounts: accounts, pacer: pacer)
        let desk = MessageDesk(
            accounts: accounts,
            outbox: outbox,
            statuses: statuses,
            templates: environment.client(TemplateContract.self),
            senders: senders
        )
        let unknown = UnknownMessages(
            outbox: outbox,
            senders: senders,
            grace: configuration.milliseconds("unknown.grace"),
            logger: environment.logger
        )
        var assembly = Assembly(router: router(accounts, outbox, statuses, desk), services: [senders, unknown])
        assembly.pool = pool
        assembly.events = events
        assembly.prunes = [Prune("keys of Meta's events") { try await IdempotencyKeys.prune(pool, now: environment.clock.now) }]
        assembly.schema = AccountMigrations.migrator.migrations.last
        assembly.health = [
            HealthCheck("numbers") {
                let blocked = accounts.accounts(of: "default").filter { pacer.isBlocked($0.phoneNumberID) }.map(\.displayPhoneNumber)
                return blocked.isEmpty ? nil : "Meta refuses or does not answer for \(blocked.joined(separator: ", "))"
            }
        ]
        return assembly
    }

    private static func router(_ accounts: AccountStore, _ outbox: Outbox, _ statuses: Statuses, _ desk: MessageDesk) -> RPCRouter {
        var router = RPCRouter()
        router.on(AddAccount.self) { params, call in try await accounts.add(params, workspace: call.workspace) }
        router.on(ListAccounts.self) { _, call in try await accounts.list(call.workspace) }
        router.on(GetAccount.self) { params, _ in try accounts.found(params.phoneNumberID) }
        router.on(UpdateAccount.self) { params, _ in try await accounts.update(params) }
        router.on(DeleteAccount.self) { params, _ in
            try await accounts.delete(params.phoneNumberID)
            return Nothing()
        }
        router.on(PreviewRoute.self) { params, call in
            let route = try await desk.route(params.contact, asked: nil, workspace: call.workspace)
            return PreviewRoute.Reply(account: route.account.phoneNumberID, reason: route.reason)
        }
        router.on(SendMessage.self) { params, call in try await desk.send(params, call) }
        router.on(GetMessage.self) { params, call in try await outbox.get(params.id, workspace: call.workspace) }
        router.on(ExplainMessage.self) { params, call in try await outbox.explain(params.id, workspace: call.workspace) }
        router.on(ListMessages.self) { params, call in try await outbox.list(params, workspace: call.workspace) }
        router.on(MessageStatistics.self) { params, call in try await outbox.statistics(params, workspace: call.workspace) }
        router.on(RecordInbound.self) { params, _ in try await statuses.recordInbound(params) }
        router.on(RecordStatuses.self) { params, _ in try await statuses.record(params) }
        router.on(RecordAccountEvent.self) { params, _ in
            try await statuses.recordAccountEvent(params)
            return Nothing()
        }
        router.on(GetConversationWindow.self) { params, _ in try await statuses.window(params) }
        return router
    }
}
