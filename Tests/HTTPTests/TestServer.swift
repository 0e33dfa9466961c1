import Hummingbird
import NIOCore
import ServiceLifecycle
import Support

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
        try await LoopbackServer.run(router, body)
    }
}
