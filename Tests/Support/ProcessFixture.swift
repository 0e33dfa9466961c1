package import Foundation
package import RPCContract
package import RPCTransport
package import Supervision

/// One process alone, on its real socket.
package struct ProcessFixture: Sendable {
    package let name: String
    package let folder: String
    package let child: ChildProcess
    package let logs: LogCapture
    /// Where the gateway or the sandbox takes HTTP.
    package let httpPorts: [UInt16]
    package var httpPort: UInt16 { httpPorts[0] }

    package var socket: String { "\(folder)/\(name).sock" }

    /// Starts the process; gives its ending where it refuses.
    ///
    /// - Parameters:
    ///   - credentials: written into files before the start.
    ///   - moreSockets: names of sockets that are passed once more.
    ///   - prepare: may change the folder before the start.
    ///   - environment: what the process finds in it, from the folder.
    package static func start(
        _ name: String,
        credentials: [String: String] = ["graph-token": "t", "meta-app-secret": "s", "meta-verify-token": "v", "admin-key": "k"],
        arguments: [String] = [],
        socketMode: mode_t = 0o660,
        moreSockets: [String] = [],
        prepare: (String) throws -> Void = { _ in },
        environment: (String) -> [String: String] = { _ in [:] }
    ) async throws -> (fixture: ProcessFixture, refusal: ChildProcess.Ending?) {
        let folder = try Machine.temporaryFolder()
        let logs = LogCapture()
        for part in ["state", "credentials"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(part)", withIntermediateDirectories: true)
        }
        for (name, secret) in credentials { try secret.write(toFile: "\(folder)/credentials/\(name)", atomically: true, encoding: .utf8) }
        try prepare(folder)
        let rpc = try Listener.unix(path: "\(folder)/\(name).sock", mode: socketMode)
        var sockets: [(name: String, descriptor: Int32)] = [("rpc", rpc)]
        var ports: [UInt16] = []
        for _ in 0..<(moreSockets.contains("http") ? 2 : 1) {
            let http = try Listener.tcp(port: 0)
            ports.append(http.port)
            if name == "gateway" || name == "sandbox" { sockets.append(("http", http.descriptor)) } else { close(http.descriptor) }
        }
        if moreSockets.contains("rpc") { sockets.append(("rpc", try Listener.unix(path: "\(folder)/other.sock"))) }
        defer { for socket in sockets { close(socket.descriptor) } }
        let child = try ChildProcess(
            ChildProcess.Launch(
                name: name,
                program: "\(Machine.programs)/linda-\(name)",
                arguments: ["--state", "\(folder)/state", "--credentials", "\(folder)/credentials", "--set", "paths.run=\(folder)"]
                    + arguments,
                environment: environment(folder),
                sockets: sockets
            )
        ) { logs.add(name, $0) }
        let fixture = ProcessFixture(name: name, folder: folder, child: child, logs: logs, httpPorts: ports)
        return (fixture, await child.ready())
    }

    /// How a process that must not start ends, and what it wrote.
    package static func refusal(
        _ name: String,
        credentials: [String: String] = ["graph-token": "t"],
        arguments: [String] = [],
        prepare: (String) throws -> Void = { _ in }
    ) async throws -> (ending: ChildProcess.Ending?, lines: [String], folder: String) {
        let (fixture, ending) = try await start(name, credentials: credentials, arguments: arguments, prepare: prepare)
        if ending == nil {
            fixture.child.signal(SIGKILL)
            _ = await fixture.child.ended()
        }
        try FileManager.default.removeItem(atPath: fixture.folder)
        return (ending, fixture.logs.lines(), fixture.folder)
    }

    /// Starts, runs the body, ends; fails as LindaFixture does.
    package static func run(
        _ name: String,
        arguments: [String] = [],
        socketMode: mode_t = 0o660,
        environment: (String) -> [String: String] = { _ in [:] },
        prepare: (String) throws -> Void = { _ in },
        body: (ProcessFixture) async throws -> Void
    ) async throws {
        let (fixture, refusal) = try await start(
            name, arguments: arguments, socketMode: socketMode, prepare: prepare, environment: environment)
        if let refusal { throw LindaFixture.Failure(description: "\(name) refused to start: \(refusal) \(fixture.logs.lines())") }
        do {
            try await body(fixture)
        } catch {
            fixture.child.signal(SIGTERM)
            _ = await fixture.child.ended()
            print("kept for inspection: \(fixture.folder)\n\(fixture.logs.lines().suffix(20).joined(separator: "\n"))")
            throw error
        }
        fixture.child.signal(SIGTERM)
        let ending = await fixture.child.ended()
        guard ending == .exited(0), fixture.logs.faults.isEmpty else {
            throw LindaFixture.Failure(description: "\(name) ended with \(ending); \(fixture.logs.faults.prefix(3))")
        }
        try FileManager.default.removeItem(atPath: fixture.folder)
    }

    package func client(_ contract: any Contract.Type) -> RPCClient { RPCClient(contract, in: folder, name: "test") }
}
