import AccountContacts
import AccountContract
import AccountCore
import AccountNumbers
import Coordination
import Crypto
import Foundation
import GRDB
import HTTPServer
import HTTPTypes
import Hummingbird
import JobQueue
import Logging
import RPCContract
import RPCTransport
import Resilience
import SandboxContract
import ServiceLifecycle
import Storage
import Supervision
import Synchronization
import UnixSignals
import Vocabulary

/// Measures one thing and prints `NAME METRIC VALUE UNIT` lines; Tests/Bench/run calls it.
@main
enum LindaBench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "rpc": try await rpc(arguments[2])
        case "queue": try await queue(arguments[2])
        case "hmac": try await hmac(port: UInt16(arguments[2]) ?? 0, secret: arguments[3])
        case "start": try await start(arguments[2], folder: arguments[3])
        case "route": try await route(arguments[2])
        case "send": try await send(arguments[2])
        case "webhooks": try await webhooks(arguments[2])
        case "receiver": try await WebhookReceiver(Listener.tcp(port: UInt16(arguments[2]) ?? 0).descriptor).run()
        case "pace": try await pace(arguments[2])
        case "campaign": try await campaign(arguments[2], Int(arguments[3]) ?? 100_000, sends: arguments.count > 4)
        case "soak": try await soak(arguments[2], seconds: Int(arguments[3]) ?? 600)
        default:
            print(
                "usage: linda-bench rpc SOCKET | queue FOLDER | hmac PORT SECRET | start PROGRAM FOLDER | send PROGRAMS | webhooks PROGRAMS | receiver PORT | pace PROGRAMS | campaign PROGRAMS COUNT [send] | soak PROGRAMS SECONDS"
            )
        }
    }

    private static func figure(_ name: String, _ metric: String, _ value: Double, unit: String) {
        print("\(name) \(metric) \(String(format: "%.1f", value)) \(unit)")
        fflush(nil)  // a long run is watched as it goes
    }

    private static func microseconds(_ duration: Duration) -> Double { duration.seconds * 1e6 }

    /// A database with what belongs to it, as far as it is there.
    private static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) { unlink(path + suffix) }
    }

    /// One decision among so many numbers, the contact's preference read from a table of so many.
    private static func route(_ folder: String) async throws {
        for (numbers, preferences) in [(100, 100_000), (1000, 1_000_000)] {
            let path = "\(folder)/route-\(numbers).sqlite"
            remove(path)
            let pool = try ServiceDatabase.open(path: path, migrator: AccountMigrations.migrator)
            var accounts: [Account] = []
            for n in 0..<numbers {
                var account = Account.example
                account.phoneNumberID = PhoneNumberID(String(100_000_000_000 + n))
                account.weight = 1 + n % 5
                accounts.append(account)
            }
            try await pool.write { [accounts] db in
                let insert = try db.cachedStatement(
                    sql: "INSERT INTO contactRoute (workspace, contact, preferred, at) VALUES ('default', ?, ?, 0)")
                for n in 0..<preferences {
                    try insert.execute(arguments: [String(919_000_000_000 + n), accounts[n % numbers].phoneNumberID.rawValue])
                }
            }
            // Half of those who are asked for have a preference; for the others all numbers compete.
            for (name, known) in [("known", true), ("new", false)] {
                let table = RoutingTable(accounts, strategy: .weighted)
                let times = try await pool.read { db in
                    var generator = SeededGenerator(seed: 7)
                    return try (0..<100_000).map { _ in
                        let n = Int64(generator.next() % UInt64(preferences)) + (known ? 0 : Int64(preferences))
                        let start = ContinuousClock.now
                        var request = RouteRequest(contact: ContactID(String(919_000_000_000 + n)), category: .utility)
                        let habit = try ContactRoutes.habit(db, of: request.contact, workspace: "default").habit
                        (request.preferred, request.sticky) = (habit.preferred, habit.sticky)
                        _ = try table.choose(request)
                        return microseconds(.now - start)
                    }
                }
                .sorted()
                figure("route-\(numbers)-\(name)", "p50", times[times.count / 2], unit: "us")
                figure("route-\(numbers)-\(name)", "p99", times[times.count * 99 / 100], unit: "us")
            }
            try pool.close()
            remove(path)
        }
    }

    /// The send path without limits: from enqueueing to Meta's acceptance, first alone and then with the
    /// statuses that come back, up to the last of them.
    private static func send(_ programs: String) async throws {
        for (name, subscribed) in [("send", false), ("send-with-statuses", true)] {
            try await SendingBench.run(programs, settings: ["account-router": ["sending.limits=false"]]) { bench in
                try await bench.prepare(numbers: 2, perSecond: 0, subscribed: subscribed)
                _ = try await bench.messages(1000)
                let start = ContinuousClock.now
                let seconds = try await bench.messages(20_000)
                figure(name, "rate", 20_000 / seconds, unit: "messages/s")
                if subscribed {
                    // How many statuses are handled while messages are sent differs from run to run; all of them do not.
                    let events = try await bench.settled()
                    let seconds = (ContinuousClock.now - start).seconds
                    figure(name, "settled-rate", 20_000 / seconds, unit: "messages/s")
                    figure(name, "events", Double(events), unit: "events")
                }
                figure(name, "account-router-memory", try bench.peak("account-router"), unit: "MB")
            }
        }
    }

    /// Events posted to one endpoint, alone and beside 99 that are dead: a workspace has a hundred at most.
    private static func webhooks(_ programs: String) async throws {
        for (name, dead) in [("webhooks", 0), ("webhooks-beside-dead", 99)] {
            let settings = ["account-router": ["sending.limits=false"], "poster": ["endpoints.allowPrivate=true"]]
            try await SendingBench.run(programs, settings: settings) { bench in
                try await bench.prepare(numbers: 2, perSecond: 0, subscribed: false)
                figure(name, "rate", try await bench.posts(20_000, dead: dead), unit: "deliveries/s")
                figure(name, "poster-memory", try bench.peak("poster"), unit: "MB")
            }
        }
    }

    /// With limits: how much of Meta's rate is used, and what it refuses.
    private static func pace(_ programs: String) async throws {
        for (perSecond, count) in [(80, 1600), (1000, 30_000)] {
            try await SendingBench.run(programs) { bench in
                try await bench.prepare(numbers: 1, perSecond: perSecond, subscribed: true)
                let (_, _, seconds) = try await bench.campaign(count, sends: true)
                let refused = try await bench.statistics().refused
                figure("pace-\(perSecond)", "rate", Double(count) / seconds, unit: "messages/s")
                figure("pace-\(perSecond)", "share", 100 * Double(count) / seconds / Double(perSecond), unit: "%")
                figure("pace-\(perSecond)", "refused-130429", Double(refused["130429"] ?? 0), unit: "messages")
                figure("pace-\(perSecond)", "refused-131056", Double(refused["131056"] ?? 0), unit: "messages")
            }
        }
    }

    /// One number at 1,000 a second for so long, statuses included; the memory of each process as it goes.
    private static func soak(_ programs: String, seconds: Int) async throws {
        try await SendingBench.run(programs) { bench in
            try await bench.prepare(numbers: 1, perSecond: 1000, subscribed: true)
            let count = seconds * 990
            let start = ContinuousClock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await bench.campaign(count, sends: true) }
                group.addTask {
                    while !Task.isCancelled {
                        try await Task.sleep(for: .seconds(30))
                        let second = Int((ContinuousClock.now - start).seconds)
                        let statistics = try await bench.statistics()
                        figure("soak-\(second)", "accepted", Double(statistics.accepted), unit: "messages")
                        figure("soak-\(second)", "webhooks-waiting", Double(statistics.webhooksWaiting), unit: "parts")
                        for process in ["account-router", "gateway"] {
                            figure("soak-\(second)", "\(process)-memory", try bench.memory(process), unit: "MB")
                        }
                    }
                }
                try await group.next()
                group.cancelAll()
            }
            let elapsed = (ContinuousClock.now - start).seconds
            let statistics = try await bench.statistics()
            figure("soak", "rate", Double(count) / elapsed, unit: "messages/s")
            figure("soak", "sent-twice", Double(statistics.sentTwice), unit: "messages")
            for (code, number) in statistics.refused { figure("soak", "refused-\(code)", Double(number), unit: "messages") }
            for process in ["account-router", "gateway"] { figure("soak", "\(process)-peak", try bench.peak(process), unit: "MB") }
        }
    }

    private static func campaign(_ programs: String, _ count: Int, sends: Bool) async throws {
        try await SendingBench.run(programs, settings: ["account-router": ["sending.limits=false"]]) { bench in
            try await bench.prepare(numbers: 2, perSecond: 0, subscribed: false)
            let name = "campaign-\(count)"
            // How the rate and the memory go while the tables grow.
            let (list, plan, send) = try await bench.campaign(count, sends: sends) { tenth, rate in
                figure(name, "tenth-\(tenth)-rate", rate, unit: "messages/s")
                figure(name, "tenth-\(tenth)-memory", try bench.memory("account-router"), unit: "MB")
            }
            figure(name, "list", list, unit: "s")
            figure(name, "plan", plan, unit: "s")
            if sends { figure(name, "send-rate", Double(count) / send, unit: "messages/s") }
            for process in ["account-router", "template-service"] { figure(name, "\(process)-memory", try bench.peak(process), unit: "MB") }
        }
    }

    private static func rpc(_ path: String) async throws {
        // With the frame around it, about as many bytes as the peers send.
        let meta = CallMeta(requestKey: String(repeating: "k", count: 128))
        let client = RPCClient(path: path, name: "bench", process: "sync-service")
        for _ in 0..<2000 { _ = try await client.call(ServicePing.self, Nothing(), meta: meta) }
        var times: [Double] = []
        for _ in 0..<20_000 {
            let start = ContinuousClock.now
            _ = try await client.call(ServicePing.self, Nothing(), meta: meta)
            times.append(microseconds(.now - start))
        }
        times.sort()
        figure("rpc-linda", "p50", times[times.count / 2], unit: "us")
        figure("rpc-linda", "p99", times[times.count * 99 / 100], unit: "us")
        let start = ContinuousClock.now
        let end = start + .seconds(5)
        let calls = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    var count = 0
                    while ContinuousClock.now < end {
                        _ = try await client.call(ServicePing.self, Nothing(), meta: meta)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        figure("rpc-linda", "pipelined", Double(calls) / (ContinuousClock.now - start).seconds, unit: "calls/s")
        await client.close()
    }

    private static func queue(_ folder: String) async throws {
        let path = "\(folder)/queue-\(getpid()).sqlite"
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { try JobTable.create($0) }
        let pool = try ServiceDatabase.open(path: path, migrator: migrator)
        let commits = GroupCommit(pool)
        let count = 50_000
        let payload = String(repeating: "x", count: 250)
        var start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<100 {
                group.addTask {
                    for n in stride(from: lane, to: count, by: 100) {
                        // Each waits until its job is on disk, as BullMQ's and beanstalkd's callers do.
                        _ = try await commits.write {
                            try JobTable.enqueue($0, queue: "b", key: "\(n)", payload: payload, notBefore: .zero, now: .zero)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        figure("queue-linda", "enqueue", Double(count) / (ContinuousClock.now - start).seconds, unit: "jobs/s")
        let done = Mutexed(0)
        let runner = JobRunner(
            queue: "b",
            policy: JobRunner.Policy(concurrency: 50, attempts: 3, backoff: .sending),
            commits: commits,
            clock: .system,
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        ) { _ in
            done.with { $0 += 1 }
            return .done()
        }
        start = .now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runner.run() }
            while try await pool.read({ try Int.fetchOne($0, sql: "SELECT count(*) FROM job LIMIT 1") ?? 0 }) > 0 {
                try await Task.sleep(for: .milliseconds(20))
            }
            figure("queue-linda", "process", Double(count) / (ContinuousClock.now - start).seconds, unit: "jobs/s")
            group.cancelAll()
        }
        try pool.close()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    /// The ceiling of the webhook path: the same server, the signature, nothing stored.
    private static func hmac(port: UInt16, secret: String) async throws {
        let key = SymmetricKey(data: Data(secret.utf8))
        let router = Router(context: BasicRequestContext.self)
        router.post("webhooks/whatsapp") { request, _ -> HTTPTypes.HTTPResponse.Status in
            let body = try await request.body.collect(upTo: 3 << 20)
            let given = HTTPField.Name("X-Hub-Signature-256").flatMap { request.headers[$0] } ?? ""
            let own = body.withUnsafeReadableBytes { HMAC<SHA256>.authenticationCode(for: $0, using: key) }
            return given == "sha256=" + own.map { String(format: "%02x", $0) }.joined() ? .ok : .unauthorized
        }
        let server = SocketServer(descriptor: try Listener.tcp(port: port).descriptor, router: router, logger: Logger(label: "bench"))
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [server], gracefulShutdownSignals: [.sigterm], logger: Logger(label: "bench"))
        ).run()
    }

    private static func start(_ program: String, folder: String) async throws {
        try "t".write(toFile: "\(folder)/graph-token", atomically: true, encoding: .utf8)
        var times: [Double] = []
        for _ in 0..<9 {
            let socket = try Listener.unix(path: "\(folder)/s.sock")
            let start = ContinuousClock.now
            let child = try ChildProcess(
                .init(name: "x", program: program, arguments: ["--state", folder, "--credentials", folder], sockets: [("rpc", socket)])
            ) { _ in }
            _ = await child.ready()
            times.append((ContinuousClock.now - start).seconds * 1000)
            child.signal(SIGTERM)
            _ = await child.ended()
            close(socket)
        }
        times.sort()
        figure("start", URL(fileURLWithPath: program).lastPathComponent, times[times.count / 2], unit: "ms")
    }
}
