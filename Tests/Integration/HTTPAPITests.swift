import AccountContract
import Foundation
import GatewayContract
import HTTPClient
import IntelligenceContract
import PosterContract
import RPCContract
import RPCTransport
import SandboxContract
import Supervision
import Support
import SyncContract
import TemplateContract
import Testing
import Vocabulary

/// Every method with a route, over HTTP and by keys.
@Suite(.timeLimit(.minutes(3))) struct HTTPAPITests {
    private static let contracts: [any Contract.Type] = [
        GatewayContract.self, TemplateContract.self, AccountContract.self, IntelligenceContract.self, SyncContract.self,
        PosterContract.self,
    ]

    /// What a program does.
    private struct Program {
        let linda: LindaFixture
        var client = HTTPClient(connectionsPerHost: 4)
        var secret: String?

        func ask(
            _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, headers: [String] = []
        ) async throws -> (status: Int, answer: JSONValue) {
            let bearer = secret.map { ["Authorization: Bearer \($0)"] } ?? []
            let response = try await client.perform(
                HTTPRequest(
                    method, "\(linda.stack.address)\(path)", headers: headers + bearer + ["Content-Type: application/json"],
                    body: body.map { .bytes(Data($0.utf8)) } ?? .none))
            return (response.status, (try? JSON.decode(JSONValue.self, from: response.body)) ?? .null)  // what is no JSON the test sees
        }
    }

    private static func key(
        _ linda: LindaFixture, _ role: Role, workspace: String = "default", ofHost: Bool = false, numbers: [PhoneNumberID]? = nil
    ) async throws -> NewAPIKey {
        let client = linda.client(GatewayContract.self)
        let key = try await client.call(
            CreateAPIKey.self, .init(name: "\(role) \(UUID().uuidString.prefix(8))", role: role, ofHost: ofHost, numbers: numbers),
            meta: CallMeta(workspace: workspace))
        await client.close()
        return key
    }

    /// A key that asks too often is told when it may again, and no other waits for it.
    @Test func aKeyHasItsPace() async throws {
        try await LindaFixture.run(settings: ["gateway": ["api.keyRate=3"]], virtualClock: true) { linda in
            let (client, address) = (HTTPClient(connectionsPerHost: 1), linda.stack.address)
            let (busy, other) = (try await Self.key(linda, .viewer).secret, try await Self.key(linda, .viewer).secret)
            func ask(_ secret: String) async throws -> HTTPResponse {
                try await client.perform(
                    HTTPRequest(.get, "\(address)/v1/accounts", headers: ["Authorization: Bearer \(secret)"], body: .none))
            }
            for left in [2, 1, 0] {
                let response = try await ask(busy)
                #expect(response.status == 200 && response.headers["ratelimit-policy"] == #""key";q=3;w=1"#)
                #expect(response.headers["ratelimit"] == #""key";r=\#(left);t=1"#)
            }
            let refused = try await ask(busy)
            #expect(refused.status == 429 && refused.headers["retry-after"] == "1")
            #expect(refused.headers["ratelimit"] == #""key";r=0;t=1"#)
            #expect(try JSON.decode(JSONValue.self, from: refused.body)["reason"] == "overloaded")
            #expect(try await ask(other).status == 200)
            #expect(try await ask("linda_nobody").headers["ratelimit"] == nil)
            try await linda.clock(advance: .seconds(1))
            #expect(try await ask(busy).status == 200)
        }
    }

    @Test func aMessageIsSentOnceWhateverTheKeyIsCalled() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let program = Program(linda: linda, secret: try await Self.key(linda, .ingest).secret)
            let body = #"{"to":"+919876543210","template":{"name":"greeting_news","variables":{"name":"Asha"}}}"#
            let first = try await program.ask(.post, "/v1/messages", body, headers: ["Idempotency-Key: k1"])
            let id = try #require(first.answer["id"]?.string, "\(first)")
            #expect(first.status == 200)
            let again = try await program.ask(.post, "/v1/messages", body.replacing("}}}", with: "}},\n\"requestKey\":\"k1\"}"))
            #expect(again.answer["id"]?.string == id)
            let other = try await program.ask(.post, "/v1/messages", body.replacing("Asha", with: "Ravi"), headers: ["Idempotency-Key: k1"])
            #expect(other.status == 409 && other.answer["reason"] == "request_key_reused", "\(other)")
            #expect(other.answer["retry"] == "never" && other.answer["detail"]?.string?.contains("requestKey") == true)
            let both = try await program.ask(.post, "/v1/messages", #"{"requestKey":"a"}"#, headers: ["Idempotency-Key: k1"])
            #expect(both.status == 422 && both.answer["path"] == "requestKey", "\(both)")
            try await eventually("it is with Meta") { try await program.ask(.get, "/v1/messages/\(id)").answer["wamid"] != nil }
            // What may send batches does not reach a campaign by calling it one.
            try await linda.grant(["919876543210"])
            let plan = PlanCampaign.Params(
                name: "Sale", template: "greeting_news", recipients: [Recipient(contact: "919876543210", variables: ["name": "A"])],
                requestKey: "c")
            let campaign = try await linda.planned(plan).campaign
            for name in [campaign.id, "Sale"] {
                for (method, path) in [(HTTPRequest.Method.post, "/v1/batches/\(name)/process"), (.get, "/v1/batches/\(name)")] {
                    #expect(try await program.ask(method, path).answer["reason"] == "campaign_unknown")
                }
            }
            #expect(try await linda.progress(campaign.id).campaign.state == .planned)
            #expect(try await linda.statistics().accepted == 1)
        }
    }

    @Test func whatIsWrongIsToldAsAProblem() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            var program = Program(linda: linda)
            func refused(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, headers: [String] = []) async throws
                -> String
            {
                let (status, answer) = try await program.ask(method, path, body, headers: headers)
                #expect(answer["status"]?.integer == Int64(status), "\(path): \(answer)")
                return "\(status) \(answer["reason"]?.string ?? "?")"
            }
            #expect(try await refused(.get, "/v1/messages") == "401 key_missing")
            program.secret = "linda_wrong"
            #expect(try await refused(.get, "/v1/messages") == "401 key_missing")
            program.secret = try await Self.key(linda, .admin).secret
            for path in ["/v1/nothing", "/v1/", "/v1"] { #expect(try await refused(.get, path) == "404 route_unknown") }
            #expect(try await refused(.delete, "/v1/messages") == "405 verb_not_allowed")
            let bearer = ["Authorization: Bearer \(program.secret ?? "")"]
            let wrongVerb = try await program.client.perform(
                HTTPRequest(.delete, "\(linda.stack.address)/v1/messages", headers: bearer))
            #expect(wrongVerb.headers["allow"].map { Set($0.components(separatedBy: ", ")) } == ["GET", "HEAD", "POST"])
            #expect(try await refused(.get, "/v1/messages?limit=0") == "422 invalid_params")
            #expect(try await refused(.get, "/v1/messages?limitt=5") == "422 invalid_params")
            #expect(try await refused(.get, "/v1/messages", headers: ["Linda-Workspace: other"]) == "403 workspace_foreign")
            #expect(try await refused(.get, "/v1/inbox") == "403 workspace_foreign")
            #expect(try await refused(.post, "/v1/accounts", "{}") == "403 role_too_low")
            #expect(try await refused(.post, "/v1/lists", "[1]") == "400 parse_error")
            #expect(try await refused(.post, "/v1/lists", #"{"name":"a","name":"b"}"#) == "422 invalid_params")
            #expect(try await refused(.post, "/v1/lists", #"{"name":"a","_meta":{"workspace":"b"}}"#) == "422 invalid_params")
            #expect(try await refused(.post, "/v1/lists", #"{"name":"a"}"#, headers: ["Idempotency-Key: k"]) == "422 invalid_params")
            #expect(try await refused(.post, "/v1/lists", String(repeating: "[", count: 10_000)) == "400 parse_error")
            // As deep as a parser takes it, and deeper than a call may be: refused here, and nobody waits for an answer.
            for depth in [63, 64, 500, 511, 512] {
                let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
                let refusal = try await refused(.post, "/v1/lists", #"{"name":\#(deep)}"#)
                #expect(["400 parse_error", "422 invalid_params"].contains(refusal), "\(depth): \(refusal)")
            }
            for query in ["_meta.workspace=other", ".limit=1", "limit.=1", "limit=1&limit.x=2"] {
                #expect(try await refused(.get, "/v1/messages?\(query)") == "422 invalid_params", "\(query)")
            }
            #expect(
                try await refused(.post, "/v1/lists", #"{"name":""# + String(repeating: "x", count: 9 << 20) + "\"}")
                    == "413 frame_too_large")
        }
    }

    /// Who sends no body takes no room, and what large bodies had is there again after them.
    @Test func manyAskAtOnce() async throws {
        try await LindaFixture.run { linda in
            let program = Program(
                linda: linda, client: HTTPClient(connectionsPerHost: 64), secret: try await Self.key(linda, .admin).secret)
            for _ in 0..<2 {
                let large = #"{"name":"\#(String(repeating: "x", count: 6 << 20))"}"#
                let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<64 { group.addTask { try await program.ask(.get, "/v1/messages").status } }
                    for _ in 0..<8 { group.addTask { try await program.ask(.post, "/v1/lists", large).status } }
                    return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
                }
                #expect(answers[200] == 64 && (answers[422] ?? 0) + (answers[429] ?? 0) == 8, "\(answers)")
            }
            #expect(try await program.ask(.post, "/v1/lists", #"{"name":"A"}"#).status == 200)
        }
    }

    @Test func keysEndAsTheyAreToldTo() async throws {
        try await LindaFixture.run(expectsCrashes: true) { linda in
            let owner = Program(linda: linda, secret: try await Self.key(linda, .owner).secret)
            let made = try await owner.ask(.post, "/v1/keys", #"{"name":"shop","role":"viewer"}"#)
            let id = try #require(made.answer["key"]?["id"]?.string, "\(made)")
            var shop = Program(linda: linda, secret: made.answer["secret"]?.string)
            #expect(try await shop.ask(.get, "/v1/messages").status == 200)
            #expect(try await owner.ask(.post, "/v1/keys", #"{"name":"shop","role":"owner"}"#).answer["reason"] == "key_taken")
            // The former secret counts on for a while, then no more.
            let fresh = try await owner.ask(.post, "/v1/keys/\(id)/rotate", "{}")
            let next = Program(linda: linda, secret: fresh.answer["secret"]?.string)
            #expect(try await shop.ask(.get, "/v1/messages").status == 200)
            #expect(try await next.ask(.get, "/v1/messages").status == 200)
            let last = try await owner.ask(.post, "/v1/keys/\(id)/rotate", #"{"overlap":0}"#)
            #expect(try await shop.ask(.get, "/v1/messages").status == 401)
            #expect(try await next.ask(.get, "/v1/messages").status == 401)
            shop.secret = last.answer["secret"]?.string
            #expect(try await shop.ask(.get, "/v1/messages").status == 200)
            // After a restart the same keys count.
            linda.stack.child("gateway")?.signal(SIGTERM)
            try await eventually("the gateway is there again") { linda.stack.restarts(of: "gateway") == 1 }
            #expect(try await shop.ask(.get, "/v1/messages").status == 200)
            #expect(try await owner.ask(.delete, "/v1/keys/\(id)").status == 200)
            #expect(try await shop.ask(.get, "/v1/messages").status == 401)
            let over = try await owner.ask(.post, "/v1/keys", #"{"name":"old","role":"viewer","expiresAt":1000}"#)
            #expect(over.status == 422 && over.answer["path"] == "expiresAt", "\(over)")
            let soon = Date().timestamp + .seconds(2)
            let ending = try await owner.ask(.post, "/v1/keys", #"{"name":"old","role":"viewer","expiresAt":\#(soon.milliseconds)}"#)
            let brief = Program(linda: linda, secret: try #require(ending.answer["secret"]?.string, "\(ending)"))
            try await eventually("it has ended") { try await brief.ask(.get, "/v1/messages").status == 401 }
            // Nobody gives what outlasts the own, or reaches further.
            let end = Date().timestamp + .days(1)
            let passing = try await owner.ask(.post, "/v1/keys", #"{"name":"day","role":"owner","expiresAt":\#(end.milliseconds)}"#)
            let day = Program(linda: linda, secret: passing.answer["secret"]?.string)
            for (member, status) in [
                ("", 403), (#","expiresAt":\#(end.milliseconds + 1)"#, 403), (#","expiresAt":\#(end.milliseconds)"#, 200),
            ] {
                #expect(try await day.ask(.post, "/v1/keys", #"{"name":"child","role":"owner"\#(member)}"#).status == status, "\(member)")
            }
            for (path, body) in [
                ("/v1/keys", #"{"name":"h","role":"owner","ofHost":true}"#), ("/v1/keys/\(id)/rotate", #"{"\u006ffHost":true}"#),
            ] {
                #expect(try await owner.ask(.post, path, body).answer["reason"] == "workspace_foreign")
            }
            #expect(try await owner.ask(.get, "/v1/keys?ofHost=true").answer["reason"] == "workspace_foreign")
            let foreign = Program(linda: linda, secret: try await Self.key(linda, .owner, workspace: "other").secret)
            #expect(try await foreign.ask(.post, "/v1/keys/\(id)/rotate", "{}").answer["reason"] == "key_unknown")
            let listed = try await owner.ask(.get, "/v1/keys").answer
            #expect(!JSON.text(listed).contains("linda_") && listed["items"]?.array?.count == 5, "\(listed)")
        }
    }

    @Test func aKeyForOneNumberReachesNoOther() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let (own, other) = (LindaFixture.numbers[1], LindaFixture.numbers[0])
            let shop = Program(linda: linda, secret: try await Self.key(linda, .agent, numbers: [own]).secret)
            func send(_ account: PhoneNumberID?, _ key: String) async throws -> (status: Int, answer: JSONValue) {
                let member = account.map { #","account":"\#($0.rawValue)""# } ?? ""
                let body = #"{"to":"+919876543210","template":{"name":"greeting_news","variables":{"name":"A"}}\#(member)}"#
                return try await shop.ask(.post, "/v1/messages", body, headers: ["Idempotency-Key: \(key)"])
            }
            #expect(try await send(other, "a").answer["reason"] == "number_foreign")
            let sent = try await send(nil, "b")
            let id = try #require(sent.answer["id"]?.string, "\(sent)")
            #expect(try await shop.ask(.get, "/v1/messages/\(id)").answer["account"]?.string == own.rawValue)
            let foreign = try await linda.send(
                .init(to: "919876543211", template: .init(name: "greeting_news", variables: ["name": "A"]), account: other, requestKey: "c")
            )
            #expect(try await shop.ask(.get, "/v1/messages/\(foreign.id)").answer["reason"] == "number_foreign")
            #expect(try await shop.ask(.get, "/v1/messages/\(id)/why").answer["reason"] == "number_foreign", "it names no number")
            let listed = try await shop.ask(.get, "/v1/messages").answer["items"]?.array ?? []
            #expect(listed.map { $0["id"]?.string } == [id])
            #expect(
                try await shop.ask(.post, "/v1/consents", #"{"items":[{"contact":"+919876543210","state":"granted","source":"f"}]}"#).status
                    == 403)
        }
    }

    /// Every method with every role, and with a key of a workspace that has nothing.
    @Test func everyRoleMayWhatItsRoutesSay() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate("zebra_news", body: "Zebra {{name}}, there is news.")
            var programs: [(role: Role, isOfHost: Bool, program: Program)] = []
            for role in Role.allCases {
                programs.append((role, false, Program(linda: linda, secret: try await Self.key(linda, role, workspace: "foreign").secret)))
                programs.append((role, true, Program(linda: linda, secret: try await Self.key(linda, role, ofHost: true).secret)))
            }
            for contract in Self.contracts {
                for method in contract.methods {
                    // A login takes no key.
                    guard let route = method.http, !route.opensSession else { continue }
                    let request = try Self.example(method, route)
                    for (role, isOfHost, program) in programs {
                        let headers = isOfHost ? ["Linda-Workspace: foreign"] : []
                        let (status, answer) = try await program.ask(request.verb, request.path, request.body, headers: headers)
                        let what = "\(method.name) as \(role): \(status) \(JSON.text(answer).prefix(300))"
                        let mayNot = !role.may(route) || route.isOfHost && !isOfHost
                        #expect(mayNot == ["role_too_low", "workspace_foreign"].contains(answer["reason"]?.string), "\(what)")
                        #expect(status != 500 && status != 401 && answer["reason"] != "route_unknown", "\(what)")
                        #expect(!JSON.text(answer).contains("Zebra"), "\(what)")
                    }
                }
            }
        }
    }

    /// The method's own example as a request.
    private static func example<M: RPCMethod>(
        _ method: M.Type, _ route: HTTPRoute
    ) throws -> (verb: HTTPRequest.Method, path: String, body: String?) {
        route.request(try JSON.decode(JSONValue.self, from: JSON.encode(M.example.params)))
    }
}
