import Foundation
import GRDB
import GatewayContract
import HTTPTypes
import Hummingbird
import RPCContract
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// The login of the status page, and the first owner, whom the admin key makes.
@Suite(.timeLimit(.minutes(1))) struct DoorTests {
    private static let key = "an admin key of 32 bytes or more"

    private func run(_ body: (GatewayDesk, RouterClient) async throws -> Void) async throws {
        let desk = try GatewayDesk()
        let router = Router(context: GatewayContext.self)
        let door = OperationsRoutesTests.door(desk, [Self.key])
        door.add(to: router)
        router.get("secret") { request, context in door.refusal(request, context) ?? Response.text(.ok, "shown\n") }
        try await body(desk, RouterClient(router))
        try desk.pool.close()
        try FileManager.default.removeItem(atPath: desk.folder)
    }

    private func form(_ fields: [(String, String)]) -> String {
        fields.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" }.joined(separator: "&")
    }

    private func login(_ email: String, _ password: String = GatewayDesk.password) -> String {
        form([("email", email), ("password", password)])
    }

    private func shown(_ answer: RouterClient.Answer) -> [String: String] {
        ["Cookie": "\((answer["set-cookie"] ?? "").prefix { $0 != ";" })"]
    }

    @Test func aUserOfTheHostLogsInAndOut() async throws {
        try await run { desk, client in
            let user = try await desk.user(.viewer, ofHost: true, email: "asha@example.com")
            let tls = ["X-Forwarded-Proto": "https"]
            let opened = try await client.ask(.post, "/", login("Asha@example.com"), with: tls)
            let shown = { (answer: RouterClient.Answer) in self.shown(answer).merging(tls) { $1 } }
            #expect(opened.status == 303 && opened["location"] == "/", "\(opened.text)")
            let cookie = try #require(opened["set-cookie"])
            for word in ["HttpOnly", "SameSite=Strict", "Path=/", "Secure"] { #expect(cookie.contains(word)) }
            #expect(try await client.ask(.get, "/", with: shown(opened)).text == StatusPage.html)
            #expect(try await client.ask(.get, "/secret", with: shown(opened)).status == 200)
            #expect(desk.people.sessions.list(of: user.id).count == 1)
            for site in ["cross-site", "same-site"] {
                let foreign = try await client.ask(.post, "/logout", with: shown(opened).merging(["Sec-Fetch-Site": site]) { $1 })
                #expect(foreign.status == 403 && desk.people.sessions.list(of: user.id).count == 1)
            }
            let left = try await client.ask(.post, "/logout", with: shown(opened))
            #expect(left.status == 303 && left["set-cookie"]?.contains("Max-Age=0") == true)
            #expect(desk.people.sessions.list(of: user.id).isEmpty)
            #expect(try await client.ask(.get, "/", with: shown(opened)).status == 401)
            #expect(try await client.ask(.get, "/secret", with: shown(opened)).status == 401)
            #expect(try await client.ask(.post, "/logout").status == 303, "whoever is out may go")
        }
    }

    @Test func whoIsNobodyStaysOutsideAndIsToldWhy() async throws {
        try await run { desk, client in
            _ = try await desk.user(.owner, ofHost: true, email: "asha@example.com")
            _ = try await desk.user(.owner, email: "ravi@example.com")
            #expect(try await client.ask(.get, "/").text == StatusPage.door(isFirst: false))
            for (body, status) in [
                (login("asha@example.com", "wrong"), 401), (login("nobody@example.com"), 401), ("", 422), ("email=a&password=b", 422),
                (login("ravi@example.com"), 403), (login("asha@example.com", String(repeating: "x", count: 1025)), 422),
                (form([("key", Self.key)]), 422),
            ] {
                let answer = try await client.ask(.post, "/", body)
                #expect(answer.status == status && answer["set-cookie"] == nil && answer.text.contains("class=\"bad\""), "\(body)")
                #expect(answer["content-security-policy"] == StatusPage.policy && answer["cache-control"] == "no-store")
            }
            #expect(try await desk.people.users.kept(email: "ravi@example.com").map { desk.people.sessions.list(of: $0.user.id) } == [])
            let foreign = try await client.ask(.post, "/", login("asha@example.com"), with: ["Sec-Fetch-Site": "cross-site"])
            #expect(foreign.status == 403 && foreign["set-cookie"] == nil)
            // Neither key nor password opens anything in an address.
            for query in [form([("key", Self.key)]), login("asha@example.com")] {
                #expect(try await client.ask(.get, "/?\(query)").status == 401)
                #expect(try await client.ask(.get, "/secret?\(query)").status == 401)
            }
            let ofWorkspace = ["Authorization": "Bearer \(try await desk.session(.admin)["Authorization"]?.dropFirst(7) ?? "")"]
            #expect(try await client.ask(.get, "/secret", with: ofWorkspace).status == 403)
            #expect(try await client.ask(.get, "/secret", with: ["Authorization": "Bearer \(Self.key)"]).status == 200)
        }
    }

    @Test func whoGuessesWaits() async throws {
        try await run { desk, client in
            _ = try await desk.user(.owner, ofHost: true, email: "asha@example.com")
            for _ in 0..<WrongKeys.tries { #expect(try await client.ask(.post, "/", login("asha@example.com", "wrong")).status == 401) }
            let crowded = try await client.ask(.post, "/", login("asha@example.com"))
            #expect(crowded.status == 429 && crowded["retry-after"] == "900" && crowded["set-cookie"] == nil)
        }
    }

    /// Once there is one, the key opens no page any more, not in a cookie that it has opened before either.
    @Test func theAdminKeyMakesTheFirstOwner() async throws {
        try await run { desk, client in
            let keyed = try await client.ask(.post, "/", form([("key", Self.key)]))
            #expect(keyed.status == 303)
            #expect(try await client.ask(.get, "/", with: shown(keyed)).status == 200)
            let wish = [("email", "asha@example.com"), ("password", GatewayDesk.password)]
            for (fields, status) in [
                ([("key", "wrong")] + wish, 401), (wish, 401),
                ([("key", Self.key), ("email", "asha@example.com"), ("password", "short")], 422),
                ([("key", Self.key), ("email", "asha"), ("password", GatewayDesk.password)], 422),
            ] {
                #expect(try await client.ask(.post, "/", form(fields)).status == status, "\(fields)")
                #expect(!desk.people.users.areOfHost)
            }
            let made = try await client.ask(.post, "/", form([("key", Self.key)] + wish))
            #expect(made.status == 303 && made["set-cookie"]?.contains("linda_session_") == true, "\(made.text)")
            let kept = try #require(try await desk.people.users.kept(email: "asha@example.com"))
            #expect(kept.user.role == .owner && kept.user.workspace == nil && kept.user.name == "asha")
            #expect(try await client.ask(.get, "/", with: shown(made)).status == 200)
            #expect(try await client.ask(.get, "/", with: shown(keyed)).status == 401)
            let second = try await client.ask(
                .post, "/", form([("key", Self.key), ("email", "b@example.com"), ("password", GatewayDesk.password)]))
            #expect(second.status == 401, "the key makes one alone")
        }
    }

    /// Both have shown the key before either was made.
    @Test func twoAtTheDoorMakeOneOwner() async throws {
        try await run { desk, client in
            let hold = DispatchSemaphore(value: 0)
            let statuses = try await withThrowingTaskGroup(of: Int?.self) { group in
                group.addTask {
                    try await desk.line.run(for: .host) { () throws(Fault) in hold.wait() }
                    return nil
                }
                for name in ["a", "b"] {
                    let body = form([("key", Self.key), ("email", "\(name)@example.com"), ("password", GatewayDesk.password)])
                    group.addTask { try await client.ask(.post, "/", body).status }
                }
                try await eventually("both wait") { desk.line.count == 3 }
                hold.signal()
                return try await group.reduce(into: [Int]()) { all, status in if let status { all.append(status) } }
            }
            #expect(statuses.sorted() == [303, 409])
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM apiUser") } == 1)
        }
    }

    /// Whoever logs in while the clock is ahead can log out once it is right, and for good.
    @Test func whoLogsOutIsOutWhateverTheClockSays() async throws {
        try await run { desk, client in
            _ = try await desk.user(.owner, ofHost: true, email: "asha@example.com")
            desk.now.set(GatewayDesk.start + .days(1))
            let opened = try await client.ask(.post, "/", login("asha@example.com"))
            let other = try await client.ask(.post, "/", login("asha@example.com"))
            desk.now.set(GatewayDesk.start)
            let both = [opened, other].compactMap { shown($0)["Cookie"] }.joined(separator: "; ")
            #expect(try await client.ask(.post, "/logout", with: ["Cookie": both]).status == 303)
            desk.now.set(GatewayDesk.start + .days(1))
            for one in [opened, other] { #expect(try await client.ask(.get, "/", with: shown(one)).status == 401) }
            #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM session") } == 0)
        }
    }

    /// A page of another port logs nobody in or out.
    @Test func anotherPortOfTheHostStaysOutside() async throws {
        try await run { desk, client in
            _ = try await desk.user(.owner, ofHost: true, email: "asha@example.com")
            let foreign = ["Origin": "http://t:8081"]
            let refused = try await client.ask(.post, "/", login("asha@example.com"), with: foreign)
            #expect(refused.status == 403 && refused["set-cookie"] == nil)
            let opened = try await client.ask(.post, "/", login("asha@example.com"), with: ["Origin": "http://t"])
            #expect(opened.status == 303)
            #expect(try await client.ask(.post, "/logout", with: shown(opened).merging(foreign) { $1 }).status == 403)
            #expect(try await client.ask(.get, "/", with: shown(opened)).status == 200)
        }
    }

    @Test(arguments: [
        ("key=a%20b&email=c%40d&password=e+f", ["a b", "c@d", "e f"]), ("", ["", "", ""]), ("key&email=&x=y&=z", ["", "", ""]),
        ("key=a&key=b", ["a", "", ""]), ("key=%FF&password=%", ["", "", ""]), ("password=a=b", ["", "", "a=b"]),
    ]) func aFormIsReadAsBrowsersWriteIt(text: String, fields: [String]) {
        let form = LoginForm(text)
        #expect([form.key, form.email, form.password] == fields)
    }
}
