import Foundation
import GatewayContract
import HTTPClient
import RPCContract
import Supervision
import Support
import Testing

/// What a program is told that asks over HTTP and is refused.
@Suite(.timeLimit(.minutes(3))) struct HTTPRefusalTests {
    @Test func aRefusalSaysWhatIsMissing() async throws {
        try await LindaFixture.run { linda in
            let client = HTTPClient(connectionsPerHost: 1)
            func ask(as role: Role, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil) async throws -> JSONValue {
                let key = try await linda.call(
                    GatewayContract.self, CreateAPIKey.self, .init(name: "\(role) \(UUID().uuidString.prefix(8))", role: role))
                let response = try await client.perform(
                    HTTPRequest(
                        method, "\(linda.stack.address)\(path)",
                        headers: ["Authorization: Bearer \(key.secret)", "Content-Type: application/json"],
                        body: body.map { .bytes(Data($0.utf8)) } ?? .none))
                return try JSON.decode(JSONValue.self, from: response.body)
            }
            let message = #"{"to":"+919876543210","text":{"body":"Hi"}}"#
            let unkeyed = try await ask(as: .agent, .post, "/v1/messages", message)
            #expect(unkeyed["status"] == 422 && unkeyed["path"] == "requestKey", "\(unkeyed)")
            #expect(unkeyed["detail"]?.string?.contains("header Idempotency-Key is missing") == true, "\(unkeyed)")
            #expect(unkeyed["detail"]?.string?.contains("requestKey") == true, "\(unkeyed)")
            let low = try await ask(as: .viewer, .post, "/v1/messages", message)
            #expect(low["status"] == 403 && low["reason"] == "role_too_low", "\(low)")
            for words in [
                "message.send needs a key of the role ingest, agent", "has the role viewer", "`linda keys create NAME --role ingest`",
            ] {
                #expect(low["detail"]?.string?.contains(words) == true, "\(words): \(low)")
            }
            let admin = try await ask(as: .agent, .post, "/v1/lists", #"{"name":"a"}"#)
            #expect(admin["detail"]?.string?.contains("the role admin or a higher one") == true, "\(admin)")
            for cursor in ["zzz", "7"] {
                for path in ["messages", "campaigns", "contacts", "consents", "templates", "keys"] {
                    let refused = try await ask(as: .owner, .get, "/v1/\(path)?cursor=\(cursor)")
                    #expect(refused["status"] == 422 && refused["path"] == "cursor", "\(path): \(refused)")
                }
            }
        }
    }
}
