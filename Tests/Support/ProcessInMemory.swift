import AccountCore
import Foundation
import GRDB
import GatewayCore
import IntelligenceCore
import Logging
import Observability
import PosterCore
import RPCContract
import RPCTransport
import SandboxCore
import ServiceKit
import ServiceLifecycle
import Supervision
import SyncCore
import Synchronization
import TemplateCore
import Vocabulary

/// One of our processes inside the test's own: assembled as its program assembles it, its calls in memory.
///
/// Killed, it loses its database first, so that nothing more is written, and its tasks after that; whoever calls it
/// waits for its successor.
final class ProcessInMemory: SupervisedProcess {
    private struct State {
        var isReady = false
        var ending: ChildProcess.Ending?
        var waitsForReady: [CheckedContinuation<ChildProcess.Ending?, Never>] = []
        var waitsForEnd: [CheckedContinuation<ChildProcess.Ending, Never>] = []
        var group: ServiceGroup?
        var pool: DatabasePool?
        var task: Task<Void, Never>?
        var isKilled = false
        var isStopped = false
    }

    let pid = ProcessInfo.processInfo.processIdentifier
    private let state = Mutex(State())
    private let name: String
    private let network: RPCNetwork

    /// - Parameter onLine: every line that the process logs.
    init(_ launch: ChildProcess.Launch, in network: RPCNetwork, onLine: @escaping @Sendable (String) -> Void) {
        name = launch.name
        self.network = network
        let onLine: @Sendable (String) -> Void = { [weak self] line in
            // A process that is gone says nothing any more.
            if self?.state.withLock({ !$0.isKilled }) ?? false { onLine(line) }
        }
        let task = Task {
            do {
                try await Self.run(launch, in: network, for: self, onLine: onLine)
                // Cancelled, its services end as if they had been asked to; it was killed all the same.
                finish(state.withLock { $0.isKilled } ? .signalled(SIGKILL) : .exited(0))
            } catch let refusal as StartRefusal {
                onLine("<3>refuses to start: \(refusal)")
                finish(.exited(refusal.status.rawValue))
            } catch {
                if state.withLock({ $0.isKilled }) { return finish(.signalled(SIGKILL)) }
                onLine("<2>ended by a defect: \(error)")
                finish(.exited(70))
            }
        }
        state.withLock { $0.task = task }
    }

