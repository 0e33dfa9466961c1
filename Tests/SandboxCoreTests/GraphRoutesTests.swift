import Foundation
import HTTPTypes
import Hummingbird
import RPCContract
import SandboxContract
import ServiceKit
import Support
import Testing
import Vocabulary

@testable import SandboxCore

/// Meta's Graph API as clients reach it.
@Suite struct GraphRoutesTests {
    private let bearer = ["Authorization": "Bearer token"]
    private let text = #"{"messaging_product":"whatsapp","to":"919876543210","type":"text","text":{"body":"Hi"}}"#

    private func routes(seed: UInt64 = 1) async throws -> RouterClient {
        let clock = WallClock { Timestamp(milliseconds: 1_790_000_000_000) }
        let webhooks = WebhookSender(
            appSecret: Secret("s"), verifyToken: Secret("v"), clock: clock, retries: Milliseconds.seconds(1) ... .minutes(1), seed: seed)
        let world = MetaWorld(schemas: try SchemaDocument.embedded(), clock: clock, webhooks: webhooks, seed: seed)
        await world.addNumber(.init(phoneNumberID: "1", wabaID: "2", displayPhoneNumber: "+1 555 078 3881"))
        _ = try await world.write(SandboxWrite.Params(phoneNumberID: "1", from: "919876543210", name: "Asha", text: "Hi"))
        let router = Router(context: BasicRequestContext.self)
        GraphRoutes(world: world, token: { Secret("token") }, chance: .seeded(seed)).add(to: router)
        return RouterClient(router)
    }

    private func code(_ answer: RouterClient.Answer) -> Int64? { answer.json["error"]?["code"]?.integer }

    @Test func theVersionMayBeLeftOut() async throws {
        let client = try await routes()
        for path in ["/v24.0/1/messages", "/1/messages"] {
            let answer = try await client.ask(.post, path, text, with: bearer)
            #expect(
                answer.status == 200 && answer.json["messages"]?[0]?["id"]?.string?.hasPrefix("wamid.") == true, "\(path): \(answer.text)")
            #expect(answer["facebook-api-version"] == "v24.0" && answer["x-business-use-case-usage"] != nil)
        }
        for path in ["/v24.0/1", "/1"] {
            #expect(try await client.ask(.get, path, with: bearer).json["display_phone_number"] == "+15550783881", "\(path)")
        }
    }

    @Test func nothingIsShownWithoutTheToken() async throws {
        let client = try await routes()
        for fields in [[:], ["Authorization": "Bearer x"], ["Authorization": "token"], ["Authorization": "Basic token"]]
            as [[String: String]]
        {
            for (method, path) in [(.post, "/1/messages"), (.get, "/1"), (.get, "/media/1"), (.get, "/a/b/c/d")]
                as [(HTTPRequest.Method, String)]
            {
                let answer = try await client.ask(method, path, text, with: fields)
                #expect(answer.status == 401 && code(answer) == 190, "\(path)")
            }
        }
        #expect(try await client.ask(.get, "/1?access_token=token").status == 200, "Meta takes it as a parameter, too")
        #expect(try await client.ask(.get, "/1", with: ["Authorization": "bearer token"]).status == 200)
    }

    @Test func whatIsNotThereOrIsNoBodyHasMetasCode() async throws {
        let client = try await routes()
        #expect(code(try await client.ask(.get, "/a/b/c/d", with: bearer)) == 2500)
        let unknown = try await client.ask(.get, "/9", with: bearer)
        #expect(code(unknown) == 100 && unknown.json["error"]?["error_subcode"] == 33)
        #expect(code(try await client.ask(.post, "/9/message_templates", "{}", with: bearer)) == 100)
        for body in ["{", "no json", String(repeating: "x", count: (1 << 20) + 1)] {
            #expect(code(try await client.ask(.post, "/1/messages", body, with: bearer)) == 100, "\(body.prefix(9))")
        }
        #expect(code(try await client.ask(.post, "/1/media", "no form", with: bearer)) == 100)
        let form = bearer.merging(["Content-Type": "application/x-www-form-urlencoded"]) { $1 }
        let query = "messaging_product=whatsapp&to=919876543210&type=text&text=%7B%22body%22%3A%22Hi%22%7D"
        #expect(try await client.ask(.post, "/1/messages", query, with: form).status == 200, "a form counts as much as JSON")
    }

    /// What a seed has played is played again, to the ids of traces.
    @Test func aSeedGivesTheSameTraces() async throws {
        func traces(_ seed: UInt64) async throws -> [String?] {
            let client = try await routes(seed: seed)
            var traces: [String?] = []
            for path in ["/1", "/9", "/2"] { traces.append(try await client.ask(.get, path, with: bearer)["x-fb-trace-id"]) }
            return traces
        }
        let (one, again, other) = (try await traces(7), try await traces(7), try await traces(8))
        #expect(one == again && Set(one + other).count == 6 && one.allSatisfy { $0?.hasPrefix("A") == true })
    }
}
