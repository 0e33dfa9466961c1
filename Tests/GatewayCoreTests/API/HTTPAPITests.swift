import AccountContract
import Foundation
import GatewayContract
import HTTPTypes
import RPCContract
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// Which call a request over HTTP becomes, and who may make it.
@Suite(.timeLimit(.minutes(2))) struct HTTPAPITests {
    private static let table = RouteTable(GatewayDesk.contracts)

    /// A request that means a method's example.
    private func request(_ entry: RouteTable.Entry) throws -> (method: HTTPRequest.Method, path: String, body: String, params: JSONValue) {
        func example<M: RPCMethod>(_ method: M.Type) throws -> JSONValue {
            try JSON.decode(JSONValue.self, from: JSON.encode(M.example.params))
        }
        let params = try example(entry.method)
        var members = try #require(params.object, "\(entry.method.name)")
        var path = entry.route.path
        for name in entry.route.captures {
            let found = members.removeValue(forKey: name)
            let value = try #require(found, "\(entry.method.name): \(name)")
            let text = value.string ?? JSON.text(value)
            path = path.replacing("{\(name)}", with: text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
        }
        let method = try #require(HTTPRequest.Method(rawValue: entry.route.verb.rawValue))
        return (method, path, members.isEmpty ? "" : JSON.text(JSONValue.object(members)), params)
    }

    @Test func everyMethodIsFoundUnderItsRouteWithItsParams() async throws {
        try await GatewayDesk.run { desk in
            let (api, key) = (desk.api(), try await desk.bearer(.owner, ofHost: true))
            for entry in Self.table.entries {
                let request = try request(entry)
                let answer = try await api.ask(request.method, request.path, request.body, with: key)
                #expect(answer.status == 200, "\(entry.method.name): \(answer.text)")
                let asked = try #require(desk.asked.value.last)
                #expect(asked.method == entry.method.name && asked.params == request.params, "\(entry.method.name): \(asked.params)")
                let actor = entry.route.opensSession ? "anybody:" : "key:owner"
                #expect(asked.meta.workspace == "default" && asked.meta.actor?.hasPrefix(actor) == true)
                #expect(answer["content-type"] == "application/json" && answer["cache-control"] == "no-store")
                #expect(answer["x-content-type-options"] == "nosniff")
            }
            #expect(desk.asked.value.count == Self.table.entries.count && Self.table.entries.count > 100)
        }
    }

    /// Every role against every method.
    @Test func aRoleReachesWhatItMayAndNothingElse() async throws {
        try await GatewayDesk.run { desk in
            for role in Role.allCases {
                let key = try await desk.bearer(role, ofHost: true)
                try await reach(desk, as: role, with: key, advice: "linda keys create")
            }
        }
    }

    /// Asks for every method: what the role may is reached, what it may not is refused with what to do about it.
    private func reach(
        _ desk: GatewayDesk, as role: Role, with shown: [String: String], advice: String,
        reached: (RouteTable.Entry) throws -> Void = { _ in }
    ) async throws {
        let api = desk.api()
        for entry in Self.table.entries {
            let request = try request(entry)
            let before = desk.asked.value.count
            let answer = try await api.ask(request.method, request.path, request.body, with: shown)
            let isReached = desk.asked.value.count == before + 1
            guard role.may(entry.route) else {
                #expect(answer.status == 403 && answer.json["reason"] == "role_too_low" && !isReached, "\(role) \(entry.method.name)")
                #expect(answer.json["detail"]?.string?.contains(advice) == true)
                continue
            }
            #expect(answer.status == 200 && isReached, "\(role) \(entry.method.name): \(answer.text)")
            try reached(entry)
        }
    }

    /// Every role of people against every method, as a program and as a browser shows their session.
    @Test(arguments: [false, true]) func aUsersSessionReachesWhatTheirRoleMayAndNothingElse(isBrowser: Bool) async throws {
        try await GatewayDesk.run { desk in
            for role in Role.allCases where role != .ingest {
                let user = try await desk.user(role, ofHost: true)
                let token = try await desk.token(user)
                let shown =
                    isBrowser ? ["Cookie": "linda_session=\(token)", "X-Requested-With": "t"] : ["Authorization": "Bearer \(token)"]
                try await reach(desk, as: role, with: shown, advice: "linda users update") { entry in
                    let actor = entry.route.opensSession ? "anybody:" : "user:\(user.id)"
                    #expect(desk.asked.value.last?.meta.actor == actor, "\(entry.method.name)")
                }
            }
        }
    }

    /// Whoever shows nothing reaches the login alone.
    @Test func anybodyReachesTheLoginAlone() async throws {
        try await GatewayDesk.run { desk in
            let api = desk.api()
            for entry in Self.table.entries {
                let request = try request(entry)
                let answer = try await api.ask(request.method, request.path, request.body)
                #expect(answer.status == (entry.route.opensSession ? 200 : 401), "\(entry.method.name): \(answer.text)")
            }
            #expect(desk.asked.value.map(\.method) == ["session.create"])
        }
    }

    @Test func withoutAKeyInForceNothingIsReached() async throws {
        try await GatewayDesk.run { desk in
            let api = desk.api()
            let key = try await desk.bearer(.viewer, until: GatewayDesk.start + .hours(1))
            let secret = try #require(key["Authorization"]?.dropFirst(7))
            for shown in [nil, "", "Bearer", "Bearer ", "Bearer linda_nobody", "Basic \(secret)", "\(secret)", "Bearer \(secret)x"] {
                let answer = try await api.ask(.get, "/v1/messages", with: shown.map { ["Authorization": $0] } ?? [:])
                #expect(answer.status == 401 && answer.json["reason"] == "key_missing", "\(shown ?? "nothing")")
                #expect(answer["www-authenticate"] == "Bearer" && answer["ratelimit"] == nil)
            }
            #expect(desk.asked.value.isEmpty)
            for shown in ["Bearer \(secret)", "bearer \(secret)", "BEARER  \(secret) "] {
                #expect(try await api.ask(.get, "/v1/messages", with: ["Authorization": shown]).status == 200, "\(shown)")
            }
            desk.now.set(GatewayDesk.start + .hours(1))
            #expect(try await api.ask(.get, "/v1/messages", with: key).status == 401, "its time is over")
            let owner = try await desk.keys.create(.init(name: "o", role: .owner), workspace: "w")
            let shown = ["Authorization": "Bearer \(owner.secret)"]
            #expect(try await api.ask(.get, "/v1/messages", with: shown).status == 200)
            _ = try await desk.keys.revoke(owner.key.id, of: "w")
            #expect(try await api.ask(.get, "/v1/messages", with: shown).status == 401, "it was taken back")
        }
    }

    /// RFC 9110 §9.3.2: the same fields as a GET's, and no content.
    @Test func aHeadIsAnsweredAsAGetWithoutItsContent() async throws {
        try await GatewayDesk.run { desk in
            let (api, key) = (desk.api(), try await desk.bearer(.owner, ofHost: true))
            for path in ["/v1/messages?limit=5", "/docs", "/openapi.json"] {
                let get = try await api.ask(.get, path, with: key)
                let head = try await api.ask(.head, path, with: key)
                #expect(head.status == 200 && head.body.isEmpty && !get.body.isEmpty, "\(path)")
                #expect(head["content-type"] == get["content-type"] && head["content-length"] == get["content-length"], "\(path)")
            }
            #expect(desk.asked.value.map(\.method) == ["message.list", "message.list"])
            #expect(try await api.ask(.head, "/v1/messages").status == 401)
        }
    }

    @Test func whatLeadsNowhereIsTold() async throws {
        try await GatewayDesk.run { desk in
            let (api, key) = (desk.api(), try await desk.bearer(.owner, ofHost: true))
            for path in ["/v1", "/v1/", "/v1/nothing", "/v1/messages/", "/v1//messages", "/v1/messages/a/b/c", "/v1/messages/%FF"] {
                let answer = try await api.ask(.get, path, with: key)
                #expect(answer.status == 404 && answer.json["reason"] == "route_unknown", "\(path)")
            }
            for (method, path, allowed) in [
                (.delete, "/v1/messages", ["GET", "HEAD", "POST"]), (.head, "/v1/batches/a/process", ["POST"]),
                (.post, "/v1/messages/statistics", ["GET", "HEAD"]),
                (HTTPRequest.Method("BREW") ?? .trace, "/v1/strategy", ["GET", "HEAD", "PUT"]),
            ] as [(HTTPRequest.Method, String, [String])] {
                let answer = try await api.ask(method, path, with: key)
                #expect(answer.status == 405, "\(method) \(path)")
                #expect(answer["allow"].map { Set($0.components(separatedBy: ", ")) } == Set(allowed), "\(method) \(path)")
                #expect(answer.body.isEmpty == (method == .head), "a head has no body")
            }
            #expect(desk.asked.value.isEmpty)
            // What is encoded is one segment, and a name that is a word is the word's.
            _ = try await api.ask(.get, "/v1/lists/a%2Fb%20c", with: key)
            #expect(desk.asked.value.last?.params == ["id": "a/b c"])
            _ = try await api.ask(.get, "/v1/messages/statistics", with: key)
            #expect(desk.asked.value.last?.method == "message.stats")
            #expect(try await api.ask(.get, "/other", with: key).status == 404)
        }
    }

    @Test func aWorkspaceIsTheKeysOrTheHeaders() async throws {
        try await GatewayDesk.run { desk in
            let api = desk.api()
            let (own, host) = (try await desk.bearer(.owner, workspace: "shop"), try await desk.bearer(.owner, ofHost: true))
            for (key, asked, seen) in [(own, nil, "shop"), (own, "shop", "shop"), (host, nil, "default"), (host, "other", "other")] {
                let fields = asked.map { ["Linda-Workspace": $0] } ?? [:]
                #expect(try await api.ask(.get, "/v1/messages", with: key.merging(fields) { $1 }).status == 200)
                #expect(desk.asked.value.last?.meta.workspace == seen)
            }
            let count = desk.asked.value.count
            let foreign = try await api.ask(.get, "/v1/messages", with: own.merging(["Linda-Workspace": "other"]) { $1 })
            #expect(foreign.status == 403 && foreign.json["reason"] == "workspace_foreign")
            for name in ["", String(repeating: "x", count: 257)] {
                #expect(
                    try await api.ask(.get, "/v1/messages", with: host.merging(["Linda-Workspace": name]) { $1 }).status == 422, "\(name)")
            }
            let ofHost = try await api.ask(.get, "/v1/inbox", with: own)
            #expect(ofHost.status == 403 && ofHost.json["reason"] == "workspace_foreign", "it belongs to no workspace")
            #expect(desk.asked.value.count == count)
        }
    }

    @Test func aKeyOfSomeNumbersSeesAndSendsNoOthers() async throws {
        try await GatewayDesk.run { desk in
            let api = desk.api()
            let (own, other) = (try await desk.bearer(.admin, numbers: ["106540352242922"]), try await desk.bearer(.admin, numbers: ["7"]))
            #expect(try await api.ask(.get, "/v1/messages", with: own).status == 200)
            #expect(desk.asked.value.last?.params["account"] == "106540352242922", "what is left out is the key's")
            #expect(try await api.ask(.get, "/v1/messages?account=7", with: own).json["reason"] == "number_foreign")
            // Whose it is shows in the answer.
            #expect(try await api.ask(.get, "/v1/messages/01JD0000000000000000000000", with: own).status == 200)
            let hidden = try await api.ask(.get, "/v1/messages/01JD0000000000000000000000", with: other)
            #expect(hidden.status == 403 && hidden.json["reason"] == "number_foreign" && !hidden.text.contains("106540352242922"))
            let count = desk.asked.value.count
            #expect(try await api.ask(.post, "/v1/lists", #"{"name":"a"}"#, with: own).json["reason"] == "number_foreign")
            #expect(desk.asked.value.count == count, "what changes more than a number is not for it")
        }
    }

    @Test func aKeyThatAsksTooOftenWaitsAlone() async throws {
        try await GatewayDesk.run { desk in
            let api = desk.api(pace: 2)
            let (busy, other) = (try await desk.bearer(.viewer), try await desk.bearer(.agent))
            for left in [1, 0] {
                let answer = try await api.ask(.get, "/v1/messages", with: busy)
                #expect(answer.status == 200 && answer["ratelimit-policy"] == #""key";q=2;w=1"#)
                #expect(answer["ratelimit"] == #""key";r=\#(left);t=1"#)
            }
            let refused = try await api.ask(.get, "/v1/messages", with: busy)
            #expect(refused.status == 429 && refused.json["reason"] == "overloaded" && refused["retry-after"] == "1")
            #expect(refused["ratelimit"] == #""key";r=0;t=1"#)
            #expect(try await api.ask(.get, "/v1/messages", with: other).status == 200)
            desk.now.update { $0 = $0 + 500 }
            #expect(try await api.ask(.get, "/v1/messages", with: busy).status == 200)
        }
    }

    /// What there is, is no secret, and the rest is what the contracts say.
    @Test func theDocumentNeedsNoKey() async throws {
        try await GatewayDesk.run { desk in
            let answer = try await desk.api().ask(.get, "/openapi.json")
            #expect(answer.status == 200 && answer["content-type"] == "application/json")
            #expect(answer.json["paths"]?.object?.count == Set(Self.table.entries.map(\.route.path)).count)
        }
    }
}
