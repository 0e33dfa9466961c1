import Foundation
import Logging
import RPCContract
import Supervision
import Support
import Synchronization
import Testing

@testable import RPCTransport

enum Echo: RPCMethod {
    struct Params: Described {
        var text: String
        var number: Int?

        static let fields: Fields = [
            "text": .text("What is answered.", 0...10_000_000),
            "number": .whole("A number beside it.", -1000...1000),
        ]
    }
    typealias Reply = Params
    static let name = "test.echo"
    static let summary = "Answers what it was asked."
    static let effect = RPCEffect.read
    static let http: HTTPRoute? = nil
    static let callers: Set<Caller> = [.gateway]
    static let example = RPCExample(Params(text: "a", number: 1), Params(text: "a", number: 1))
    static func validate(_ params: Params) throws(Fault) {
        guard params.text != "bad" else { throw Fault(.params, "text is bad.", path: "text") }
    }
}

/// Has its effect once under a key of its own.
enum Keyed: RPCMethod {
    struct Params: Described {
        var requestKey: String

        static let fields: Fields = ["requestKey": .requestKey("The key.")]
    }
    static let name = "test.keyed"
    static let summary = "Takes a key."
    static let effect = RPCEffect.idempotentWrite
    static let http: HTTPRoute? = nil
    static let example = RPCExample(Params(requestKey: "k"), Nothing())
}

enum Wait: RPCMethod {
    static let name = "test.wait"
    static let summary = "Waits until cancelled."
    static let effect = RPCEffect.read
    static let http: HTTPRoute? = nil
    static let deadline = Duration.seconds(30)
    static let example = RPCExample(Nothing(), Nothing())
}

enum Undeclared: RPCMethod {
    static let name = "test.undeclared"
    static let summary = "Raises a fault that it does not declare."
    static let effect = RPCEffect.read
    static let http: HTTPRoute? = nil
    static let example = RPCExample(Nothing(), Nothing())
}

/// Answers a few bytes with many.
enum Large: RPCMethod {
    static let name = "test.large"
    static let summary = "Gives 100,000 characters."
    static let effect = RPCEffect.read
    static let http: HTTPRoute? = nil
    static let example = RPCExample(Nothing(), Echo.Params(text: "a", number: 1))
}

/// A server of the test methods, and what happened to the calls that wait.
final class EchoServer: Sendable {
    let path: String
    let cancelled = Mutex(0)
    let started = Mutex(0)
    private let folder: String

    init() throws {
        folder = try Machine.temporaryFolder()
        path = "\(folder)/t.sock"
    }

    func run(
        limits: RPCLimits = RPCLimits(),
        policy: PeerPolicy = PeerPolicy { _ in .trusted },
        _ body: @Sendable (EchoServer, RPCServer) async throws -> Void
    ) async throws {
        var router = RPCRouter()
        router.on(Echo.self) { params, _ in params }
        router.on(Keyed.self) { _, _ in Nothing() }
        router.on(Large.self) { _, _ in Echo.Params(text: String(repeating: "l", count: 100_000), number: nil) }
        router.on(Wait.self) { [self] _, _ in
            started.withLock { $0 += 1 }
            do { try await Task.sleep(for: .seconds(3600)) } catch {
                cancelled.withLock { $0 += 1 }
                throw error
            }
            return Nothing()
        }
        router.on(Undeclared.self) { _, _ in throw Fault(FaultCode(number: 9999, reason: "odd", http: 500, meaning: ""), "odd") }
        let server = RPCServer(router: router, limits: limits, policy: policy, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
        let descriptor = try Listener.unix(path: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run(descriptor: descriptor) }
            try await body(self, server)
            server.drain()
            try await group.waitForAll()
        }
        try FileManager.default.removeItem(atPath: folder)
    }

    var client: RPCClient { RPCClient(path: path, name: "test", process: "server") }
}
