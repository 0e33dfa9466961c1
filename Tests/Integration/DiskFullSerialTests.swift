import Foundation
import GatewayContract
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
}
