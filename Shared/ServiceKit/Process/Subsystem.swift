package import RPCTransport
package import ServiceLifecycle

/// A part of a process: it binds its own methods, runs its own services and looks after its own tables.
package protocol Subsystem: Sendable {
    func bind(_ router: inout RPCRouter)
    /// In the order in which they depend on each other.
    var services: [any Service] { get }
    var health: [HealthCheck] { get }
    var prunes: [Prune] { get }
}

extension Subsystem {
    package var services: [any Service] { [] }
    package var health: [HealthCheck] { [] }
    package var prunes: [Prune] { [] }
}

extension Assembly {
    /// - Parameter subsystems: in the order in which they depend on each other.
    package init(_ subsystems: [any Subsystem]) {
        var router = RPCRouter()
        for subsystem in subsystems { subsystem.bind(&router) }
        self.init(router: router, services: subsystems.flatMap(\.services))
        health = subsystems.flatMap(\.health)
        prunes = subsystems.flatMap(\.prunes)
    }
}
