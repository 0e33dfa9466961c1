import AccountContract
import Foundation
import GRDB
import GatewayContract
import HTTPClient
import RPCContract
import RPCTransport
import Supervision
import Support
import SyncContract
import TemplateContract
import Testing

/// One process at a time: how it starts, refuses, and is talked to.
@Suite(.timeLimit(.minutes(3))) struct ProcessTests {
    @Test(arguments: ["gateway", "template-service", "account-router", "intelligence-service", "sync-service", "poster", "sandbox"])
    func itAnswersItsCommonMethods(name: String) async throws {
        try await ProcessFixture.run(name) { process in
            let socket = try RawSocket(process.socket)
            func call(_ method: String, _ params: String = "{}") async throws -> JSONValue {
                socket.send(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"# + "\n")
                let line = try #require(await socket.line())
                return try JSON.decode(JSONValue.self, from: line)
            }
            #expect(try await call("service.ping")["result"] == .object([:]))
            #expect(try await call("service.info")["result"]?["process"]?.string == name)
            #expect(try await call("service.health")["result"]?["healthy"] == true)
            #expect(try await call("rpc.discover")["result"]?["methods"]?.array?.isEmpty == false)
            #expect(try await call("service.setLogLevel", #"{"level":"debug"}"#)["result"]?["previous"] == "info")
            #expect(try await call("service.setLogLevel", #"{"level":"loud"}"#)["error"]?["data"]?["path"] == "level")
            #expect(
                try await call("service.check", #"{"method":"service.setLogLevel","params":{"level":"info"}}"#)["result"]?["valid"] == true)
            #expect(try await call("service.check", #"{"method":"service.setLogLevel","params":{"level":7}}"#)["error"]?["code"] == -32602)
            #expect(
                try await call("service.metrics")["result"]?["text"]?.string?.contains(
                    "linda_rpc_duration_seconds_count{method=\"service.ping\"} 1") == true)
            #expect(try await call("events.read", #"{"after":-1}"#)["error"]?["code"] == -32602)
        }
    }

    @Test func aMissingCredentialIsNamed() async throws {
        let refusal = try await ProcessFixture.refusal("account-router", credentials: [:])
        #expect(refusal.ending == .exited(66))
        #expect(refusal.lines.count == 1, "\(refusal.lines)")
        #expect(refusal.lines.first?.contains("graph-token is missing: \(refusal.folder)/credentials/graph-token") == true)
    }

    @Test(arguments: [
        (
            "account-router:\n  sending:\n    concurrency: many\n",
            ":3: sending.concurrency must be a whole number from 1 to 1024, not \"many\""
        ),
        ("account-router:\n  sendign:\n    limits: true\n", ":3: account-router knows no setting sendign.limits"),
        ("acount-router:\n  x: 1\n", ":1: no process is called acount-router"),
        ("account-router: [1\n", ":1:17: is not YAML: what this bracket opens"),
        ("common:\n  log:\n    level: loud\n", ":3: log.level must be one of"),
        ("account-router:\n  graph:\n    timeout: 5\n", "must be a duration"),
        ("common:\n  log:\n    lavel: info\n", ":3: no setting common to all processes is called log.lavel; did you mean log.level?"),
        ("common:\n  graph:\n    timeout: 5s\n", ":3: graph.timeout is not common to all processes; set it in the section account-router"),
    ])
    func aBadConfigurationIsToldWithItsLine(text: String, expected: String) async throws {
        let folder = try Machine.temporaryFolder()
        try text.write(toFile: "\(folder)/linda.yaml", atomically: true, encoding: .utf8)
        let refusal = try await ProcessFixture.refusal("account-router", arguments: ["--config", "\(folder)/linda.yaml"])
        #expect(refusal.ending == .exited(78))
        #expect(refusal.lines.count == 1, "\(refusal.lines)")
        #expect(refusal.lines.first?.contains(expected) == true, "\(refusal.lines)")
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func aMissingFileAndAWrongOptionHaveTheirOwnStatus() async throws {
        #expect(try await ProcessFixture.refusal("sync-service", arguments: ["--config", "/nonexistent.yaml"]).ending == .exited(78))
        #expect(try await ProcessFixture.refusal("sync-service", arguments: ["--wat"]).ending == .exited(64))
        let refusal = try await ProcessFixture.refusal("sync-service") { try FileManager.default.removeItem(atPath: "\($0)/state") }
        #expect(refusal.ending == .exited(74))
    }

    @Test func aNewerSchemaIsRefused() async throws {
        let (first, refusal) = try await ProcessFixture.start("sync-service")
        #expect(refusal == nil)
        first.child.signal(SIGTERM)
        #expect(await first.child.ended() == .exited(0))
        let newer = try await ProcessFixture.refusal("sync-service") { folder in
            try FileManager.default.removeItem(atPath: "\(folder)/state")
            try FileManager.default.copyItem(atPath: "\(first.folder)/state", toPath: "\(folder)/state")
            try markNewer("\(folder)/state/sync-service.sqlite")
        }
        #expect(newer.ending == .exited(65))
        #expect(newer.lines.first?.contains("v999-from-the-future") == true)
        try FileManager.default.removeItem(atPath: first.folder)
    }

    /// A backup that reads the database does not make a defect of a stop.
    @Test func aReaderDoesNotSpoilTheEnd() async throws {
        try await ProcessFixture.run("sync-service") { process in
            var configuration = GRDB.Configuration()
            configuration.allowsUnsafeTransactions = true
            let reader = try DatabaseQueue(path: "\(process.folder)/state/sync-service.sqlite", configuration: configuration)
            try await reader.writeWithoutTransaction { try $0.execute(sql: "BEGIN; SELECT count(*) FROM sqlite_master") }
            process.child.signal(SIGTERM)
            _ = await process.child.ended()
            try await reader.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
        }
    }

    /// Two lines in a socket unit are two ports that are answered; of the calls' socket there is one.
    @Test func everySocketOfANameIsServed() async throws {
        let (process, refusal) = try await ProcessFixture.start("gateway", moreSockets: ["http"])
        #expect(refusal == nil)
        for port in process.httpPorts {
            let reply = try await HTTPClient(connectionsPerHost: 1).perform(HTTPRequest(.get, "http://127.0.0.1:\(port)/readyz"))
            #expect(reply.status == 200)
        }
        process.child.signal(SIGTERM)
        #expect(await process.child.ended() == .exited(0))
        try FileManager.default.removeItem(atPath: process.folder)

        let (other, ending) = try await ProcessFixture.start("sync-service", moreSockets: ["rpc"])
        #expect(ending == .exited(69))
        #expect(other.logs.lines().first?.contains("2 sockets named rpc") == true)
        try FileManager.default.removeItem(atPath: other.folder)
    }

    /// Told through a FIFO that memory is short, a process drops its caches and goes on.
    @Test func memoryPressureIsHeeded() async throws {
        try await ProcessFixture.run("sync-service", environment: { ["MEMORY_PRESSURE_WATCH": "\($0)/pressure"] }) { folder in
            mkfifo("\(folder)/pressure", 0o600)
        } body: { process in
            // Each connection that has read or written has the log open.
            func connections() throws -> Int {
                let folder = "/proc/\(process.child.pid)/fd"
                return try FileManager.default.contentsOfDirectory(atPath: folder).count { descriptor in
                    // It may be closed meanwhile.
                    (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(descriptor)"))?.hasSuffix("-wal") == true
                }
            }
            let before = try connections()
            #expect(before >= 2, "the writer, and who has read at the start")
            let fifo = open("\(process.folder)/pressure", O_RDWR | O_NONBLOCK)
            defer { close(fifo) }
            #expect(write(fifo, "x", 1) == 1)
            try await eventually("the caches dropped") { process.logs.lines().contains { $0.contains("memory is short") } }
            #expect(try connections() < before, "readers are closed, and opened when somebody asks")
            let client = process.client(SyncContract.self)
            _ = try await client.call(ServiceInfo.self, Nothing())
            await client.close()
        }
    }

    @Test func withoutASocketItDoesNotStart() async throws {
        let logs = LogCapture()
        let folder = try Machine.temporaryFolder()
        let child = try ChildProcess(
            .init(name: "x", program: "\(Machine.programs)/linda-sync-service", arguments: ["--state", folder])
        ) { logs.add("x", $0) }
        #expect(await child.ended() == .exited(69))
        #expect(logs.lines().first?.contains("systemd unit or with `linda up`") == true)
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func tenThousandIdleConnectionsDoNotStopService() async throws {
        try await ProcessFixture.run("sync-service") { process in
            var idle: [RawSocket] = []
            for _ in 0..<10_000 { idle.append(try RawSocket(process.socket)) }
            let client = process.client(SyncContract.self)
            for _ in 0..<50 { _ = try await client.call(ServicePing.self, Nothing()) }
            // One of the idle is served as well.
            idle[5000].send(#"{"jsonrpc":"2.0","id":1,"method":"service.ping"}"# + "\n")
            #expect(await idle[5000].line() == #"{"jsonrpc":"2.0","id":1,"result":{}}"#)
            await client.close()
        }
    }

    @Test(.enabled(if: Machine.isRoot, "needs root to become another user"))
    func anUnknownUserIsRefused() async throws {
        try await ProcessFixture.run("sync-service", socketMode: 0o666) { process in
            chmod(process.folder, 0o755)
            let script = """
                import socket,sys
                s=socket.socket(socket.AF_UNIX);s.connect(sys.argv[1]);s.sendall(b'{"jsonrpc":"2.0","id":1,"method":"service.ping"}\\n');print(s.recv(4096).decode())
                """
            let output = Pipe()
            let python = Process()
            python.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
            python.arguments = ["--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", "-c", script, process.socket]
            python.standardOutput = output
            try python.run()
            python.waitUntilExit()
            let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            #expect(answer.contains("-32003"), "\(answer)")
        }
    }

    @Test func eventsAreFollowedFromACursor() async throws {
        try await ProcessFixture.run("sync-service") { process in
            let client = process.client(SyncContract.self)
            _ = try await client.call(CreateContact.self, .init(phone: "+919876543210", name: "Asha"))
            let socket = try RawSocket(process.socket)
            socket.send(#"{"jsonrpc":"2.0","id":"f","method":"events.follow","params":{"after":0,"types":["contact.created"]}}"# + "\n")
            let firstLine = try #require(await socket.line())
            let first = try JSON.decode(JSONValue.self, from: firstLine)
            #expect(first["method"] == "events.next")
            #expect(first["params"]?["id"] == "f")
            let cursor = try #require(first["params"]?["event"]?["cursor"]?.integer)
            _ = try await client.call(CreateContact.self, .init(phone: "+919876543211", name: "Vikram"))
            let secondLine = try #require(await socket.line())
            let second = try JSON.decode(JSONValue.self, from: secondLine)
            #expect((second["params"]?["event"]?["cursor"]?.integer ?? 0) > cursor)
            // A follower that comes back resumes where it stood.
            let page = try await client.call(EventsRead.self, .init(after: cursor))
            #expect(page.items.count == 1)
            socket.send(#"{"jsonrpc":"2.0","method":"call.cancel","params":{"id":"f"}}"# + "\n")
            #expect(try #require(await socket.line()).contains("-32006"))
            await client.close()
        }
    }

    @Test func reloadReadsTheConfigurationAgain() async throws {
        let folder = try Machine.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = "\(folder)/linda.yaml"
        try "common:\n  log:\n    level: info\n".write(toFile: file, atomically: true, encoding: .utf8)
        try await ProcessFixture.run("sync-service", arguments: ["--config", file]) { process in
            try "common:\n  log:\n    level: debug\n".write(toFile: file, atomically: true, encoding: .utf8)
            process.child.signal(SIGHUP)
            try await eventually("the reload") { process.logs.lines().contains { $0.contains("configuration reloaded") } }
            let client = process.client(SyncContract.self)
            #expect(try await client.call(ServiceSetLogLevel.self, .init(level: "info")).previous == "debug")
            try "common:\n  log:\n    level: loud\n".write(toFile: file, atomically: true, encoding: .utf8)
            process.child.signal(SIGHUP)
            try await eventually("the refusal") { process.logs.lines().contains { $0.contains("new configuration refused") } }
            _ = try await client.call(ServicePing.self, Nothing())
            await client.close()
        }
    }
}
