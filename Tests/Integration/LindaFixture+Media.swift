import AccountContract
import Foundation
import Hummingbird
import NIOCore
import RPCContract
import SandboxContract
import SandboxCore
import Support
import Testing

/// Files that the sandbox takes as Meta does: by an id that was given for an upload, and by a link that can be fetched.
extension LindaFixture {
    private static let kinds = ["image", "video", "audio", "document", "sticker"]

    /// Runs the body while there is a file for each kind of media.
    func withMedia(_ body: (_ prepare: (SendMessage.Params) throws -> SendMessage.Params) async throws -> Void) async throws {
        var ids: [String: String] = [:]
        for kind in Self.kinds { ids[kind] = try await upload(kind) }
        let router = Router(context: BasicRequestContext.self)
        for kind in Self.kinds {
            let sample = try #require(MediaSamples.sample(kind))
            router.get(RouterPath("/\(kind)")) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: sample.mimeType], body: ResponseBody(byteBuffer: ByteBuffer(bytes: sample.data)))
            }
        }
        try await LoopbackServer.run(router) { address in
            try await body { params in
                let real = Self.real(try JSON.decode(JSONValue.self, from: JSON.encode(params)), ids, address)
                return try JSON.decode(SendMessage.Params.self, from: JSON.encode(real))
            }
        }
    }

    /// What a message carries, with ids and links that there are.
    private static func real(_ value: JSONValue, _ ids: [String: String], _ address: String) -> JSONValue {
        switch value {
        case .array(let items): return .array(items.map { real($0, ids, address) })
        case .object(let members):
            return .object(
                Dictionary(
                    uniqueKeysWithValues: members.map { name, member in
                        guard let id = ids[name], case .object(var file) = member else { return (name, real(member, ids, address)) }
                        if file["id"] != nil { file["id"] = .string(id) }
                        if file["link"] != nil { file["link"] = .string("\(address)/\(name)") }
                        return (name, .object(file))
                    }))
        default: return value
        }
    }
}
