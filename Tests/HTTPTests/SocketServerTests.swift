import Foundation
import HTTPServer
import Hummingbird
import Logging
import RPCTransport
import ServiceLifecycle
import Supervision
import Support
import Testing

/// Servers that are cancelled, as in a process that another of its services ends.
@Suite(.timeLimit(.minutes(2))) struct SocketServerTests {
    /// Cancels a server while peers connect to it; whoever was accepted and never served finds the connection closed.
    private func cancel(_ serve: @escaping @Sendable (_ path: String) async throws -> Void) async throws {
        for round in 0..<8 {
            let folder = try Machine.temporaryFolder()
            let path = "\(folder)/s.sock"
            let server = Task { try await serve(path) }
            try await eventually("the socket") { FileManager.default.fileExists(atPath: path) }
            await withTaskGroup(of: Void.self) { group in
                for peer in 0..<12 {
                    group.addTask {
                        // The server may be gone already.
                        guard let socket = try? RawSocket(path) else { return }
                        socket.offer("GET / HTTP/1.1\r\nHost: t\r\n\r\n")
                        if peer == round % 12 { server.cancel() }
                        withExtendedLifetime(socket) {}
                    }
                }
            }
            server.cancel()
            _ = await server.result
            try FileManager.default.removeItem(atPath: folder)
        }
    }

    private static let logger = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }

    @Test func anHTTPServerThatIsCancelledWhilePeersConnectEndsNothing() async throws {
        try await cancel { path in
            let router = Router(context: BasicRequestContext.self)
            router.get("/") { _, _ in "hello" }
            try await SocketServer(descriptor: try Listener.unix(path: path), router: router, logger: Self.logger).run()
        }
    }

    @Test func anRPCServerThatIsCancelledWhilePeersConnectEndsNothing() async throws {
        try await cancel { path in
            let server = RPCServer(router: RPCRouter(), policy: PeerPolicy { _ in .trusted }, logger: Self.logger)
            try await server.run(descriptor: try Listener.unix(path: path))
            #expect(server.heldBytes == 0)
        }
    }
}
