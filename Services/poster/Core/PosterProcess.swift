import GRDB
import GatewayContract
import HTTPClient
import Logging
import PosterContract
package import RPCContract
import RPCTransport
package import ServiceKit
import Storage
import Vocabulary

/// Assembles poster.
package enum PosterProcess: ServiceProcess {
    package static let contract: any Contract.Type = PosterContract.self

    /// Each workspace waits in a call of its own.
    private static let waitingCalls = 240
    /// Connections of all endpoints together.
    private static let connections = 4096

    package static func assemble(_ environment: ServiceEnvironment, _ settings: PosterSettings) async throws -> Assembly {
        let migrator = PosterMigrations.migrator
        let pool = try environment.openDatabase(migrator)
        let (reads, commits, clock, logger) = (Reads(pool), GroupCommit(pool), environment.clock, environment.logger)
        let events = EventLog(reads)
        let store = Store(reads: reads, commits: commits, events: events, clock: clock, chance: environment.chance)
        let (directory, runners) = (EndpointDirectory(), EndpointRunners())
        let urls = EndpointURL(allowsPrivate: settings.allowsPrivate)
        let endpoints = Endpoints(
            store: store, directory: directory, runners: runners, events: environment.client(GatewayContract.self), urls: urls)
        let deliveries = Deliveries(store: store, endpoints: endpoints, runners: runners)
        try endpoints.load()
        let lost = try deliveries.recover()
        if lost > 0 { logger.notice("deliveries under way when the process ended are posted again", metadata: ["count": "\(lost)"]) }
        let poster = EventPoster(
            directory: directory, deliveries: deliveries, urls: urls, usual: client(), careful: client(), clock: clock,
            chance: environment.chance, logger: logger, timeout: settings.timeout, disableAfter: settings.disableAfter)
        let senders = EndpointSenders(
            directory: directory, runners: runners, poster: poster, commits: commits, clock: clock, chance: environment.chance,
            logger: logger, concurrency: settings.concurrency)
        let readers = EventReaders(
            directory: directory, deliveries: deliveries,
            events: environment.client(GatewayContract.self, inFlight: waitingCalls), clock: clock, logger: logger,
            waiting: settings.waiting)
        let recoveries = Recoveries(
            store: store, deliveries: deliveries, events: EventPages(events: environment.client(GatewayContract.self)), logger: logger,
            waiting: settings.waiting, retention: settings.retention)
        var assembly = Assembly(
            router: router(endpoints, deliveries, recoveries), services: [senders, readers, recoveries])
        assembly.pool = pool
        assembly.events = events
        assembly.prunes = [
            Prune("deliveries") { try await deliveries.prune(before: clock.now - settings.retention) },
            Prune("deliveries of endpoints that are gone") { try await deliveries.pruneGone() },
            Prune("recoveries") { try await deliveries.pruneRecoveries(before: clock.now - settings.retention) },
        ]
        assembly.schema = migrator.migrations.last
        return assembly
    }

    private static func client() -> HTTPClient {
        // Endpoints of several workspaces may share a host: each has its own concurrency, and takes no place of another's.
        HTTPClient(connectionsPerHost: connections, connections: connections, limit: 4 * connections)
    }

    private static func router(_ endpoints: Endpoints, _ deliveries: Deliveries, _ recoveries: Recoveries) -> RPCRouter {
        var router = RPCRouter()
        router.on(CreateEndpoint.self) { params, call in try await endpoints.create(params, workspace: call.workspace) }
        router.on(ListEndpoints.self) { _, call in try await endpoints.list(workspace: call.workspace) }
        router.on(GetEndpoint.self) { params, call in try await endpoints.get(params.id, workspace: call.workspace) }
        router.on(UpdateEndpoint.self) { params, call in try await endpoints.update(params, workspace: call.workspace) }
        router.on(DeleteEndpoint.self) { params, call in
            try await endpoints.delete(params.id, workspace: call.workspace)
            return Nothing()
        }
        router.on(PauseEndpoint.self) { params, call in try await endpoints.pause(params.id, workspace: call.workspace) }
        router.on(ResumeEndpoint.self) { params, call in try await endpoints.resume(params.id, workspace: call.workspace) }
        router.on(RotateEndpointSecret.self) { params, call in try await endpoints.rotate(params, workspace: call.workspace) }
        router.on(TestEndpoint.self) { params, call in try await deliveries.test(params.id, workspace: call.workspace) }
        router.on(ListDeliveries.self) { params, call in try await deliveries.list(params, workspace: call.workspace) }
        router.on(GetDelivery.self) { params, call in try await deliveries.get(params, workspace: call.workspace) }
        router.on(ResendDelivery.self) { params, call in try await deliveries.resend(params, workspace: call.workspace) }
        router.on(RecoverDeliveries.self) { params, call in try await recoveries.begin(params, workspace: call.workspace) }
        router.on(GetRecovery.self) { params, call in try await recoveries.get(params, workspace: call.workspace) }
        return router
    }
}
