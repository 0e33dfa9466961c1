package import Foundation
import Synchronization

/// One child of ours, started as systemd would start it.
package final class ChildProcess: SupervisedProcess {
    /// What is started, and with what.
    package struct Launch: Sendable {
        package var name: String
        package var program: String
        package var arguments: [String]
        package var environment: [String: String]
        /// Passed as LISTEN_FDS from descriptor 3 on, with their names.
        package var sockets: [(name: String, descriptor: Int32)]
        /// Held open by the child as long as it lives: whoever has started it may be killed, and it still uses what is locked.
        package var lock: Int32?

        package init(
            name: String, program: String, arguments: [String], environment: [String: String] = [:],
            sockets: [(name: String, descriptor: Int32)] = [], lock: Int32? = nil
        ) {
            self.name = name
            self.program = program
            self.arguments = arguments
            self.environment = environment
            self.sockets = sockets
            self.lock = lock
        }
    }

    /// How a process has ended.
    package enum Ending: Sendable, Equatable, CustomStringConvertible {
        case exited(Int32)
        case signalled(Int32)

        package var description: String {
            switch self {
            case .exited(let status): "exit status \(status)"
            case .signalled(let signal): "signal \(signal)"
            }
        }
    }

    package let name: String
    package let pid: pid_t
    private let ending = Mutex<Ending?>(nil)
    private let waiters = Mutex<[CheckedContinuation<Ending, Never>]>([])
    private let readiness: NotifySocket
    private let output: PipeReader

    /// - Parameter onLine: every line the child writes to standard output or error.
    package init(_ launch: Launch, onLine: @escaping @Sendable (String) -> Void) throws {
        name = launch.name
        readiness = try NotifySocket()
        output = try PipeReader(onLine: onLine)
        var environment = ["PATH": "/usr/bin:/bin", "LINDA_SUPERVISED": "1", "NOTIFY_SOCKET": readiness.address]
        // The sanitizers' and the Swift runtime's own settings pass through.
        for (key, value) in ProcessInfo.processInfo.environment where key.hasPrefix("LINDA_") || key == "LD_LIBRARY_PATH" || key == "TZ" {
            environment[key] = value
        }
        environment.merge(launch.environment) { _, own in own }
        if !launch.sockets.isEmpty {
            environment["LISTEN_FDS"] = "\(launch.sockets.count)"
            environment["LISTEN_FDNAMES"] = launch.sockets.map(\.name).joined(separator: ":")
        }
        // LISTEN_PID must be the child's own id, which only the child knows: a shell sets it and becomes the program.
        let script = "LISTEN_PID=$$; export LISTEN_PID; exec \"$0\" \"$@\""
        let standard: [(Int32, Int32?)] = [(0, nil), (1, output.writeEnd), (2, output.writeEnd)]
        let passed = launch.sockets.map(\.descriptor) + (launch.lock.map { [$0] } ?? [])
        let descriptors = standard + passed.enumerated().map { (Int32(3 + $0.offset), $0.element) }
        let arguments = ["/bin/sh", "-c", script, launch.program] + launch.arguments
        // A child that asks to end with its parent ends with the thread that made it (prctl(2), PR_SET_PDEATHSIG),
        // so that thread stays until the child has ended.
        let spawned = Mutex<Result<pid_t, any Error>?>(nil)
        let isSpawned = DispatchSemaphore(value: 0)
        let reaper = Reaper()
        let thread = Thread { [environment] in
            let outcome = Result { try Self.spawn(arguments, environment: environment, descriptors: descriptors) }
            spawned.withLock { $0 = outcome }
            isSpawned.signal()
            guard case .success(let pid) = outcome else { return }
            reaper.wait(for: pid)
        }
        thread.stackSize = 256 * 1024
        thread.start()
        isSpawned.wait()
        pid = try spawned.withLock { $0 }?.get() ?? 0
        output.start()
        reaper.onEnd { [self] in finish($0) }
    }

    /// Returns when the child has said READY=1, or with its ending if that comes first.
    package func ready() async -> Ending? {
        // The child's end stops the wait as well.
        await readiness.ready()
        return ending.withLock { $0 }
    }

    package var isRunning: Bool { ending.withLock { $0 == nil } }

    package func signal(_ signal: Int32) {
        ending.withLock { if $0 == nil { kill(pid, signal) } }
    }

    package func ended() async -> Ending {
        await withCheckedContinuation { continuation in
            let known: Ending? = ending.withLock { ending in
                if ending == nil { waiters.withLock { $0.append(continuation) } }
                return ending
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private func finish(_ outcome: Ending) {
        output.finish()
        let waiting = ending.withLock { ending in
            ending = outcome
            return waiters.withLock { waiters in
                defer { waiters.removeAll() }
                return waiters
            }
        }
        readiness.stop()
        waiting.forEach { $0.resume(returning: outcome) }
    }

    private static func spawn(_ arguments: [String], environment: [String: String], descriptors: [(Int32, Int32?)]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // First away from the low numbers, so that no target overwrites a source still needed.
        for (target, source) in descriptors {
            if let source { posix_spawn_file_actions_adddup2(&actions, source, 200 + target) }
        }
        for (target, source) in descriptors {
            if source != nil {
                posix_spawn_file_actions_adddup2(&actions, 200 + target, target)
                posix_spawn_file_actions_addclose(&actions, 200 + target)
            } else {
                posix_spawn_file_actions_addopen(&actions, target, "/dev/null", O_RDONLY, 0)
            }
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: Ctrl-C in the terminal reaches the supervisor alone, which then stops its children in order.
        posix_spawnattr_setpgroup(&attributes, 0)
        var defaults = sigset_t()
        sigfillset(&defaults)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let argv = arguments.map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let result = PipeReader.spawning.withLock { _ in posix_spawn(&pid, arguments[0], &actions, &attributes, argv, envp) }
        guard result == 0 else { throw Listener.Failure(description: "\(arguments.last ?? ""): \(String(cString: strerror(result)))") }
        return pid
    }
}

/// Waits for one child on its thread and tells its owner, whichever of the two comes first.
private final class Reaper: Sendable {
    private struct State {
        var outcome: ChildProcess.Ending?
        var tell: (@Sendable (ChildProcess.Ending) -> Void)?
    }

    private let state = Mutex(State())

    func wait(for pid: pid_t) {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let low = status & 0x7F
        let outcome: ChildProcess.Ending = low == 0 ? .exited((status >> 8) & 0xFF) : .signalled(low)
        let tell = state.withLock { state in
            state.outcome = outcome
            return state.tell
        }
        tell?(outcome)
    }

    func onEnd(_ tell: @escaping @Sendable (ChildProcess.Ending) -> Void) {
        let outcome = state.withLock { state in
            state.tell = tell
            return state.outcome
        }
        if let outcome { tell(outcome) }
    }
}
