import Foundation
import GatewayContract
import HTTPClient
import RPCContract
import RPCTransport
import Supervision
import Support
import Testing
import Vocabulary

/// Names over HTTP: what steers whoever shows it is refused, and no answer tells it back.
@Suite(.timeLimit(.minutes(3))) struct HTTPNamesTests {
    @Test func anAnswerHasNoControlCharacters() async throws {
        try await LindaFixture.run { linda in
            let secret = try await linda.call(GatewayContract.self, CreateAPIKey.self, .init(name: "host", role: .owner, ofHost: true))
                .secret
            let client = HTTPClient(connectionsPerHost: 1)
            func ask(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil) async throws -> JSONValue {
                let response = try await client.perform(
                    HTTPRequest(
                        method, "\(linda.stack.address)\(path)",
                        headers: ["Authorization: Bearer \(secret)", "Content-Type: application/json"],
                        body: body.map { .bytes(Data($0.utf8)) } ?? .none))
                let text = String(decoding: response.body, as: UTF8.self)
                #expect(text.unicodeScalars.filter(\.isSteering).isEmpty, "\(path): \(text.debugDescription)")
                #expect(!text.lowercased().contains("\\u001b"), "\(path): \(text)")
                #expect(response.status == 422, "\(path): \(text)")
                return try JSON.decode(JSONValue.self, from: response.body)
            }
            for name in ["a\\u001b[2Jb", "a\\u202eb", "\\u0000", "a\\nb"] {
                #expect(try await ask(.post, "/v1/lists", #"{"name":"\#(name)"}"#)["path"] == "name")
                #expect(try await ask(.post, "/v1/keys", #"{"name":"\#(name)","role":"viewer"}"#)["path"] == "name")
            }
            for name in ["a%1Bb", "a%E2%80%AEb", "a%0Ab"] {
                #expect(try await ask(.get, "/v1/templates/\(name)")["path"] == "name")
                // A member that is not known is quoted.
                #expect(try await ask(.get, "/v1/templates?\(name)=1")["reason"] != nil)
            }
        }
    }
}
