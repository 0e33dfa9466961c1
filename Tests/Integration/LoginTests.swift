import Foundation
import GatewayContract
import HTTPClient
import RPCContract
import Supervision
import Support
import Testing
import Vocabulary

/// Users and sessions of a gateway that runs: made by commands, used over HTTP.
@Suite(.timeLimit(.minutes(3))) struct LoginTests {
    private static let password = "correct horse battery"

    /// What somebody does over HTTP.
    private struct Person {
        let linda: LindaFixture
        let client = HTTPClient(connectionsPerHost: 64)
        var token: String?

        func ask(_ method: HTTPRequest.Method, _ path: String, _ body: String? = nil) async throws -> (status: Int, answer: JSONValue) {
            let bearer = token.map { ["Authorization: Bearer \($0)"] } ?? []
            let response = try await client.perform(
                HTTPRequest(
                    method, "\(linda.stack.address)\(path)", headers: bearer + ["Content-Type: application/json"],
                    body: body.map { .bytes(Data($0.utf8)) } ?? .none))
            return (response.status, (try? JSON.decode(JSONValue.self, from: response.body)) ?? .null)  // what is no JSON the test sees
        }

        func login(_ email: String, _ password: String = LoginTests.password) async throws -> (status: Int, answer: JSONValue) {
            try await ask(.post, "/v1/sessions", JSON.text(["email": .string(email), "password": .string(password)] as JSONValue))
        }
    }

    private func linda(_ words: String..., in fixture: LindaFixture, input: String? = nil) throws -> CommandLineTests.Result {
        try CommandLineTests.Run(words + ["--dir", fixture.stack.options.directory], input: input).end()
    }

    @Test func aUserIsMadeLogsInAndIsLoggedOut() async throws {
        try await LindaFixture.run(expectsCrashes: true) { fixture in
            let email = "asha@example.com"
            let made = try linda("users", "add", email, "--role", "owner", "--host", in: fixture, input: "\(Self.password)\n")
            #expect(made.status == 0 && made.output.contains("\(email) is owner of the whole host"), "\(made)")
            #expect(
                try linda("users", "add", "b@example.com", "--role", "viewer", in: fixture, input: "short\n").error.contains("password"))
            #expect(try linda("users", "add", "b@example.com", "--role", "viewer", in: fixture, input: "").status == 1)
            #expect(
                try linda("users", in: fixture).output == "nothing yet\n" && linda("users", "--host", in: fixture).output.contains(email))
            var asha = Person(linda: fixture)
            #expect(try await asha.login(email, "wrong").status == 401)
            let opened = try await asha.login("ASHA@example.com")
            asha.token = opened.answer["token"]?.string
            #expect(opened.status == 200 && asha.token != nil, "\(opened)")
            #expect(try await asha.ask(.get, "/v1/inbox").status == 200)
            #expect(try linda("sessions", "list", email, "--host", in: fixture).output.contains("127.0.0.1"))
            // It is open after a restart, too.
            fixture.stack.child("gateway")?.signal(SIGTERM)
            try await eventually("the gateway is there again") { fixture.stack.restarts(of: "gateway") == 1 }
            #expect(try await asha.ask(.get, "/v1/users/me").answer["email"]?.string == email)
            let user = try await asha.ask(
                .post, "/v1/users", #"{"email":"b@example.com","name":"B","role":"agent","password":"battery horse ok"}"#)
            #expect(user.status == 200 && user.answer["workspace"] == "default", "\(user)")
            #expect(try linda("users", "update", "b@example.com", "--role", "viewer", in: fixture).output.contains("is viewer"))
            let last = try linda("users", "remove", email, "--host", "--yes", in: fixture)
            #expect(last.status == 1 && last.error.contains("last owner"), "\(last)")
            #expect(try linda("sessions", "end", email, "--all", "--host", in: fixture).output.contains("out of 1 session"))
            #expect(try await asha.ask(.get, "/v1/users/me").status == 401)
            #expect(try linda("users", "password", email, "--host", in: fixture, input: "another password\n").status == 0)
            #expect(try await asha.login(email).status == 401)
            #expect(try await asha.login(email, "another password").status == 200)
            let told = fixture.logs.lines().filter { line in
                [Self.password, "another password", "linda_session_", email].contains { line.contains($0) }
            }
            #expect(told.isEmpty, "\(told.prefix(3))")
        }
    }

    /// However many guess at once, no more than so many are tried, and deliveries are taken meanwhile.
    @Test func aFloodOfLoginsIsBounded() async throws {
        try await LindaFixture.run { fixture in
            let (person, webhook) = (Person(linda: fixture), try Webhook(fixture))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for n in 0..<200 { group.addTask { try await person.login("nobody\(n)@example.com").status } }
                for n in 0..<20 {
                    let change = #"{"field":"flood","value":{"n":\#(n)}}"#
                    let status = try await webhook.post(
                        #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[\#(change)]}]}"#)
                    #expect(status == 200)
                }
                return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(Set(statuses.keys).isSubset(of: [401, 429, 503]) && statuses[401] != nil, "\(statuses)")
            #expect((statuses[401] ?? 0) <= 100, "\(statuses)")
            #expect(try await person.ask(.get, "/healthz").status == 200)
        }
    }
}
