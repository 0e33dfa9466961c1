import AccountContract
import Foundation
import GraphMessages
import HTTPClient
import PosterContract
import RPCContract
import RPCTransport
import SandboxContract
import Supervision
import Support
import Testing
import Vocabulary

/// What goes on can be seen where operators look: by name, label and number, on one page for all processes.
@Suite(.timeLimit(.minutes(3))) struct MetricsTests {
    private static let number = ["process": "account-router", "number": LindaFixture.numbers[0].rawValue]

    /// Waits until a metric is more than nothing.
    private func appears(_ name: String, _ labels: [String: String], on linda: LindaFixture, _ http: HTTPClient) async throws {
        try await eventually("\(name) \(labels)") {
            (try await MetricsPage.read(linda, with: http).value(name, labels) ?? 0) > 0
        }
    }

    /// A delivery twice, one that is no JSON, one that nobody has signed; an order that is understood and answered.
    private func receive(_ linda: LindaFixture, _ http: HTTPClient) async throws {
        let webhook = try Webhook(linda)
        for _ in 0..<2 { #expect(try await webhook.post(Webhook.text("I want 2 masala dosa", id: "ONCE")) == 200) }
        #expect(try await webhook.post("this is not JSON") == 200)
        #expect(try await webhook.post(Webhook.text("Hello", id: "A"), signature: "sha256=00") == 401)
        let gateway = ["process": "gateway"]
        try await appears("linda_inbox_duplicates_total", gateway, on: linda, http)
        let buried = ["process": "gateway", "lane": "payload", "reason": "not_json"]
        try await appears("linda_dead_letters_total", buried, on: linda, http)
        for outcome in ["stored", "bad_signature"] {
            try await appears("linda_webhook_requests_total", ["process": "gateway", "outcome": outcome], on: linda, http)
        }
        try await appears("linda_webhook_duration_seconds_count", gateway, on: linda, http)
        let intelligence = ["process": "intelligence-service"]
        try await appears("linda_intents_total", intelligence, on: linda, http)
        try await appears("linda_intent_confidence_count", intelligence, on: linda, http)
        try await appears("linda_intent_confidence_sum", intelligence, on: linda, http)
        try await appears("linda_actions_total", ["process": "intelligence-service", "action": "reply"], on: linda, http)
        try await appears("linda_graph_sends_total", ["process": "account-router", "outcome": "accepted"], on: linda, http)
    }

    /// An event for a program that does not run.
    private func postInVain(_ linda: LindaFixture, _ http: HTTPClient) async throws {
        let params = CreateEndpoint.Params(url: "http://127.0.0.1:9/", types: ["experiment.stopped"])
        let endpoint = try await linda.call(PosterContract.self, CreateEndpoint.self, params).endpoint
        _ = try await linda.call(PosterContract.self, TestEndpoint.self, .init(id: endpoint.id))
        try await appears("linda_posts_total", ["process": "poster", "outcome": "failed"], on: linda, http)
    }

    /// A call that asks for what is not there.
    private func ask(_ linda: LindaFixture, _ http: HTTPClient) async throws {
        let client = linda.client(AccountContract.self)
        let refused = await fault { _ = try await client.call(AccountHealth.self, .init("999999999999999")) }
        await client.close()
        #expect(refused?.code == .accountUnknown)
        let labels = ["process": "account-router", "method": AccountHealth.name]
        try await appears("linda_rpc_duration_seconds_count", labels, on: linda, http)
        try await appears(
            "linda_rpc_faults_total", labels.merging(["reason": "account_unknown"]) { first, _ in first }, on: linda, http)
    }

    /// Meta refuses the token: the number's breaker opens, and what is to go out waits.
    private func block(_ linda: LindaFixture, _ http: HTTPClient) async throws {
        _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(tokenExpired: true))
        _ = try await linda.send(
            .init(to: "919876543210", text: .init(body: "Your order is ready."), account: LindaFixture.numbers[0], requestKey: "waits"))
        for name in ["linda_graph_breaker_open", "linda_outbox_waiting", "linda_outbox_waiting_seconds"] {
            try await appears(name, Self.number, on: linda, http)
        }
        _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(tokenExpired: false))
    }

    /// A process stands still: what is for it waits in the inbox, and grows old.
    private func halt(_ linda: LindaFixture, _ http: HTTPClient) async throws {
        let process = try #require(linda.stack.child("intelligence-service"))
        process.signal(SIGSTOP)
        defer { process.signal(SIGCONT) }
        #expect(try await Webhook(linda).post(Webhook.text("Are you there?", id: "LATER")) == 200)
        for name in ["linda_inbox_pending", "linda_inbox_oldest_seconds"] {
            try await appears(name, ["process": "gateway"], on: linda, http)
        }
        let page = try await MetricsPage.read(linda, with: http)
        #expect(page.value("linda_process_up", ["process": "intelligence-service"]) == 0)
        #expect(page.value("linda_process_up", ["process": "account-router"]) == 1)
    }

    @Test func eachThingThatHappensIsCountedUnderItsName() async throws {
        try await LindaFixture.run(settings: ["poster": ["endpoints.allowPrivate=true"]]) { linda in
            try await linda.addNumbers()
            let http = HTTPClient(connectionsPerHost: 4)
            try await postInVain(linda, http)
            try await receive(linda, http)
            try await ask(linda, http)
            try await block(linda, http)
            try await halt(linda, http)
            try await eventually("all answer again") {
                let page = try await MetricsPage.read(linda, with: http)
                return page.samples.filter { $0.name == "linda_process_up" }.map(\.value) == [1, 1, 1, 1, 1, 1]
            }
            let page = try await MetricsPage.read(linda, with: http)
            #expect(page.oddLines.isEmpty, "\(page.oddLines)")
            #expect(page.samples.allSatisfy { $0.labels["process"] != nil }, "one target, each sample says whose it is")
            // After all of that, what the documents name and what is on the page are the same.
            let documented = try MetricsPage.documented()
            for (name, kind) in page.kinds { #expect(documented[name] == kind, "\(name) is a \(kind) and in no document") }
            for (name, kind) in documented { #expect(page.kinds[name] == kind, "\(name) is documented and not on the page") }
        }
    }
}