    func ready() async -> ChildProcess.Ending? {
        await withCheckedContinuation { continuation in
            let known: ChildProcess.Ending?? = state.withLock { state in
                if let ending = state.ending { return .some(ending) }
                if state.isReady { return .some(nil) }
                state.waitsForReady.append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    func ended() async -> ChildProcess.Ending {
        await withCheckedContinuation { continuation in
            let known: ChildProcess.Ending? = state.withLock { state in
                if state.ending == nil { state.waitsForEnd.append(continuation) }
                return state.ending
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    func signal(_ signal: Int32) {
        if signal == SIGKILL {
            let (pool, task) = state.withLock { state in
                state.isKilled = true
                return (state.pool, state.task)
            }
            network.cut(name)
            pool?.interrupt()
            try? pool?.close()  // what is being read just now closes it a moment later
            task?.cancel()
        } else {
            let group = state.withLock { state in
                state.isStopped = true
                return state.group
            }
            Task { await group?.triggerGracefulShutdown() }
        }
    }

    private func begins(_ group: ServiceGroup, _ pool: DatabasePool?) {
        let (waiting, isStopped) = state.withLock { state in
            state.isReady = true
            (state.group, state.pool) = (group, pool)
            defer { state.waitsForReady = [] }
            return (state.waitsForReady, state.isStopped)
        }
        for continuation in waiting { continuation.resume(returning: nil) }
        if isStopped { Task { await group.triggerGracefulShutdown() } }
    }

    private func finish(_ ending: ChildProcess.Ending) {
        let (first, second) = state.withLock { state in
            state.ending = ending
            // Its connections close with what holds them, as a program's do.
            (state.group, state.pool, state.task) = (nil, nil, nil)
            defer { (state.waitsForReady, state.waitsForEnd) = ([], []) }
            return (state.waitsForReady, state.waitsForEnd)
        }
        for continuation in first { continuation.resume(returning: ending) }
        for continuation in second { continuation.resume(returning: ending) }
    }

    /// How often each process was started on its folder.
    private static let starts = Mutex<[String: Int]>([:])

    /// The same for a run of the same seed, and another for each process and each start of it.
    private static func chance(_ name: String, _ stateDirectory: String) -> Chance {
        let start = starts.withLock { starts in
            starts["\(stateDirectory) \(name)", default: 0] += 1
            return starts["\(stateDirectory) \(name)"] ?? 0
        }
        return .seeded(FNV1a.hash("\(name) \(start)", seed: Seed.current))
    }

    private static func run(
        _ launch: ChildProcess.Launch,
        in network: RPCNetwork,
        for owner: ProcessInMemory,
        onLine: @escaping @Sendable (String) -> Void
    ) async throws {
        func run<Process: ServiceProcess>(_ process: Process.Type) async throws {
            try await Self.run(process, launch, in: network, for: owner, onLine: onLine)
        }
        switch ProcessName(rawValue: launch.name) {
        case .gateway: try await run(GatewayProcess.self)
        case .templateService: try await run(TemplateProcess.self)
        case .accountRouter: try await run(AccountProcess.self)
        case .intelligenceService: try await run(IntelligenceProcess.self)
        case .syncService: try await run(SyncProcess.self)
        case .poster: try await run(PosterProcess.self)
        case .sandbox: try await run(SandboxProcess.self)
        case nil: throw StartRefusal(.usage, "no process is called \(launch.name)")
        }
    }

    private static func run<Process: ServiceProcess>(
        _ process: Process.Type,
        _ launch: ChildProcess.Launch,
        in network: RPCNetwork,
        for owner: ProcessInMemory,
        onLine: @escaping @Sendable (String) -> Void
    ) async throws {
        func value(_ option: String) -> String? {
            launch.arguments.firstIndex(of: option).map { launch.arguments[$0 + 1] }
        }
        let overrides = zip(launch.arguments, launch.arguments.dropFirst()).filter { $0.0 == "--set" }.map(\.1)
        let configuration = try Configuration(process: launch.name, file: nil, overrides: overrides)
        let (common, settings) = try configuration.settings(Process.Settings.self)
        let logger = Logger(label: launch.name) { ConsoleLogHandler(label: $0, isJournal: true, write: onLine) }
        // The supervisor keeps its own, which outlive the process.
        let descriptors = Dictionary(
            uniqueKeysWithValues: launch.sockets.filter { $0.name != "rpc" }.map { ($0.name, [dup($0.descriptor)]) })
        let stateDirectory = value("--state") ?? "."
        let chance = chance(launch.name, stateDirectory)
        let environment = ServiceEnvironment(
            name: launch.name, runDirectory: common.runDirectory, clockFile: common.clockFile,
            credentials: Credentials(directory: value("--credentials")), stateDirectory: stateDirectory, logger: logger,
            clock: common.clockFile.isEmpty ? .system : try VirtualClock.clock(common.clockFile), chance: chance,
            metrics: MetricsRegistry(), spans: SpanRing(chance: chance), descriptors: descriptors, network: network)
        let prepared = try await PreparedProcess(process, environment, common: common, settings: settings)
        let calls = MemoryCalls(name: launch.name, router: prepared.router, network: network, logger: logger)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: prepared.order(calls: calls).map {
                    ServiceGroupConfiguration.ServiceConfiguration(service: $0)
                },
                logger: Logger(label: "lifecycle") { _ in SwiftLogNoOpLogHandler() }))
        owner.begins(group, prepared.pool)
        do {
            try await group.run()
            try prepared.pool?.close()
        } catch {
            try? prepared.pool?.close()  // it may have been taken away already
            throw error
        }
    }
}

/// Takes a process's calls as one of its services.
private struct MemoryCalls: Service {
    let name: String
    let router: RPCRouter
    let network: RPCNetwork
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown { await network.serve(name, router, logger: logger) }
    }
}
