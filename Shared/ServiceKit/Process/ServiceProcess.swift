package import GRDB
package import RPCContract
package import RPCTransport
package import ServiceLifecycle
package import Storage

/// One process of the system; its `main.swift` names the conforming type and nothing else.
package protocol ServiceProcess: SendableMetatype {
    static var contract: any Contract.Type { get }
    /// Those besides the common ones.
    associatedtype Settings: ProcessSettings
    /// Opens what it owns and wires it; touches no other process yet.
    static func assemble(_ environment: ServiceEnvironment, _ settings: Settings) async throws -> Assembly
}

/// A process, wired and ready to run.
package struct Assembly: Sendable {
    package var router: RPCRouter
    /// In the order in which they depend on each other; stopped in reverse.
    package var services: [any Service]
    /// What takes work from outside: started first and stopped last (see PreparedProcess).
    package var frontends: [any Service] = []
    package var pool: DatabasePool?
    package var events: EventLog?
    package var schema: String?
    package var health: [HealthCheck] = []
    /// Beside the event log, which every process prunes.
    package var prunes: [Prune] = []
    /// What SIGHUP has read again, beside the log level of every process.
    package var reloads: [@Sendable () -> Void] = []

    package init(router: RPCRouter, services: [any Service] = []) {
        self.router = router
        self.services = services
    }
}

/// A named check that `service.health` and readiness run.
package struct HealthCheck: Sendable {
    package var name: String
    /// What is wrong; nil where all is well.
    package var problem: @Sendable () async -> String?

    package init(_ name: String, _ problem: @escaping @Sendable () async -> String?) {
        self.name = name
        self.problem = problem
    }
}
