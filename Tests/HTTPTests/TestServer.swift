import HTTPServer
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Supervision

/// A real server on loopback that echoes, stays silent, or breaks off.
enum TestServer {
    static func run(_ body: (String) async throws -> Void) async throws {
        let router = Router(context: BasicRequestContext.self)
        router.post("echo") { request, _ in
            let body = try await request.body.collect(upTo: 64 << 20)
            return Response(
                status: .ok, headers: [.contentType: request.headers[.contentType] ?? "none"], body: ResponseBody(byteBuffer: body))
        }
        router.get("silent") { _, _ -> Response in
            try await gracefulShutdown()
            return Response(status: .ok)
        }
        router.get("broken") { _, _ in
            Response(status: .ok, headers: [.contentLength: "100"], body: ResponseBody { _ in throw CancellationError() })
        }
        let socket = try Listener.tcp(port: 0)
        let logger = Logger(label: "t") { _ in SwiftLogNoOpLogHandler() }
        let server = SocketServer(descriptor: socket.descriptor, router: router, logger: logger)
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await body("http://127.0.0.1:\(socket.port)")
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
