package import GRDB
package import RPCContract
package import RPCTransport
package import ServiceLifecycle
import Storage
import Vocabulary

/// A process that is assembled and ready to serve: nothing of it runs yet.
package struct PreparedProcess: Sendable {
    package let contract: any Contract.Type
    package let router: RPCRouter
    /// What works behind the calls, in the order in which it is started.
    ///
    /// It stops before the calls do, so that nothing goes out any more while somebody's call is waited for.
    package let services: [any Service]
    /// What takes work from outside.
    ///
    /// It stops last: what is stored meanwhile is on disk and waits for the successor.
    package let frontends: [any Service]
    package let pool: DatabasePool?
    /// What SIGHUP has read again.
    let reloads: [@Sendable () -> Void]

    /// - Throws: a refusal to start.
    package init<Process: ServiceProcess>(
        _ process: Process.Type,
        _ environment: ServiceEnvironment,
        common: CommonSettings,
        settings: Process.Settings
    ) async throws {
        let started = ContinuousClock.now
        contract = process.contract
        var assembly = try await process.assemble(environment, settings)
        CommonMethods(process.contract, environment, assembly, started: started).bind(&assembly.router)
        let unbound = assembly.router.unbound(of: process.contract)
        guard unbound.isEmpty else { throw StartRefusal(.defect, "nothing serves \(unbound.joined(separator: ", "))") }
        var prunes = assembly.prunes
        if let events = assembly.events {
            prunes.append(Prune("event log") { try await events.prune(before: environment.clock.now - common.eventsRetention) })
        }
        router = assembly.router
        services = [Pruner(prunes: prunes, logger: environment.logger)] + assembly.services
        frontends = assembly.frontends
        pool = assembly.pool
        reloads = assembly.reloads
    }

    /// All that runs, in the order of its start; it stops in the reverse order, one after the other.
    ///
    /// - Parameters:
    ///   - calls: what takes the process's calls.
    ///   - watches: what only looks at the process, and has nothing to finish.
    package func order(calls: any Service, watches: [any Service] = []) -> [any Service] {
        Self.order(frontends: frontends, calls: calls, services: services, watches: watches)
    }

    /// Apart from a process, so that the order of the stop can be tried.
    package static func order(
        frontends: [any Service], calls: any Service, services: [any Service], watches: [any Service]
    ) -> [any Service] {
        frontends + [calls] + services + watches
    }
}
