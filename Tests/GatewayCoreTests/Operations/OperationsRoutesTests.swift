import AccountContract
import Dispatch
import Foundation
import GRDB
import GatewayContract
import HTTPServer
import HTTPTypes
import Hummingbird
import NIOCore
import RPCContract
import ServiceKit
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// Health and metrics, and the page that is behind a key.
@Suite(.timeLimit(.minutes(1))) struct OperationsRoutesTests {
    private static let key = "a key & more, 32 bytes at the very least"

    private func routes(_ desk: GatewayDesk, keys: [String] = [Self.key]) -> RouterClient {
        let webhook = Self.webhook(desk)
        let router = Router(context: GatewayContext.self)
        OperationsRoutes(
            inbox: desk.inbox, webhook: webhook, metrics: { "# TYPE linda_own gauge\nlinda_own 7\n" }, peers: desk.peers,
            door: Self.door(desk, keys), clock: desk.clock
        )
        .add(to: router)
        return RouterClient(router)
    }

    static func webhook(_ desk: GatewayDesk) -> WebhookDelivery {
        WebhookDelivery(inbox: desk.inbox, gaps: desk.gaps, appSecrets: [Secret("s")], bytes: 1 << 20, logger: desk.quiet)
    }

    static func door(_ desk: GatewayDesk, _ keys: [String]) -> Door {
        let (users, sessions) = (desk.people.users, desk.people.sessions)
        let admission = Admission(
            keys: keys.map { Secret($0) }, clock: desk.clock, user: { users.user(with: $0) }, hasUsers: { users.areOfHost })
        return Door(admission: admission, users: users, sessions: sessions, logins: desk.people.logins)
    }

    private static let locked = StatusPage.door(isFirst: true)

    private func form(_ key: String) -> String { "other=1&key=\(key.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }
    private let bearer = ["Authorization": "Bearer \(Self.key)"]

    @Test func healthTellsWhichCheckFailsAndNotWhy() async throws {
        try await GatewayDesk.run { desk in
            let client = routes(desk)
            let sound = try await client.ask(.get, "/healthz")
            #expect(sound.status == 200 && sound.text == "ok\n")
            desk.checks.set([.init(name: "disk", healthy: false, detail: "a secret path"), .init(name: "sound", healthy: true)])
            #expect(try await client.ask(.get, "/healthz").status == 200, "it was read a moment ago")
            desk.now.update { $0 = $0 + 1500 }
            let sick = try await client.ask(.get, "/healthz")
            #expect(sick.status == 503 && !sick.text.contains("secret") && !sick.text.contains("sound:"))
            for contract in GatewayDesk.contracts { #expect(sick.text.contains("\(contract.process): disk\n")) }
        }
    }

    /// A password that is hashed for ever keeps nothing waiting but passwords.
    @Test func whileAPasswordIsCheckedAllElseIsAnswered() async throws {
        try await GatewayDesk.run(hasPeople: true) { desk in
            let (client, api, shown) = (routes(desk), desk.api(), try await desk.session(.viewer, ofHost: true))
            let (hold, opened) = (DispatchSemaphore(value: 0), MutexBox(0))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await desk.line.run(for: .host) { () throws(Fault) in hold.wait() } }
                try await eventually("it is checked") { desk.line.count == 1 }
                group.addTask {
                    let login = #"{"email":"viewer.host@w.example","password":"\#(GatewayDesk.password)"}"#
                    let status = try await api.ask(.post, "/v1/sessions", login).status
                    opened.set(status)
                }
                try await eventually("a login waits") { desk.line.count == 2 }
                let delivered = await deliver(to: Self.webhook(desk))
                #expect(delivered == 200)
                #expect(try await api.ask(.get, "/v1/messages", with: shown).status == 200)
                #expect(try await client.ask(.get, "/healthz").status == 200)
                #expect(try await client.ask(.get, "/status.json", with: shown).status == 200)
                #expect(opened.value == 0 && desk.line.count == 2)
                hold.signal()
                try await group.waitForAll()
            }
            #expect(opened.value == 200)
        }
    }

    /// Posts a delivery without events as Meta does; the signature is of these bytes with the secret `s`.
    private func deliver(to webhook: WebhookDelivery) async -> Int {
        var head = HTTPRequest(method: .post, scheme: "http", authority: "t", path: webhook.path)
        if let name = HTTPField.Name("X-Hub-Signature-256") {
            head.headerFields[name] = "sha256=2beb1628bf3d9441580e31fe493d344d8df1fec6d65cda8cfb609e3219b69f04"
        }
        return await withCheckedContinuation { continuation in
            webhook.answer(head, ByteBuffer(string: #"{"object":"x","entry":[]}"#)) { continuation.resume(returning: $0.status.code) }
        }
    }

    @Test func itIsReadyWhereADeliveryCouldBeStored() async throws {
        let desk = try GatewayDesk()
        let client = routes(desk)
        let ready = try await client.ask(.get, "/readyz")
        #expect(ready.status == 200 && ready.text == "ready\n")
        try desk.pool.close()
        #expect(try await client.ask(.get, "/readyz").status == 200, "it was tried a moment ago")
        desk.now.set(desk.now.value + 2000)
        #expect(try await client.ask(.get, "/readyz").status == 503)
        try FileManager.default.removeItem(atPath: desk.folder)
    }

    @Test func whatIsBehindTheKeyIsShownToNobodyElse() async throws {
        try await GatewayDesk.run { desk in
            let client = routes(desk)
            for path in ["/metrics", "/metrics/gateway", "/status.json"] {
                for fields in [[:], ["Authorization": "Bearer x"], ["Cookie": "linda_session=1.x"]] as [[String: String]] {
                    let answer = try await client.ask(.get, path, with: fields)
                    #expect(answer.status == 401 && answer["www-authenticate"] == "Bearer", "\(path)")
                }
                #expect(try await client.ask(.get, path, with: bearer).status == 200, "\(path)")
            }
            let (locked, open) = (try await client.ask(.get, "/"), try await client.ask(.get, "/", with: bearer))
            #expect(locked.status == 401 && locked.text == Self.locked && open.status == 200 && open.text == StatusPage.html)
            for page in [locked, open] {
                #expect(page["content-security-policy"] == StatusPage.policy && page["cache-control"] == "no-store")
                #expect(page["x-content-type-options"] == "nosniff")
            }
        }
    }

    @Test func metricsAreOfEveryProcessAndOneThatIsAwayIsCounted() async throws {
        try await GatewayDesk.run(without: AccountContract.process) { desk in
            let client = routes(desk)
            let all = try await client.ask(.get, "/metrics", with: bearer)
            #expect(all["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(all.text.contains(#"linda_own{process="gateway"} 7"#), "\(all.text)")
            for contract in GatewayDesk.contracts {
                let isUp = contract.process == AccountContract.process ? 0 : 1
                #expect(all.text.contains(#"linda_process_up{process="\#(contract.process)"} \#(isUp)"#), "\(contract.process)")
            }
            let one = try await client.ask(.get, "/metrics/gateway", with: bearer)
            #expect(one.status == 200 && one.text == ServiceMetrics.example.reply.text)
            #expect(try await client.ask(.get, "/metrics/nobody", with: bearer).status == 404)
            #expect(try await client.ask(.get, "/metrics/\(AccountContract.process)", with: bearer).status == 502)
        }
    }

    @Test func theStateOfAllIsOneAnswerAndWhatIsAwayIsADash() async throws {
        try await GatewayDesk.run(without: AccountContract.process) { desk in
            let state = try await routes(desk).ask(.get, "/status.json", with: bearer)
            #expect(state.status == 200 && state["content-type"] == "application/json")
            #expect(state.json["accounts"] == .null && state.json["messages"] == .null && state.json["inbox"]?["pending"] == 0)
            #expect(state.json["conversations"] != .null && state.json["processes"]?[AccountContract.process] == .null)
            #expect(state.json["troubles"]?.array?.map { $0["check"]?.string } == ["does not answer"])
        }
    }

    @Test func whoGivesTheKeyInAFormIsLetInForAWhile() async throws {
        try await GatewayDesk.run { desk in
            let client = routes(desk)
            let opened = try await client.ask(.post, "/", form(Self.key))
            #expect(opened.status == 303 && opened["location"] == "/")
            let cookie = try #require(opened["set-cookie"])
            for word in ["HttpOnly", "SameSite=Strict", "Path=/"] { #expect(cookie.contains(word)) }
            #expect(!cookie.contains("Secure"))
            let overTLS = try await client.ask(.post, "/", form(Self.key), with: ["X-Forwarded-Proto": "HTTPS"])
            #expect(overTLS["set-cookie"]?.contains("; Secure") == true)
            let shown = ["Cookie": "a=b; \(cookie.prefix { $0 != ";" })"]
            #expect(try await client.ask(.get, "/", with: shown).text == StatusPage.html)
            #expect(try await client.ask(.get, "/status.json", with: shown).status == 200)
            desk.now.update { $0 = $0 + Admission.lifetime }
            #expect(try await client.ask(.get, "/", with: shown).status == 401)
            // A space may be written as a plus.
            #expect(try await client.ask(.post, "/", "key=" + Self.key.replacing(" ", with: "+").replacing("&", with: "%26")).status == 303)
        }
    }

    @Test func whoGivesAnotherKeyStaysOutside() async throws {
        try await GatewayDesk.run { desk in
            let client = routes(desk, keys: ["short"])
            for body in ["", "key=", "key", "kei=short", "key=shor", "key=short%20", "key=%FF", "Key=short"] {
                let answer = try await client.ask(.post, "/", body)
                #expect(
                    answer.status == 401 && answer.text.contains("This is not the admin key.") && answer["set-cookie"] == nil, "\(body)")
            }
            let long = try await client.ask(.post, "/", "key=short&x=" + String(repeating: "x", count: LoginForm.limit))
            #expect(long.status == 401 && long.text == Self.locked)
            // Of those above three were different keys.
            for n in 0..<97 { #expect(try await client.ask(.post, "/", "key=guess\(n)").status == 401) }
            let crowded = try await client.ask(.post, "/", "key=short")
            #expect(crowded.status == 429 && crowded.text.contains("Too many wrong keys") && crowded["set-cookie"] == nil)
            desk.now.update { $0 = $0 + .minutes(15) }
            #expect(try await client.ask(.post, "/", "key=short").status == 303)
        }
    }
}
