import CSystemd
import Foundation
import GRDB
import Logging
import Metrics
import NIOCore
import NIOPosix
import Observability
import RPCContract
import RPCTransport
import ServiceLifecycle
import Storage
import Synchronization
import UnixSignals
import Vocabulary

/// The life of a process: read settings, open what it owns, serve, drain, end.
package enum ServiceMain {
    /// Runs until SIGTERM or SIGINT; a refusal to start prints one line and ends with its status.
    package static func run<Process: ServiceProcess>(_ process: Process.Type) async -> Never {
        let name = process.contract.process
        do {
            forbidCores()
            linda_keep_heap(keptHeap)
            let options = try ServiceOptions<Process>(Array(CommandLine.arguments.dropFirst()))
            if options.isCheck { check(options, name) }
            try await run(process, options)
            exit(0)
        } catch let refusal as StartRefusal {
            say("refuses to start: \(refusal)", name)
            exit(refusal.status.rawValue)
        } catch {
            say("ended by a defect: \(error)", name)
            exit(StartRefusal.Status.defect.rawValue)
        }
    }

    /// Unused memory that each heap keeps, in bytes.
    ///
    /// By default it is 128 KiB, which a burst of requests takes and gives back again and again: a tenth of account-router's
    /// time under load went into the kernel's work for that. Under memory pressure all of it is given back.
    private static let keptHeap: Int32 = 2 << 20

    /// Ends with 0 where the settings would be taken.
    private static func check<Process: ServiceProcess>(_ options: ServiceOptions<Process>, _ name: String) -> Never {
        do throws(StartRefusal) {
            _ = try options.configuration().settings(Process.Settings.self)
            exit(0)
        } catch {
            say("refuses to start: \(error)", name)
            exit(error.status.rawValue)
        }
    }

    /// The last line of a process; each line of it has the priority that the journal reads (sd-daemon(3)).
    private static func say(_ text: String, _ name: String) {
        let priority = JournalStream.isConnected ? "<3>" : ""
        let lines = "linda-\(name): \(text)".split(separator: "\n")
        StandardStream.error.write(lines.map { "\(priority)\($0)\n" }.joined())
    }

    private static func run<Process: ServiceProcess>(_ process: Process.Type, _ options: ServiceOptions<Process>) async throws {
        signal(SIGPIPE, SIG_IGN)
        raiseDescriptorLimit()
        if options.endsWithParent { _ = linda_set_parent_death_signal(SIGTERM) }
        let (common, settings) = try options.configuration().settings(Process.Settings.self)
        NIOSingletons.groupLoopCountSuggestion = 1
        NIOSingletons.blockingPoolThreadCountSuggestion = 1
        LogLevel.current = common.logLevel
        LoggingSystem.bootstrap { label in ConsoleLogHandler(label: label, isJournal: options.logsToJournal) }
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        let logger = Logger(label: process.contract.process)
        let environment = ServiceEnvironment(
            name: process.contract.process,
            runDirectory: common.runDirectory,
            clockFile: common.clockFile,
            credentials: Credentials(directory: options.credentialsDirectory),
            stateDirectory: options.stateDirectory,
            logger: logger,
            clock: try clock(common.clockFile),
            metrics: metrics,
            spans: SpanRing(),
            descriptors: try SocketActivation.descriptors()
        )
        let prepared = try await PreparedProcess(process, environment, common: common, settings: settings)
        let pool = prepared.pool
        let server = try rpcServer(prepared.router, environment, common)
        let notifier = SystemdNotifier(name: environment.name, logger: logger) {
            _ = try? await MultiThreadedEventLoopGroup.singleton.next().submit {}.get()  // only its coming back matters
            _ = try? await pool?.read { try Int.fetchOne($0, sql: "SELECT 1") }  // only its coming back matters
        } reload: {
            // The file may be wrong now; the process then keeps what it has and says so.
            do {
                LogLevel.current = try options.configuration().settings(Process.Settings.self).common.logLevel
            } catch {
                logger.warning("new configuration refused, keeping the old one", metadata: ["problem": "\(error)"])
            }
            for reload in prepared.reloads { reload() }
        }
        let pressure = MemoryPressureWatch(logger: logger) { pool?.releaseMemory() }
        let services: [any Service] = prepared.order(calls: server, watches: [pressure, notifier])
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0, serviceName: "\(type(of: $0))") },
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        try await group.run()
        do { try await pool?.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) } } catch {
            // Somebody reads the database, such as a backup: the log stays beside it and is read at the next start.
            logger.notice("the database's log was not folded in", metadata: ["error": "\(error)"])
        }
        logger.notice("ended")
    }

    /// A dump of memory would hold tokens.
    private static func forbidCores() {
        var limit = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    }

    private static func clock(_ path: String) throws(StartRefusal) -> WallClock {
        guard !path.isEmpty else { return .system }
        do { return try VirtualClock.clock(path) } catch {
            throw StartRefusal(.configuration, "clock.file: \(path) cannot be read as a virtual clock: \(error)")
        }
    }

    private static func rpcServer(
        _ router: RPCRouter,
        _ environment: ServiceEnvironment,
        _ common: CommonSettings
    ) throws(StartRefusal) -> RPCServerService {
        var limits = RPCLimits()
        limits.connections = common.connections
        limits.inFlight = common.inFlight
        let observer = CallObserver(environment)
        let server = RPCServer(router: router, limits: limits, policy: ServicePeers().policy, logger: environment.logger) {
            observer.ended($0)
        }
        return RPCServerService(server: server, descriptor: try environment.descriptor("rpc"))
    }

    /// Ten thousand idle callers need as many descriptors; the soft limit is historic (systemd.exec(5), LimitNOFILE=).
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// Runs the RPC server as one service of the process.
private struct RPCServerService: Service {
    let server: RPCServer
    let descriptor: Int32

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await server.run(descriptor: descriptor)
        } onGracefulShutdown: {
            server.drain()
        }
    }
}

/// Turns finished calls into metrics, spans and debug lines.
private final class CallObserver: Sendable {
    private struct Handles: Sendable {
        var timer: Metrics.Timer
        var faults: [String: Counter] = [:]
    }

    private let environment: ServiceEnvironment
    private let handles = Mutex<[String: Handles]>([:])

    init(_ environment: ServiceEnvironment) {
        self.environment = environment
    }

    func ended(_ outcome: RPCOutcome) {
        let method = outcome.method
        let nanoseconds = Int64(outcome.duration.seconds * 1e9)
        handles.withLock { handles in
            var own =
                handles[method] ?? Handles(timer: Metrics.Timer(label: "linda_rpc_duration_seconds", dimensions: [("method", method)]))
            own.timer.recordNanoseconds(nanoseconds)
            if let reason = outcome.fault?.code.reason {
                let dimensions = [("method", method), ("reason", reason)]
                let counter = own.faults[reason] ?? Counter(label: "linda_rpc_faults_total", dimensions: dimensions)
                counter.increment()
                own.faults[reason] = counter
            }
            handles[method] = own
        }
        if let traceparent = outcome.context.meta.traceparent {
            let start = environment.clock.now - Milliseconds(outcome.duration)
            environment.spans.record(method, traceparent: traceparent, start: start, duration: outcome.duration, fault: outcome.fault?.code)
        }
        environment.logger.debug(
            "call ended",
            metadata: [
                "rpc.id": "\(outcome.context.id)", "rpc.method": "\(method)", "ms": "\(outcome.duration.seconds * 1000)",
                "fault": "\(outcome.fault?.code.reason ?? "none")",
            ]
        )
    }
}
