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
}
