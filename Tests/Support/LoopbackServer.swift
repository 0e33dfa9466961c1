package import HTTPServer
package import Hummingbird
import Logging
import ServiceLifecycle
import Supervision

/// A real HTTP server on loopback for as long as a test needs it.
package enum LoopbackServer {
    package static func run<Context: RequestContext>(
        _ router: Router<Context>, _ body: (_ address: String) async throws -> Void
    ) async throws where Context.Source == ApplicationRequestContextSource {
        try await serve(router) { try await body("http://127.0.0.1:\($0)") }
    }

    /// The same, perhaps over TLS.
    package static func serve<Context: RequestContext>(
        _ router: Router<Context>, certificate: ServedCertificate? = nil, handshake: Duration = .seconds(10),
        _ body: (_ port: UInt16) async throws -> Void
    ) async throws where Context.Source == ApplicationRequestContextSource {
        let socket = try Listener.tcp(port: 0)
        let logger = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
        let server = SocketServer(
            descriptor: socket.descriptor, router: router, certificate: certificate, handshake: handshake,
            logger: logger)
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body(socket.port)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
