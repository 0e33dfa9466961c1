import Foundation
import GatewayContract
import HTTPClient
import RPCContract
import Supervision
import Support
import Testing

/// What a program meets over HTTP before and beside the methods.
@Suite(.timeLimit(.minutes(3))) struct HTTPEdgesTests {
    private static func ask(_ linda: LindaFixture, _ path: String, _ headers: [String] = []) async throws -> HTTPResponse {
        try await HTTPClient(connectionsPerHost: 1).perform(
            HTTPRequest(.get, "\(linda.stack.address)\(path)", headers: headers, body: .none))
    }

    @Test func theReferenceAsksForNoKey() async throws {
        try await LindaFixture.run { linda in
            let page = try await Self.ask(linda, "/docs")
            let html = String(decoding: page.body, as: UTF8.self)
            #expect(page.status == 200 && page.headers["content-type"] == "text/html; charset=utf-8")
            #expect(page.headers["content-security-policy"]?.hasPrefix("default-src 'none'; style-src 'sha256-") == true)
            let document = try JSON.decode(JSONValue.self, from: try await Self.ask(linda, "/openapi.json").body)
            let operations = (document["paths"]?.object ?? [:]).values.flatMap { ($0.object ?? [:]).values }
            #expect(operations.count > 50)
            for operation in operations {
                let name = try #require(operation["operationId"]?.string)
                #expect(html.contains("<article id=\"\(name)\">"), "\(name)")
            }
        }
    }

    /// Whoever shows wrong keys waits; who has a right one does not, from wherever it comes.
    @Test func aHundredWrongKeysFromOneAddressAreEnough() async throws {
        try await LindaFixture.run { linda in
            let secret = try await linda.call(GatewayContract.self, CreateAPIKey.self, .init(name: "shop", role: .viewer)).secret
            func status(_ key: String, from address: String) async throws -> HTTPResponse {
                try await Self.ask(linda, "/v1/messages", ["Authorization: Bearer \(key)", "X-Forwarded-For: \(address)"])
            }
            for n in 0..<100 { #expect(try await status("linda_\(n)", from: "192.0.2.7").status == 401) }
            let refused = try await status("linda_x", from: "192.0.2.7")
            let wait = try #require(refused.headers["retry-after"].flatMap { Int($0) })
            #expect(refused.status == 429 && (1...900).contains(wait), "\(refused.headers)")
            #expect(try JSON.decode(JSONValue.self, from: refused.body)["reason"] == "overloaded")
            #expect(try await status(secret, from: "192.0.2.7").status == 200)
            #expect(try await status("linda_x", from: "192.0.2.8").status == 401)
            // The operations page counts by itself.
            #expect(try await Self.ask(linda, "/metrics", ["Authorization: Bearer x", "X-Forwarded-For: 192.0.2.7"]).status == 401)
        }
    }
}
