import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import RPCContract
import Support

/// Meta's templates as a submission meets them, on a real server on loopback: a name is taken once in each account.
struct MetaTemplates: Sendable {
    /// What Meta has, by path and name.
    private let kept = MutexBox<[String: JSONValue]>([:])
    /// The methods of all requests so far.
    let asked = MutexBox<[String]>([])
    /// What happens before the next question is answered.
    let asking = MutexBox<(@Sendable () async -> Void)?>(nil)

    func serve(_ body: (_ address: String) async throws -> Void) async throws {
        let router = Router(context: BasicRequestContext.self)
        router.get("**") { request, _ in
            asked.update { $0.append("GET") }
            let wait = asking.update { next in
                defer { next = nil }
                return next
            }
            await wait?()
            let found = kept.value.filter { $0.key.hasPrefix("\(request.uri.path) ") }.map(\.value)
            return Self.answer(.ok, ["data": .array(found)])
        }
        router.post("**") { request, _ in
            asked.update { $0.append("POST") }
            let bytes = try await request.body.collect(upTo: 1 << 20)
            return take(try JSON.decode(JSONValue.self, from: Data(bytes.readableBytesView)), request.uri.path)
        }
        try await LoopbackServer.run(router, body)
    }

    private func take(_ definition: JSONValue, _ path: String) -> Response {
        var template = definition.object ?? [:]
        (template["id"], template["status"]) = ("7", "PENDING")
        let (key, made) = ("\(path) \(template["name"]?.string ?? "")", JSONValue.object(template))
        let isNew = kept.update { kept in
            guard kept[key] == nil else { return false }
            kept[key] = made
            return true
        }
        if isNew { return Self.answer(.ok, ["id": "7", "status": "PENDING"]) }
        let details: JSONValue = ["details": "There is already en content for this template."]
        return Self.answer(.badRequest, ["error": ["code": 100, "message": "Invalid parameter", "error_data": details]])
    }

    private static func answer(_ status: HTTPResponse.Status, _ body: JSONValue) -> Response {
        Response(status: status, body: .init(byteBuffer: ByteBuffer(string: JSON.text(body))))
    }
}
