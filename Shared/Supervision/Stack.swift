import Foundation
import Synchronization
import Vocabulary

/// Plays systemd's part in the foreground: opens the sockets, passes the descriptors, restarts what dies, stops in order.
package final class Stack: Sendable {
    /// What is started, and where.
    package struct Options: Sendable {
        /// Holds `run`, `data` and `credentials`.
        package var directory: String
        /// Where the programs are.
        package var programs: String
        /// 0 takes a free one.
        package var port: UInt16
        package var sandbox: Bool
        package var graphURL: String?
        package var configuration: String?
        package var seed: Int
        /// Gives the sandbox a virtual clock that all processes follow.
        package var hasVirtualClock = false
        /// `key=value` by process.
        package var settings: [String: [String]]
        /// Starts one process; its lines go to the closure.
        package var start: @Sendable (ChildProcess.Launch, @escaping @Sendable (String) -> Void) throws -> any SupervisedProcess

        package init(directory: String, programs: String, port: UInt16 = 0, sandbox: Bool = true, seed: Int = 1) {
            self.directory = directory
            self.programs = programs
            self.port = port
            self.sandbox = sandbox
            self.seed = seed
            graphURL = nil
            configuration = nil
            settings = [:]
            start = { try ChildProcess($0, onLine: $1) }
        }
    }

    /// Why the processes could not be started.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
        /// Whether it is wrong in the same way next time: EX_CONFIG of sysexits.h.
        package var isConfiguration = false
    }

    /// In the order in which they depend on each other.
    package static let processes = [ProcessName.templateService, .accountRouter, .intelligenceService, .syncService, .poster, .gateway].map(
        \.rawValue)
    private static let gateway = ProcessName.gateway.rawValue
    private static let sandbox = ProcessName.sandbox.rawValue

    package let options: Options
    private let onLine: @Sendable (_ process: String, _ line: String) -> Void
    private let children = Mutex<[String: any SupervisedProcess]>([:])
    private let isStopping = Mutex(false)
    private let restarts = Mutex<[String: Int]>([:])
    /// Processes that may still ask the sandbox something.
    private let askers = Mutex(Set(Stack.processes))
    private let sockets: [String: [(name: String, descriptor: Int32)]]
    /// Held as long as this process lives, so that no other takes the folder over.
    private let folderLock: Int32
    package let port: UInt16
    package let graphURL: String?

    /// Makes what is missing (folders, credentials) and opens every socket; nothing runs yet.
    package init(_ options: Options, onLine: @escaping @Sendable (_ process: String, _ line: String) -> Void) throws {
        self.options = options
        self.onLine = onLine
        for folder in ["run", "data", "credentials"] + Self.processes.map({ "data/\($0)" }) {
            try Self.makeFolder("\(options.directory)/\(folder)")
        }
        folderLock = try Self.lock(options.directory)
        if options.hasVirtualClock { try VirtualClock.goOn("\(options.directory)/run/clock", at: WallClock.system.now) }
        try StackCredentials(in: options.directory).prepare(isSandbox: options.sandbox)
        var sockets: [String: [(name: String, descriptor: Int32)]] = [:]
        for process in Self.processes + (options.sandbox ? [Self.sandbox] : []) {
            sockets[process] = [("rpc", try Listener.unix(path: "\(options.directory)/run/\(process).sock"))]
        }
        let http = try Listener.tcp(port: options.port)
        sockets[Self.gateway]?.append(("http", http.descriptor))
        port = http.port
        if options.sandbox {
            let graph = try Listener.tcp(port: 0)
            sockets[Self.sandbox]?.append(("http", graph.descriptor))
            graphURL = "http://127.0.0.1:\(graph.port)"
        } else {
            graphURL = options.graphURL
        }
        self.sockets = sockets
    }

    package var runDirectory: String { "\(options.directory)/run" }
    package var clockFile: String { "\(options.directory)/run/clock" }
    package var dataDirectory: String { "\(options.directory)/data" }
    package var address: String { "http://127.0.0.1:\(port)" }

    /// Starts everything, calls `whenReady`, and keeps it running until `stop` or cancellation.
    ///
    /// - Throws: where a process refuses to start; the others are stopped first.
    package func run(_ whenReady: @escaping @Sendable () async -> Void) async throws {
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Their sockets are open already, so they may start in any order and all at once.
                let order = (options.sandbox ? [Self.sandbox] : []) + Self.processes
                let readiness = AsyncStream.makeStream(of: String.self)
                for process in order {
                    group.addTask {
                        // Ended for good, it will not become ready any more.
                        defer {
                            readiness.continuation.finish()
                            self.ended(process)
                        }
                        try await self.supervise(process) { readiness.continuation.yield(process) }
                    }
                }
                group.addTask {
                    var waiting = Set(order)
                    for await process in readiness.stream {
                        waiting.remove(process)
                        if waiting.isEmpty { break }
                    }
                    if waiting.isEmpty { await whenReady() }
                }
                do {
                    while try await group.next() != nil {}
                } catch {
                    stop()
                    while await !group.isDrained() {}
                    throw error
                }
            }
        } onCancel: {
            stop()
        }
        // While nothing runs, time passes as it does, however fast it went before.
        if options.hasVirtualClock { try VirtualClock.goOn(clockFile, at: WallClock.system.now) }
        for descriptor in sockets.values.joined() { close(descriptor.descriptor) }
        close(folderLock)
    }

    /// Meta does not go away while somebody waits for its answer; neither does the sandbox.
    private func ended(_ process: String) {
        let isLast = askers.withLock { askers in
            askers.remove(process)
            return askers.isEmpty
        }
        if isLast { child(Self.sandbox)?.signal(SIGTERM) }
    }

    /// Asks every process to end: the front door first, the sandbox once all others have ended.
    package func stop() {
        let isFirst = isStopping.withLock { stopping in
            defer { stopping = true }
            return !stopping
        }
        guard isFirst else { return }
        for process in Self.processes.reversed() { child(process)?.signal(SIGTERM) }
        // A process that does not end in time is killed: a supervisor that hangs is worse.
        let thread = Thread { [self] in
            Thread.sleep(forTimeInterval: 15)
            for child in children.withLock({ Array($0.values) }) { child.signal(SIGKILL) }
        }
        thread.stackSize = 128 * 1024
        thread.start()
    }

    /// The running program of a process; nil before its first start.
    package func child(_ process: String) -> (any SupervisedProcess)? { children.withLock { $0[process] } }

    /// How often a process has been started again.
    package func restarts(of process: String) -> Int { restarts.withLock { $0[process] ?? 0 } }

    private func supervise(_ process: String, _ isReady: @escaping @Sendable () -> Void) async throws {
        var pause = Duration.milliseconds(50)
        while !isStopping.withLock({ $0 }) {
            let started = ContinuousClock.now
            let child = try options.start(launch(process)) { [onLine] in onLine(process, $0) }
            children.withLock { $0[process] = child }
            // A stop between the check and now has not seen this child.
            if isStopping.withLock({ $0 }), process != Self.sandbox || askers.withLock({ $0.isEmpty }) { child.signal(SIGTERM) }
            var ending = await child.ready()
            if ending == nil {
                isReady()
                ending = await child.ended()
            }
            guard let ending, !isStopping.withLock({ $0 }) else { return }
            // Its own word that starting again is of no use (units say the same: RestartPreventExitStatus=).
            if case .exited(let status) = ending, (64...78).contains(status), status != 70 {
                let words = "\(process) refuses to start (\(ending)); what it wrote last says why"
                throw Failure(description: words, isConfiguration: status == 78)
            }
            onLine(process, "<4>ended with \(ending), starting it again")
            restarts.withLock { $0[process, default: 0] += 1 }
            if ContinuousClock.now - started > .seconds(5) { pause = .milliseconds(50) }
            try? await Task.sleep(for: pause)  // cancellation ends the loop above
            pause = min(pause * 2, .seconds(5))
        }
    }

    private func launch(_ process: String) -> ChildProcess.Launch {
        var arguments = ["--credentials", "\(options.directory)/credentials", "--state", "\(options.directory)/data/\(process)"]
        if let configuration = options.configuration { arguments += ["--config", configuration] }
        var settings = ["paths.run=\(runDirectory)"]
        if options.hasVirtualClock { settings.append("clock.file=\(clockFile)") }
        if process == Self.sandbox { settings.append("seed=\(options.seed)") }
        if let graphURL, [ProcessName.accountRouter, .templateService].map(\.rawValue).contains(process) {
            settings.append("graph.url=\(graphURL)")
        }
        for setting in settings + (options.settings[process] ?? []) { arguments += ["--set", setting] }
        return ChildProcess.Launch(
            name: process,
            program: "\(options.programs)/linda-\(process)",
            arguments: arguments,
            sockets: sockets[process] ?? [],
            lock: folderLock
        )
    }

    private static func makeFolder(_ path: String) throws {
        let files = FileManager.default
        do {
            try files.createDirectory(atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            // The file in the way may be any part of the path.
            var part = URL(fileURLWithPath: path)
            while part.path != "/", !files.fileExists(atPath: part.path) { part.deleteLastPathComponent() }
            var isFolder: ObjCBool = false
            _ = files.fileExists(atPath: part.path, isDirectory: &isFolder)
            guard isFolder.boolValue else {
                throw Failure(description: "\(part.path): is a file, not a folder; name another folder with --dir")
            }
            throw Failure(description: "\(path): the folder cannot be made: \(error.localizedDescription)")
        }
    }

    private static func lock(_ folder: String) throws -> Int32 {
        let descriptor = open("\(folder)/run/lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason =
                errno == EWOULDBLOCK
                ? "another linda up is using this folder, or what one has started is still ending; stop it or give another --dir"
                : String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw Failure(description: "\(folder): \(reason)")
        }
        return descriptor
    }
}

extension ThrowingTaskGroup where ChildTaskResult == Void, Failure == any Error {
    /// Takes one more result, whatever it is; whether that was the last.
    fileprivate mutating func isDrained() async -> Bool {
        switch await nextResult() {
        case nil: true
        case .success, .failure: false
        }
    }
}
