import Hummingbird
import NIOCore
import ServiceLifecycle
import Support

/// A real server on loopback that echoes, stays silent, breaks off, or answers once so many have asked.
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
        let crowd = MutexBox(0)
        router.get("crowd/:size") { _, context in
            let size = try context.parameters.require("size", as: Int.self)
            crowd.update { $0 += 1 }
            try await eventually("a crowd") { crowd.value >= size }
            return Response(status: .ok)
        }
        router.get("broken") { _, _ in
            Response(status: .ok, headers: [.contentLength: "100"], body: ResponseBody { _ in throw CancellationError() })
        }
        try await LoopbackServer.run(router, body)
    }
}
