import AccountContract
import GRDB
import GatewayContract
import RPCContract
import RPCTransport
import SandboxContract
import Supervision
import Support
import Testing
import Vocabulary

/// A stop of the whole system keeps its promise whatever goes on: a unit's stop is not waited for longer.
@Suite(.timeLimit(.minutes(3))) struct StopUnderLoadTests {
    private static let limit = Duration.seconds(5) * Machine.slowness

    @Test func everythingEndsInTimeUnderLoadAndHostilePeers() async throws {
        let peers = MutexBox<[RawSocket]>([])
        let asked = MutexBox<ContinuousClock.Instant?>(nil)
        let posting = MutexBox<Task<Void, Never>?>(nil)
        try await LindaFixture.run(ended: { data in
            // The fixture itself holds that each has ended by itself, with status 0.
            let start = try #require(asked.value)
            #expect(ContinuousClock.now - start < Self.limit)
            posting.value?.cancel()
            await posting.value?.value
            peers.set([])
            let left = try await DatabaseQueue(path: "\(data)/account-router/account-router.sqlite").read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM message WHERE state = 'sending'")
            }
            #expect(left == 0)
        }) { linda in
            try await linda.addNumbers(messagesPerSecond: 20)
            try await linda.addTemplate()
            let client = linda.client(AccountContract.self)
            for (n, contact) in LindaFixture.contacts(200).enumerated() {
                _ = try await client.call(
                    SendMessage.self, .init(to: contact, template: .init(name: "greeting_news", variables: [:]), requestKey: "s\(n)"))
            }
            await client.close()
            peers.set(try Self.hostilePeers(of: linda))
            posting.set(Self.post(try Webhook(linda)))
            try await eventually("some sent, and some received") {
                guard try await linda.statistics().accepted > 5 else { return false }
                return try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing()).payloads > 20
            }
            // The fixture asks for the stop as soon as this returns.
            asked.set(ContinuousClock.now)
        }
    }

    /// Customers go on writing until nobody answers any more.
    private static func post(_ webhook: Webhook) -> Task<Void, Never> {
        Task {
            var n = 0
            while !Task.isCancelled {
                n += 1
                do { try await webhook.post(Webhook.text("Hello", id: "load \(n)", from: String(919_700_000_000 + n % 50))) } catch {
                    return
                }
            }
        }
    }

    /// For each process: one that reads nothing, one that sends half, and a follower; the gateway's HTTP has its own.
    private static func hostilePeers(of linda: LindaFixture) throws -> [RawSocket] {
        var peers: [RawSocket] = []
        for process in Stack.processes {
            let path = "\(linda.stack.runDirectory)/\(process).sock"
            let deaf = try RawSocket(path)
            for id in 0..<200 { deaf.offer(#"{"jsonrpc":"2.0","method":"rpc.discover","id":\#(id)}"# + "\n") }
            let half = try RawSocket(path)
            half.send(#"{"jsonrpc":"2.0","meth"#)
            let follower = try RawSocket(path)
            follower.send(#"{"jsonrpc":"2.0","method":"events.follow","params":{"after":0}}"# + "\n")
            peers += [deaf, half, follower]
        }
        let deaf = try RawSocket(port: linda.stack.port)
        for _ in 0..<200 { deaf.offer("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") }
        let half = try RawSocket(port: linda.stack.port)
        half.send(
            "POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nX-Hub-Signature-256: sha256=\(String(repeating: "0", count: 64))\r\n\r\nhalf"
        )
        return peers + [deaf, half]
    }
}
