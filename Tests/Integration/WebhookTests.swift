import AccountContract
import Foundation
import GRDB
import GatewayContract
import HTTPClient
import IntelligenceContract
import RPCContract
import RPCTransport
import SandboxContract
import Supervision
import Support
import Testing
import Vocabulary

/// What Meta sends, through the real gateway and everything behind it.
@Suite(.timeLimit(.minutes(3))) struct WebhookTests {
    @Test func theChallengeIsAnsweredOnlyWithTheRightToken() async throws {
        try await LindaFixture.run { linda in
            let webhook = try Webhook(linda)
            let token = try linda.credential("meta-verify-token")
            let right = try await webhook.get("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=\(token)")
            #expect(right.status == 200)
            #expect(String(decoding: right.body, as: UTF8.self) == "1158201444")
            #expect(try await webhook.get("hub.mode=subscribe&hub.challenge=1&hub.verify_token=wrong").status == 403)
            #expect(try await webhook.get("").status == 403)
        }
    }

    @Test func aWrongSignatureIsRefusedAndCounted() async throws {
        try await LindaFixture.run { linda in
            let webhook = try Webhook(linda)
            let body = Webhook.text("Hello", id: "A")
            for signature in ["sha256=" + String(repeating: "0", count: 64), "sha256=", "nonsense"] {
                #expect(try await webhook.post(body, signature: signature) == 401)
            }
            let statistics = try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing())
            #expect(statistics.refused == 3)
            #expect(statistics.payloads == 0)
        }
    }

    @Test func aBodyOverThreeMegabytesIsTooLarge() async throws {
        try await LindaFixture.run { linda in
            let webhook = try Webhook(linda)
            #expect(try await webhook.post(Data(repeating: 0x20, count: 3 * 1024 * 1024 + 1)) == 413)
            #expect(try await webhook.post(Data(repeating: 0x20, count: 3 * 1024 * 1024)) == 200)
        }
    }

    @Test func signedButNotJSONIsKeptAndDeadLettered() async throws {
        try await LindaFixture.run { linda in
            let webhook = try Webhook(linda)
            #expect(try await webhook.post("this is not JSON") == 200)
            #expect(try await webhook.post(#"{"object":"page"}"#) == 200)
            try await eventually("two dead letters") {
                try await linda.call(GatewayContract.self, ListDeadLetters.self, .init()).items.count == 2
            }
            let letters = try await linda.call(GatewayContract.self, ListDeadLetters.self, .init()).items
            #expect(letters.map(\.reason) == ["no_entries", "not_json"])
            #expect(letters[1].payload == "this is not JSON")
            // Trying again comes to the same end; resolving takes it off the list.
            _ = try await linda.call(GatewayContract.self, RetryDeadLetter.self, .init(id: letters[1].id))
            try await eventually("the same dead letter again") {
                let again = try await linda.call(GatewayContract.self, ListDeadLetters.self, .init()).items
                return again.contains { $0.id == letters[1].id && $0.attempts == 2 }
            }
            _ = try await linda.call(GatewayContract.self, ResolveDeadLetter.self, .init(id: letters[0].id))
            #expect(try await linda.call(GatewayContract.self, ListDeadLetters.self, .init()).items.count == 1)
            let client = linda.client(GatewayContract.self)
            let unknown = await #expect(throws: Fault.self) { try await client.call(RetryDeadLetter.self, .init(id: 999)) }
            #expect(unknown?.code == .deadLetterUnknown)
            await client.close()
        }
    }

    @Test func unknownFieldsAndTypesAreKeptRawAndVisible() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let webhook = try Webhook(linda)
            let unknownField =
                #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"brand_new_thing","value":{"x":{"deep":[1,"é"]}}}]}]}"#
            #expect(try await webhook.post(unknownField) == 200)
            let hologram = Webhook.text("x", id: "H").replacing(#""type":"text""#, with: #""type":"hologram""#)
            #expect(try await webhook.post(hologram) == 200)
            try await eventually("both handled") {
                try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing()).done == 2
            }
            let items = try await linda.call(GatewayContract.self, ListInbox.self, .init(kind: "brand_new_thing")).items
            #expect(items.first?.raw == ["x": ["deep": [1, "é"]]])
            #expect(
                try await linda.call(GatewayContract.self, ListInbox.self, .init(kind: "message")).items.first?.raw["type"] == "hologram")
            let talk = try await linda.call(
                IntelligenceContract.self, GetConversation.self, .init(account: LindaFixture.numbers[0], contact: "919876543210"))
            #expect(talk.messages.map(\.type) == ["hologram"])
        }
    }

    @Test func aRepeatedDeliveryIsCountedAndActedOnOnce() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let webhook = try Webhook(linda)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await webhook.post(Webhook.text("I want 2 masala dosa", id: "ONCE")) } }
                for try await status in group { #expect(status == 200) }
            }
            try await eventually("nineteen duplicates") {
                let statistics = try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing())
                return statistics.duplicates == 19 && statistics.done == 1
            }
            try await eventually("the answer") { try await linda.statistics().accepted == 1 }
            let statistics = try await linda.call(IntelligenceContract.self, ConversationStatistics.self, Nothing())
            #expect(statistics.inbound == 1)
            #expect(statistics.orders == 1)
            // Replaying the inbox has no effect again.
            let replayed = try await linda.call(GatewayContract.self, ReplayInbox.self, .init(since: 0))
            #expect(replayed.events >= 1)
            try await eventually("the replay") { try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing()).pending == 0 }
            #expect(try await linda.call(IntelligenceContract.self, ConversationStatistics.self, Nothing()).inbound == 1)
            #expect(try await linda.statistics().accepted == 1)
            #expect(try await linda.statistics().sentTwice == 0)
            // One trace shows the message's way through both processes.
            let spans = try await linda.call(AccountContract.self, ServiceSpans.self, .init()).items
            let trace = try #require(spans.first { $0.name == "inbound.record" }?.traceID)
            let there = try await linda.call(IntelligenceContract.self, ServiceSpans.self, .init(trace: trace)).items
            #expect(there.map(\.name) == ["message.process"])
        }
    }

    @Test func aMessageForAnUnknownNumberBecomesADeadLetterAndCanBeRetried() async throws {
        try await LindaFixture.run { linda in
            let webhook = try Webhook(linda)
            #expect(try await webhook.post(Webhook.text("Hello", id: "U")) == 200)
            try await eventually("the dead letter") {
                try await linda.call(GatewayContract.self, ListDeadLetters.self, .init()).items.count == 1
            }
            let letter = try #require(try await linda.call(GatewayContract.self, ListDeadLetters.self, .init()).items.first)
            #expect(letter.reason == "account_unknown")
            #expect(letter.error.contains("106540352242922"))
            try await linda.addNumbers()
            _ = try await linda.call(GatewayContract.self, RetryDeadLetter.self, .init(id: letter.id))
            try await eventually("the conversation") {
                try await linda.call(IntelligenceContract.self, ConversationStatistics.self, Nothing()).inbound == 1
            }
        }
    }

    @Test func messagesOfOneCustomerStayInOrder() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let webhook = try Webhook(linda)
            for n in 0..<60 {
                #expect(try await webhook.post(Webhook.text("number \(n)", id: "\(n)", from: "9198765432\(10 + n % 3)")) == 200)
            }
            try await eventually("all handled") {
                try await linda.call(IntelligenceContract.self, ConversationStatistics.self, Nothing()).inbound == 60
            }
            let path = "\(linda.stack.dataDirectory)/intelligence-service/intelligence-service.sqlite"
            let queue = try DatabaseQueue(path: path)
            let rows = try await queue.read { db in
                try Row.fetchAll(db, sql: "SELECT conversation, text FROM conversationMessage WHERE direction = 'inbound' ORDER BY id")
                    .map { (talk: $0["conversation"] as String, text: $0["text"] as String) }
            }
            for (_, talk) in Dictionary(grouping: rows, by: \.talk) {
                let numbers = talk.compactMap { Int($0.text.dropFirst(7)) }
                #expect(numbers == numbers.sorted())
                #expect(numbers.count == 20)
            }
        }
    }

    @Test func healthMetricsAndTheStatusPageAnswer() async throws {
        try await LindaFixture.run { linda in
            let key = try linda.credential("admin-key")
            let http = HTTPClient(connectionsPerHost: 4)
            func get(_ path: String, _ headers: [String] = []) async throws -> (Int, String) {
                let answer = try await http.perform(HTTPRequest(.get, linda.stack.address + path, headers: headers))
                return (answer.status, String(decoding: answer.body, as: UTF8.self))
            }
            let bearer = ["Authorization: Bearer \(key)"]
            #expect(try await get("/healthz").0 == 200)
            #expect(try await get("/readyz").0 == 200)
            // Who has no key learns nothing of what goes on.
            for path in ["/metrics", "/metrics/account-router", "/status.json", "/"] {
                #expect(try await get(path).0 == 401, "\(path)")
                #expect(try await get(path, ["Authorization: Bearer x", "Cookie: linda_session=9999999999.00"]).0 == 401, "\(path)")
            }
            #expect(try await get("/metrics", bearer).1.contains("# TYPE linda_webhook_duration_seconds histogram"))
            #expect(try await get("/metrics/account-router", bearer).0 == 200)
            // One target for all: each sample says whose it is, and samples of one metric stand together.
            let all = try await get("/metrics", bearer).1
            for process in ["gateway", "account-router", "intelligence-service", "sync-service", "template-service", "poster"] {
                #expect(all.contains(#"process="\#(process)""#), "\(process)")
            }
            let families = all.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }
            #expect(Set(families).count == families.count, "a metric is described once")
            #expect(all.contains("linda_inbox_pending{process="))
            #expect(try await get("/metrics/nobody", bearer).0 == 404)
            // A key in an address opens nothing: addresses are kept in logs and histories.
            #expect(try await get("/?key=\(key)").0 == 401)
            func open(_ form: String, _ headers: [String] = []) async throws -> HTTPResponse {
                try await http.perform(
                    HTTPRequest(
                        .post, "\(linda.stack.address)/", headers: headers + ["Content-Type: application/x-www-form-urlencoded"],
                        body: .bytes(Data(form.utf8))))
            }
            for form in ["", "key=", "key=wrong", "key=%", "key=\(key)x", String(repeating: "x", count: 10_000)] {
                #expect(try await open(form).status == 401, "\(form.prefix(20))")
            }
            let opened = try await open("key=\(key)", ["X-Forwarded-Proto: https"])
            #expect(opened.status == 303)
            let cookie = try #require(opened.headers["set-cookie"])
            #expect(cookie.contains("HttpOnly") && cookie.contains("Secure") && cookie.contains("Max-Age=43200") && !cookie.contains(key))
            let shown = "Cookie: a=b; \(cookie.prefix { $0 != ";" })"
            #expect(try await get("/status.json", [shown, "X-Forwarded-Proto: https"]).0 == 200)
            // A cookie that was given over TLS counts over nothing else.
            #expect(try await get("/status.json", [shown]).0 == 401)
        }
    }
}
