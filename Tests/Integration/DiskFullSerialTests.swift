import Foundation
import GatewayContract
import HTTPClient
import RPCContract
import RPCTransport
import Supervision
import Support
import Testing

/// A disk that fills up under the inbox.
@Suite(.serialized) struct DiskFullSerialTests {
    @Test(.enabled(if: Machine.isRoot, "needs root to mount a small disk"), .timeLimit(.minutes(3)))
    func theWebhookAnswers503AndLosesNothing() async throws {
        let (gateway, refusal) = try await ProcessFixture.start("gateway") { folder in
            try shell("mount -t tmpfs -o size=6m tmpfs \(folder)/state")
        }
        defer { try? shell("umount -l \(gateway.folder)/state && rm -rf \(gateway.folder)") }
        #expect(refusal == nil)
        let webhook = Webhook(url: "http://127.0.0.1:\(gateway.httpPort)/webhooks/whatsapp", secret: "s")
        // Room that is given back later.
        try Data(count: 2 << 20).write(to: URL(fileURLWithPath: "\(gateway.folder)/state/ballast"))
        let filler = String(repeating: "x", count: 20_000)
        var stored = 0
        var refused = 0
        for n in 0..<1000 where refused < 5 {
            let status = try await webhook.post(#"{"entry":[{"id":"\#(n)","changes":[{"field":"filler","value":"\#(filler)"}]}]}"#)
            #expect(status == 200 || status == 503)
            if status == 200 { stored += 1 } else { refused += 1 }
        }
        #expect(stored > 10)
        #expect(refused == 5, "the disk never filled up")
        // Space again: Meta's next try is taken, without a restart.
        try FileManager.default.removeItem(atPath: "\(gateway.folder)/state/ballast")
        try await eventually("a delivery to be taken again") {
            let taken = try await webhook.post(#"{"entry":[{"id":"again","changes":[{"field":"after","value":1}]}]}"#) == 200
            if taken { stored += 1 }
            return taken
        }
        let client = gateway.client(GatewayContract.self)
        #expect(try await client.call(InboxStatistics.self, Nothing()).payloads == stored)
        await client.close()
        gateway.child.signal(SIGKILL)
        _ = await gateway.child.ended()
    }

    /// A balancer takes a gateway out that answers 503 here, and puts it back as soon as it can store again.
    @Test(.enabled(if: Machine.isRoot, "needs root to mount a small disk"), .timeLimit(.minutes(3)))
    func readinessAndHealthTellOfTheDatabaseAndRecover() async throws {
        let (gateway, refusal) = try await ProcessFixture.start("gateway") { folder in
            try shell("mount -t tmpfs -o size=6m tmpfs \(folder)/state")
        }
        defer { try? shell("umount -l \(gateway.folder)/state && rm -rf \(gateway.folder)") }
        #expect(refusal == nil)
        let address = "http://127.0.0.1:\(gateway.httpPort)"
        let webhook = Webhook(url: "\(address)/webhooks/whatsapp", secret: "s")
        let http = HTTPClient(connectionsPerHost: 1)
        let client = gateway.client(GatewayContract.self)
        func readiness() async throws -> Int { try await http.perform(HTTPRequest(.get, "\(address)/readyz")).status }
        func database() async throws -> ServiceHealth.Check? {
            try await client.call(ServiceHealth.self, Nothing()).checks.first { $0.name == "database" }
        }
        #expect(try await readiness() == 200)
        #expect(try await database()?.healthy == true)
        // No page is left, and what the database had reserved is used up by deliveries.
        try shell("head -c 16m /dev/zero > \(gateway.folder)/state/ballast 2>/dev/null || true")
        let filler = String(repeating: "x", count: 20_000)
        var deliveries = 0
        try await eventually(within: .seconds(60), "readiness and health to tell of the full disk") {
            deliveries += 1
            _ = try await webhook.post(#"{"entry":[{"id":"\#(deliveries)","changes":[{"field":"filler","value":"\#(filler)"}]}]}"#)
            guard try await readiness() == 503, let check = try await database() else { return false }
            return !check.healthy && check.detail?.isEmpty == false
        }
        try FileManager.default.removeItem(atPath: "\(gateway.folder)/state/ballast")
        try await eventually("both to be well again") {
            guard try await readiness() == 200 else { return false }
            return try await database()?.healthy == true
        }
        await client.close()
        gateway.child.signal(SIGKILL)
        _ = await gateway.child.ended()
    }
}
