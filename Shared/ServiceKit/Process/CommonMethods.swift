import Foundation
import GRDB
import Logging
import Observability
import RPCContract
import RPCTransport
import Storage

/// Serves the methods that every process answers.
struct CommonMethods {
    private let contract: any Contract.Type
    private let environment: ServiceEnvironment
    private let assembly: Assembly
    private let started: ContinuousClock.Instant

    init(_ contract: any Contract.Type, _ environment: ServiceEnvironment, _ assembly: Assembly, started: ContinuousClock.Instant) {
        self.contract = contract
        self.environment = environment
        self.assembly = assembly
        self.started = started
    }

    func bind(_ router: inout RPCRouter) {
        let (contract, environment, assembly, started) = (contract, environment, assembly, started)
        router.on(ServicePing.self) { _, _ in Nothing() }
        router.on(ServiceInfo.self) { _, _ in
            ServiceInfo.Reply(
                process: contract.process,
                version: contract.version,
                schema: assembly.schema,
                uptimeSeconds: (ContinuousClock.now - started).seconds,
                pid: Int(ProcessInfo.processInfo.processIdentifier)
            )
        }
        router.on(ServiceHealth.self) { _, _ in await Self.health(assembly) }
        router.on(ServiceMetrics.self) { _, _ in ServiceMetrics.Reply(text: environment.metrics.text()) }
        router.on(ServiceSpans.self) { params, _ in ServiceSpans.Reply(items: environment.spans.spans(trace: params.trace)) }
        router.on(ServiceSetLogLevel.self) { params, _ in
            let previous = LogLevel.current
            LogLevel.current = Logger.Level(rawValue: params.level) ?? previous
            environment.logger.notice("log level set", metadata: ["level": "\(params.level)", "previous": "\(previous.rawValue)"])
            return ServiceSetLogLevel.Reply(previous: previous.rawValue)
        }
        router.on(RPCDiscover.self, always: { try OpenRPC.document(of: contract) })
        router.on(EventsRead.self) { params, call in
            guard let events = assembly.events else { return EventsRead.Reply(items: [], next: params.after ?? 0) }
            return try await events.read(params, workspace: call.meta.workspace)
        }
        router.on(EventsFollow.self) { params, call in
            guard let events = assembly.events else { return EventsFollow.Reply(next: params.after) }
            let next = try await events.follow(params, workspace: call.meta.workspace) { event in
                let notification = EventsFollow.Notification(id: call.context.id, event: event)
                try await call.notify(EventsFollow.notification, try JSON.encode(notification))
            }
            return EventsFollow.Reply(next: next)
        }
        let bound = router
        router.on(ServiceCheck.self) { params, _ in
            try bound.check(params.method, JSON.encode(params.params))
            return ServiceCheck.Reply(valid: true)
        }
    }

    private static func health(_ assembly: Assembly) async -> ServiceHealth.Reply {
        var checks: [ServiceHealth.Check] = []
        if let pool = assembly.pool {
            do {
                // A real write of a page: a full disk, or one that was mounted read-only, shows here.
                try await pool.write { try $0.execute(sql: "PRAGMA user_version = 1") }
                checks.append(ServiceHealth.Check(name: "database", healthy: true))
            } catch {
                checks.append(ServiceHealth.Check(name: "database", healthy: false, detail: "\(error)"))
            }
        }
        for check in assembly.health {
            let problem = await check.problem()
            checks.append(ServiceHealth.Check(name: check.name, healthy: problem == nil, detail: problem))
        }
        return ServiceHealth.Reply(healthy: checks.allSatisfy(\.healthy), checks: checks)
    }
}
