import Foundation
import GatewayContract
import HTTPClient
import IntelligenceContract
import RPCContract
import Supervision
import Support
import Testing
import Vocabulary

/// What whoever watches the system goes by: each metric is there under its name once there is something to tell.
@Suite(.timeLimit(.minutes(3))) struct MetricsTests {
    private struct Wanted {
        var name: String
        var process: String
        var labels = ""
        var least = 0.0
    }

    private static let wanted: [Wanted] = [
        Wanted(name: "linda_webhook_requests_total", process: "gateway", labels: #"outcome="stored""#, least: 1),
        Wanted(name: "linda_webhook_requests_total", process: "gateway", labels: #"outcome="bad_signature""#, least: 1),
        Wanted(name: "linda_webhook_duration_seconds_count", process: "gateway", least: 1),
        Wanted(name: "linda_inbox_duplicates_total", process: "gateway", least: 1),
        Wanted(name: "linda_inbox_pending", process: "gateway"),
        Wanted(name: "linda_inbox_oldest_seconds", process: "gateway"),
        Wanted(name: "linda_dead_letters_total", process: "gateway", labels: #"reason="not_json""#, least: 1),
        Wanted(name: "linda_intents_total", process: "intelligence-service", labels: #"intent="greeting""#, least: 1),
        Wanted(name: "linda_intent_confidence_count", process: "intelligence-service", least: 1),
        Wanted(name: "linda_actions_total", process: "intelligence-service", labels: #"action="reply""#, least: 1),
        Wanted(name: "linda_rpc_faults_total", process: "intelligence-service", labels: #"method="action.retry""#, least: 1),
        Wanted(name: "linda_graph_sends_total", process: "account-router", labels: #"outcome="accepted""#, least: 1),
        Wanted(name: "linda_outbox_waiting", process: "account-router", labels: #"number="\#(LindaFixture.numbers[0].rawValue)""#),
        Wanted(name: "linda_outbox_waiting_seconds", process: "account-router", labels: #"number="\#(LindaFixture.numbers[0].rawValue)""#),
        Wanted(name: "linda_graph_breaker_open", process: "account-router", labels: #"number="\#(LindaFixture.numbers[0].rawValue)""#),
        Wanted(name: "linda_process_up", process: "account-router", least: 1),
        Wanted(name: "linda_process_up", process: "intelligence-service", least: 1),
        Wanted(name: "linda_process_up", process: "sync-service", least: 1),
        Wanted(name: "linda_process_up", process: "template-service", least: 1),
        Wanted(name: "linda_rpc_duration_seconds_count", process: "gateway", least: 1),
        Wanted(name: "linda_rpc_duration_seconds_count", process: "account-router", least: 1),
        Wanted(name: "linda_rpc_duration_seconds_count", process: "sync-service", least: 1),
        Wanted(name: "linda_metrics_dropped_total", process: "gateway"),
    ]

    @Test func eachMetricIsOnThePageWithItsProcess() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            // A greeting is answered, one is delivered twice, and two deliveries are none.
            try await linda.write("Hello", from: "919876543210")
            let webhook = try Webhook(linda)
            for _ in 0..<2 { #expect(try await webhook.post(Webhook.text("Hello", id: "twice", from: "919876543211")) == 200) }
            #expect(try await webhook.post("this is not JSON") == 200)
            #expect(try await webhook.post("{}", signature: "sha256=\(String(repeating: "0", count: 64))") == 401)
            _ = try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing())
            _ = await #expect(throws: Fault.self) {
                try await linda.call(IntelligenceContract.self, RetryAction.self, .init(id: 999))
            }
            let http = HTTPClient(connectionsPerHost: 1)
            let key = try linda.credential("admin-key")
            let request = HTTPRequest(.get, "\(linda.stack.address)/metrics", headers: ["Authorization: Bearer \(key)"])
            let page = MutexBox("")
            do {
                try await eventually("every metric") {
                    page.set(String(decoding: try await http.perform(request).body, as: UTF8.self))
                    return Self.missing(on: page.value).isEmpty
                }
            } catch {
                Issue.record("not on the page: \(Self.missing(on: page.value))")
            }
        }
    }

    /// Those that the page does not have, or with less than is wanted.
    private static func missing(on page: String) -> [String] {
        let lines = page.split(separator: "\n")
        return wanted.compactMap { wanted in
            let sample = "\(wanted.name){process=\"\(wanted.process)\""
            let values = lines.filter { $0.hasPrefix(sample) && $0.contains(wanted.labels) }
                .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
            let isThere = !values.isEmpty && values.reduce(0, +) >= wanted.least
            return isThere ? nil : "\(sample) \(wanted.labels) at least \(wanted.least)"
        }
    }
}
