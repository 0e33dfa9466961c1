package import Foundation
package import HTTPTypes
package import Hummingbird
import Logging
package import NIOCore
import NIOEmbedded
package import RPCContract

/// Asks a router as its server does, without a socket.
package struct RouterClient: Sendable {
    package struct Answer: Sendable {
        package var status: Int
        package var headers: HTTPFields
        package var body: Data

        package var text: String { String(decoding: body, as: UTF8.self) }
        /// Null where it is no JSON.
        package var json: JSONValue { (try? JSON.decode(JSONValue.self, from: body)) ?? .null }

        package subscript(header: String) -> String? { HTTPField.Name(header).flatMap { headers[$0] } }
    }

    private static let channel = NIOAsyncTestingChannel()
    private let respond: @Sendable (Request) async throws -> Response

    package init<Context: InitializableFromSource<ApplicationRequestContextSource> & RequestContext>(_ router: Router<Context>) {
        let responder = router.buildResponder()
        respond = { request in
            let source = ApplicationRequestContextSource(
                channel: Self.channel, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() })
            return try await responder.respond(to: request, context: Context(source: source))
        }
    }

    package func ask(
        _ method: HTTPRequest.Method, _ path: String, _ body: String = "", with fields: [String: String] = [:]
    ) async throws -> Answer {
        var head = HTTPRequest(method: method, scheme: "http", authority: "t", path: path)
        for (name, value) in fields { if let name = HTTPField.Name(name) { head.headerFields[name] = value } }
        if head.headerFields[.contentLength] == nil, !body.isEmpty { head.headerFields[.contentLength] = "\(body.utf8.count)" }
        return try await ask(head, RequestBody(buffer: ByteBuffer(string: body)))
    }

    /// Asks with a body that comes as the test lets it.
    package func ask(_ head: HTTPRequest, _ body: RequestBody) async throws -> Answer {
        let collector = BodyCollector()
        do {
            let response = try await respond(Request(head: head, body: body))
            try await response.body.write(collector)
            return Answer(status: response.status.code, headers: response.headers, body: collector.data)
        } catch let error as HTTPError {
            return Answer(status: error.status.code, headers: [:], body: Data())
        }
    }
}

/// Keeps what is written of an answer, as it is written.
package final class BodyCollector: ResponseBodyWriter, Sendable {
    private let kept = MutexBox(Data())

    package init() {}

    package var data: Data { kept.value }
    package var text: String { String(decoding: data, as: UTF8.self) }

    package func write(_ buffer: ByteBuffer) async throws { kept.update { $0.append(contentsOf: buffer.readableBytesView) } }
    package func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
