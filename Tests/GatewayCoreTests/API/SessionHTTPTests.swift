import Foundation
import GatewayContract
import HTTPTypes
import Hummingbird
import NIOCore
import RPCContract
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// How people log in, ask and log out over HTTP, as programs and in browsers.
@Suite(.timeLimit(.minutes(2))) struct SessionHTTPTests {
    private func login(_ user: User, asCookie: Bool = false, password: String = GatewayDesk.password) -> String {
        JSON.text(["email": .string(user.email), "password": .string(password), "asCookie": .bool(asCookie)] as JSONValue)
    }

    /// What a browser shows after it was given a cookie.
    private func cookie(_ header: String?) -> [String: String] { ["Cookie": "a=b; \((header ?? "").prefix { $0 != ";" })"] }

    @Test func aProgramLogsInAsksAndLogsOut() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (api, user) = (desk.api(), try await desk.user(.viewer))
            let opened = try await api.ask(.post, "/v1/sessions", login(user), with: ["Authorization": "Bearer linda_over"])
            #expect(opened.status == 200 && opened["set-cookie"] == nil && opened["cache-control"] == "no-store", "\(opened.text)")
            let token = try #require(opened.json["token"]?.string)
            let shown = ["Authorization": "Bearer \(token)"]
            #expect(try await api.ask(.get, "/v1/messages", with: shown).status == 200)
            let meta = try #require(desk.asked.value.last?.meta)
            #expect(meta.workspace == "w" && meta.actor == "user:\(user.id)")
            let me = try await api.ask(.get, "/v1/users/me", with: shown)
            #expect(me.status == 200 && me.json["email"]?.string == user.email)
            let listed = try await api.ask(.get, "/v1/users/me/sessions", with: shown)
            #expect(listed.json["items"]?.array?.count == 1 && !listed.text.contains(token))
            #expect(try await api.ask(.delete, "/v1/users/me/sessions/current", with: shown).status == 200)
            let over = try await api.ask(.get, "/v1/messages", with: shown)
            #expect(over.status == 401 && over.json["reason"] == "key_missing" && over.json["detail"]?.string?.contains("Log in") == true)
        }
    }

    @Test func aBrowserHasACookieThatNoScriptReads() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (api, user) = (desk.api(), try await desk.user(.viewer))
            let header = ["X-Requested-With": "t"]
            let opened = try await api.ask(.post, "/v1/sessions", login(user, asCookie: true), with: header)
            let given = try #require(opened["set-cookie"], "\(opened.text)")
            #expect(opened.json["token"] == nil && opened.json["user"]?["id"]?.string == user.id)
            for word in ["linda_session=linda_session_", "HttpOnly", "SameSite=Strict", "Path=/"] {
                #expect(given.contains(word), "\(given)")
            }
            #expect(!given.contains("Secure"))
            let overTLS = try await api.ask(
                .post, "/v1/sessions", login(user, asCookie: true), with: header.merging(["X-Forwarded-Proto": "https"]) { $1 })
            let safe = try #require(overTLS["set-cookie"])
            #expect(safe.hasPrefix("__Host-linda_session=linda_session_") && safe.contains("; Path=/;") && safe.hasSuffix("; Secure"))
            let tls = ["X-Forwarded-Proto": "https"]
            #expect(try await api.ask(.get, "/v1/users/me", with: cookie(safe).merging(tls) { $1 }).status == 200)
            #expect(
                try await api.ask(.get, "/v1/users/me", with: cookie(given).merging(tls) { $1 }).status == 401, "it may be a neighbour's")
            let shown = cookie(given)
            let seen = try await api.ask(.get, "/v1/users/me", with: shown)
            #expect(seen.status == 200 && seen["set-cookie"] == nil)
            // Before a proxy with a password of its own.
            #expect(try await api.ask(.get, "/v1/users/me", with: shown.merging(["Authorization": "Basic YTpi"]) { $1 }).status == 200)
            let left = try await api.ask(.delete, "/v1/users/me/sessions/current", with: shown.merging(header) { $1 })
            #expect(left.status == 200 && left["set-cookie"]?.hasPrefix("linda_session=; Path=/; Max-Age=0") == true)
            #expect(try await api.ask(.get, "/v1/users/me", with: shown).status == 401)
        }
    }

    /// A page of another origin cannot set the header, and the browser says who made it ask.
    @Test func anotherSiteChangesNothing() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (api, user) = (desk.api(), try await desk.user(.owner))
            let token = try await desk.token(user)
            let shown = ["Cookie": "linda_session=\(token)"]
            for entry in RouteTable(GatewayDesk.contracts).entries where entry.route.verb != .get && !entry.route.opensSession {
                let path = entry.route.path.replacing("{", with: "").replacing("}", with: "")
                let method = try #require(HTTPRequest.Method(rawValue: entry.route.verb.rawValue))
                for more in [[:], ["X-Requested-With": ""], ["X-Requested-With": "t", "Sec-Fetch-Site": "same-site"]] {
                    let answer = try await api.ask(method, path, "{}", with: shown.merging(more) { $1 })
                    #expect(answer.status == 403 && answer.json["reason"] == "request_foreign", "\(entry.method.name) \(more)")
                }
            }
            let asCookie = try await api.ask(.post, "/v1/sessions", login(user, asCookie: true))
            #expect(asCookie.status == 403 && asCookie["set-cookie"] == nil, "nobody is logged in as somebody else unawares")
            for site in ["same-site", "cross-site"] {
                #expect(try await api.ask(.get, "/v1/users/me", with: shown.merging(["Sec-Fetch-Site": site]) { $1 }).status == 403)
            }
            for site in ["same-origin", "none"] {
                #expect(try await api.ask(.get, "/v1/users/me", with: shown.merging(["Sec-Fetch-Site": site]) { $1 }).status == 200)
            }
            #expect(desk.asked.value.isEmpty && desk.people.sessions.session(with: token) != nil)
            // Who shows the token itself is no browser that was tricked.
            let bearer = ["Authorization": "Bearer \(token)", "Sec-Fetch-Site": "cross-site"]
            #expect(try await api.ask(.post, "/v1/lists", #"{"name":"a"}"#, with: bearer).status == 200)
        }
    }

    /// The own user, sessions and password are anybody's; those of others are an owner's.
    @Test func peopleSeeThemselvesAndNobodyElse() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let api = desk.api()
            let (own, other) = (try await desk.user(.viewer), try await desk.user(.agent))
            let (token, foreign) = (try await desk.token(own), try await desk.token(other))
            let (shown, session) = (["Authorization": "Bearer \(token)"], try #require(desk.people.sessions.session(with: foreign)))
            let password = #"{"password":"another password","old":"correct horse battery"}"#
            for (method, path, body) in [
                (.get, "/v1/users/\(other.id)", ""), (.get, "/v1/users/\(other.id)/sessions", ""), (.get, "/v1/users", ""),
                (.delete, "/v1/users/\(other.id)/sessions/\(session.id)", ""), (.put, "/v1/users/\(other.id)/password", password),
                (.patch, "/v1/users/me", #"{"role":"owner"}"#), (.patch, "/v1/users/\(own.id)", #"{"role":"owner"}"#),
                (.delete, "/v1/users/\(own.id)", ""),
                (.post, "/v1/users", #"{"email":"a@b.c","name":"a","role":"owner","password":"123456789012"}"#),
            ] as [(HTTPRequest.Method, String, String)] {
                let answer = try await api.ask(method, path, body, with: shown)
                #expect(answer.status == 403 && answer.json["reason"] == "role_too_low", "\(method) \(path): \(answer.text)")
            }
            let mixed = try await api.ask(.delete, "/v1/users/me/sessions/\(session.id)", with: shown)
            #expect(mixed.status == 404 && mixed.json["reason"] == "session_unknown" && desk.people.sessions.isOpen(session.id))
            #expect(try await api.ask(.get, "/v1/users/\(own.id)", with: shown).status == 200)
            let changed = try await api.ask(.put, "/v1/users/me/password", password, with: shown)
            #expect(changed.status == 200 && !changed.text.contains("another password"))
            #expect(try await api.ask(.get, "/v1/users/me", with: shown).status == 401, "every session ends with the password")
            #expect(try await api.ask(.get, "/v1/users/me", with: try await desk.bearer(.owner)).status == 404, "a key is nobody")
        }
    }

    @Test func aUserOfAWorkspaceSeesItAlone() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (api, own, host) = (desk.api(), try await desk.session(.owner), try await desk.session(.owner, ofHost: true))
            for (shown, asked, seen) in [(own, nil, "w"), (own, "w", "w"), (host, nil, "default"), (host, "w", "w")] {
                let fields = asked.map { ["Linda-Workspace": $0] } ?? [:]
                #expect(try await api.ask(.get, "/v1/messages", with: shown.merging(fields) { $1 }).status == 200)
                #expect(desk.asked.value.last?.meta.workspace == seen)
            }
            let count = desk.asked.value.count
            for (path, fields) in [
                ("/v1/messages", ["Linda-Workspace": "other"]), ("/v1/inbox", [:]), ("/v1/users?ofHost=true", [:]),
                ("/v1/keys?ofHost=true", [:]),
            ] as [(String, [String: String])] {
                let answer = try await api.ask(.get, path, with: own.merging(fields) { $1 })
                #expect(answer.status == 403 && answer.json["reason"] == "workspace_foreign", "\(path)")
            }
            #expect(desk.asked.value.count == count)
            #expect(try await api.ask(.get, "/v1/inbox", with: host).status == 200)
            #expect(try await api.ask(.get, "/v1/users?ofHost=true", with: host).json["items"]?.array?.count == 1)
        }
    }

    @Test func aRoleThatIsLoweredCountsAtOnce() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (api, user) = (desk.api(), try await desk.user(.admin))
            let shown = ["Authorization": "Bearer \(try await desk.token(user))"]
            #expect(try await api.ask(.post, "/v1/lists", #"{"name":"a"}"#, with: shown).status == 200)
            let owner = try await desk.bearer(.owner)
            #expect(try await api.ask(.patch, "/v1/users/\(user.id)", #"{"role":"viewer"}"#, with: owner).status == 200)
            #expect(try await api.ask(.post, "/v1/lists", #"{"name":"a"}"#, with: shown).json["reason"] == "role_too_low")
            #expect(try await api.ask(.patch, "/v1/users/\(user.id)", #"{"state":"disabled"}"#, with: owner).status == 200)
            #expect(try await api.ask(.get, "/v1/messages", with: shown).status == 401)
        }
    }

    @Test func whoGuessesIsToldToWait() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (api, user) = (desk.api(), try await desk.user(.viewer))
            for n in 0..<WrongKeys.tries {
                let answer = try await api.ask(.post, "/v1/sessions", login(user, password: "guess \(n)"))
                #expect(answer.status == 401 && answer.json["reason"] == "login_wrong" && answer["ratelimit"] == nil)
            }
            let refused = try await api.ask(.post, "/v1/sessions", login(user))
            #expect(refused.status == 429 && refused["retry-after"] == "900" && refused.json["retry"] == "after")
        }
    }

    @Test(arguments: ["", "{}", #"{"email":"a@b.c"}"#, #"{"email":"a@b.c","password":""}"#, #"{"email":"","password":"x"}"#])
    func whatIsNoLoginIsRefused(body: String) async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let answer = try await desk.api().ask(.post, "/v1/sessions", body)
            #expect(answer.status == 422 && answer.json["reason"] == "invalid_params", "\(answer.text)")
        }
    }

    /// A thousand signs at most, and nothing of it is told.
    @Test func aHugePasswordIsRefusedUnread() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (api, user) = (desk.api(), try await desk.user(.viewer))
            let long = try await api.ask(.post, "/v1/sessions", login(user, password: String(repeating: "z", count: 1025)))
            #expect(long.status == 422 && long.json["path"] == "password" && !long.text.contains("zzz"))
            let huge = try await api.ask(.post, "/v1/sessions", login(user, password: String(repeating: "z", count: LoginForm.limit)))
            #expect(huge.status == 413 && !huge.text.contains("zzz"), "\(huge.text)")
            let half = #"{"email":"a@b.c","password":"\ud800 and so on"}"#
            #expect([400, 422].contains(try await api.ask(.post, "/v1/sessions", half).status), "half of a sign")
            let none = try await api.ask(.post, "/v1/sessions", login(user, password: "a\u{0}b"))
            #expect(none.json["reason"] == "login_wrong", "\(none.text)")
        }
    }

    /// Bodies that never come whole, of those who show no key, take no room of those who do.
    @Test func whoShowsNothingTakesNobodysRoom() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (api, owner, begun) = (desk.api(), try await desk.bearer(.owner), MutexBox(0))
            let holds = (0..<12).map { _ in AsyncStream.makeStream(of: ByteBuffer.self) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (n, hold) in holds.enumerated() {
                    var head = HTTPRequest(method: .post, scheme: "http", authority: "t", path: "/v1/sessions")
                    if n.isMultiple(of: 2) {
                        head.headerFields[.contentLength] = "8388608"
                    } else {
                        head.headerFields[.transferEncoding] = "chunked"
                    }
                    let body = AsyncStream<ByteBuffer>(unfolding: {
                        begun.update { $0 += 1 }
                        for await piece in hold.stream { return piece }
                        return nil
                    })
                    group.addTask { [head] in _ = try await api.ask(head, RequestBody(asyncSequence: body)) }
                }
                try await eventually("all are waited for") { begun.value == holds.count }
                #expect(try await api.ask(.post, "/v1/lists", #"{"name":"a"}"#, with: owner).status == 200)
                #expect(try await api.ask(.post, "/v1/sessions", #"{"email":"a@b.c","password":"x"}"#).status == 401)
                for hold in holds { hold.continuation.finish() }
                try await group.waitForAll()
            }
        }
    }

    /// A page of another port of this host is another's, whatever a browser that says nothing of sites makes of it.
    @Test func anotherPortOfTheHostHearsNothing() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (api, token) = (desk.api(), try await desk.token(try await desk.user(.viewer)))
            for (origin, status) in [("http://t:8081", 403), ("http://t", 200)] {
                let shown = ["Cookie": "linda_session=\(token)", "Origin": origin]
                #expect(try await api.ask(.get, "/v1/users/me", with: shown).status == status)
            }
            let handshake = [
                "Cookie": "linda_session=\(token)", "Origin": "http://t:8081", "Connection": "Upgrade", "Upgrade": "websocket",
                "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            ]
            let refused = try await api.ask(.get, "/v1/events", with: handshake)
            #expect(refused.status == 403 && refused.json["reason"] == "request_foreign", "\(refused.text)")
        }
    }

    /// One of them may have been slipped in: whoever goes on with it works as somebody else.
    @Test func twoSessionsAtOnceAreNone() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (api, user) = (desk.api(), try await desk.user(.viewer))
            let tokens = [try await desk.token(user), try await desk.token(user)]
            let shown = ["Cookie": tokens.map { "linda_session=\($0)" }.joined(separator: "; ")]
            let answer = try await api.ask(.get, "/v1/users/me", with: shown)
            #expect(answer.status == 401 && answer.json["detail"]?.string?.contains("more than one session") == true, "\(answer.text)")
        }
    }

    /// A user outlasts every key, and logs in.
    @Test func aKeyThatEndsMakesNobody() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (api, user) = (desk.api(), try await desk.user(.viewer))
            let (lasting, ending) = (try await desk.bearer(.owner), try await desk.bearer(.owner, until: GatewayDesk.start + .hours(1)))
            for (method, path, body) in [
                (.post, "/v1/users", #"{"email":"a@b.c","name":"a","role":"owner","password":"123456789012"}"#),
                (.patch, "/v1/users/\(user.id)", #"{"role":"owner"}"#),
                (.put, "/v1/users/\(user.id)/password", #"{"password":"123456789012"}"#),
            ] as [(HTTPRequest.Method, String, String)] {
                let answer = try await api.ask(method, path, body, with: ending)
                #expect(answer.status == 403 && answer.json["reason"] == "role_too_low", "\(path): \(answer.text)")
                #expect(try await api.ask(method, path, body, with: lasting).status == 200, "\(path)")
            }
            #expect(try await api.ask(.get, "/v1/users", with: ending).status == 200)
        }
    }

    /// A session has a pace as a key has, and whoever logs in none.
    @Test func aSessionThatAsksTooOftenWaits() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let api = desk.api(pace: 2)
            let shown = try await desk.session(.viewer)
            for status in [200, 200, 429] { #expect(try await api.ask(.get, "/v1/messages", with: shown).status == status) }
        }
    }
}
