import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import RPCContract
import Support

/// Meta's Graph API as a test says that it answers; a real server on loopback.
struct MetaAnswers: Sendable {
    struct Answer: Sendable {
        var status = 200
        var body: String

        static let accepted = Answer(body: #"{"messaging_product":"whatsapp","messages":[{"id":"wamid.A"}]}"#)

        static func refused(_ code: Int, status: Int = 400) -> Answer {
            Answer(status: status, body: #"{"error":{"code":\#(code),"message":"no","error_data":{"details":"why"}}}"#)
        }
    }

    /// What the next requests get; the last one again and again.
    let next = MutexBox<[Answer]>([.accepted])
    /// Paths with their bodies.
    let asked = MutexBox<[(path: String, body: JSONValue?)]>([])

    func serve(_ body: (_ address: String) async throws -> Void) async throws {
        let router = Router(context: BasicRequestContext.self)
        for method in [HTTPRequest.Method.get, .post] {
            router.on("**", method: method) { request, _ in
                let bytes = try await request.body.collect(upTo: 1 << 20)
                let json = try? JSON.decode(JSONValue.self, from: Data(bytes.readableBytesView))  // a GET has none
                asked.update { $0.append((request.uri.path, json)) }
                let answer = next.update { $0.count > 1 ? $0.removeFirst() : $0[0] }
                return Response(status: .init(code: answer.status), body: .init(byteBuffer: ByteBuffer(string: answer.body)))
            }
        }
        try await LoopbackServer.run(router, body)
    }
}
