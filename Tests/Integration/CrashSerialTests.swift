import AccountContract
import Foundation
import GatewayContract
import IntelligenceContract
import RPCContract
import RPCTransport
import SandboxContract
import Supervision
import Support
import Testing
import Vocabulary

/// Kills -9 every process at random while messages come and go; the sandbox counts.
///
/// LINDA_SOAK_RUNS repeats it; each run prints its seed, LINDA_SEED replays one.
@Suite(.serialized) struct CrashSerialTests {
    private static let inbound = 5001
    private static let outbound = 5000

    static var runs: [Int] {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["LINDA_SEED"].flatMap(Int.init) { return [seed] }
        let count = environment["LINDA_SOAK_RUNS"].flatMap(Int.init) ?? 1
        let first = Int.random(in: 1...1_000_000)
        return (0..<count).map { first + $0 }
    }

    @Test(.timeLimit(.minutes(20)), arguments: runs)
    func killedProcessesLoseNothingAndSendNothingTwice(seed: Int) async throws {
        print("crash run with seed \(seed)")
        let settings = [
            "account-router": ["unknown.grace=10s", "unknown.gapGrace=10s", "sending.limits=false"],
            "sandbox": ["seed=\(seed)", "webhook.retryFirst=100ms", "webhook.retryMost=5s"], "gateway": ["log.level=warning"],
        ]
        try await LindaFixture.run(settings: settings, expectsCrashes: true) { linda in
            try await linda.addNumbers(messagesPerSecond: 0)
            try await linda.addTemplate()
            let kills = MutexBox(0)
            let isDone = MutexBox(false)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await killAtRandom(linda, seed: seed, kills: kills, until: { isDone.value })
                }
                group.addTask {
                    _ = try await linda.call(
                        SandboxContract.self, SandboxPlay.self,
                        .init(customers: Self.inbound / 3, messages: 3, firstContact: "919000000000", perSecond: 200)
                    )
                    try await enqueue(linda)
                    isDone.set(true)
                }
                try await group.waitForAll()
            }
            #expect(kills.value >= 5, "every process was to be killed at least once")
            try await settle(linda)
            try await check(linda)
            print("crash run with seed \(seed): \(kills.value) kills; what was counted is checked above")
        }
    }

    /// Hands every message over, and again with the same key where the answer was lost.
    private func enqueue(_ linda: LindaFixture) async throws {
        let client = linda.client(AccountContract.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<16 {
                group.addTask {
                    for n in stride(from: lane, to: Self.outbound, by: 16) {
                        let params = SendMessage.Params(
                            to: String(919_800_000_000 + n),
                            template: .init(name: "greeting_news", variables: ["name": "N\(n)"]),
                            requestKey: "crash-\(n)"
                        )
                        try await eventually(within: .seconds(60), "message \(n) to be taken") {
                            do throws(Fault) {
                                _ = try await client.call(SendMessage.self, params)
                                return true
                            } catch {
                                guard error.retry != .never || error.code == .unavailable else { throw error }
                                return false
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        await client.close()
    }

    private func killAtRandom(_ linda: LindaFixture, seed: Int, kills: MutexBox<Int>, until isDone: @Sendable () -> Bool) async throws {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
        func random(_ below: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % below
        }
        let victims = ["gateway", "account-router", "intelligence-service", "template-service", "sync-service", "poster"]
        var round = 0
        while (!isDone() && round < 80) || round < victims.count {
            // Each once, then by chance; a process that is only just starting is killed as well.
            let victim = round < victims.count ? victims[round] : victims[Int(random(4))]
            round += 1
            try await Task.sleep(for: .milliseconds(Int64(100 + random(500))))  // the moment is what the seed decides
            linda.stack.child(victim)?.signal(SIGKILL)
            kills.set(kills.value + 1)
        }
    }

    private func settle(_ linda: LindaFixture) async throws {
        do {
            try await eventually(within: .seconds(240), "the end of all work") {
                let statistics = try await linda.statistics()
                let inbox = try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing(), deadline: .seconds(30))
                let messages = try await linda.call(AccountContract.self, MessageStatistics.self, .init(), deadline: .seconds(30))
                let open = ["queued", "sending", "unknown", "accepted"].reduce(0) { $0 + (messages.states[$1] ?? 0) }
                return statistics.replies == Self.inbound && statistics.webhooksWaiting == 0 && inbox.pending == 0 && open == 0
            }
        } catch {
            print(try await linda.statistics(), try await linda.call(AccountContract.self, MessageStatistics.self, .init()).states)
            print(try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing()))
            print(try await linda.call(IntelligenceContract.self, ConversationStatistics.self, Nothing()))
            throw error
        }
    }

    private func check(_ linda: LindaFixture) async throws {
        let sandbox = try await linda.statistics()
        #expect(sandbox.written == Self.inbound)
        #expect(sandbox.replies == Self.inbound)
        let twice = try await linda.call(SandboxContract.self, SandboxDuplicates.self, Nothing()).items
        #expect(sandbox.sentTwice == 0, "\(twice.prefix(5))")
        #expect(sandbox.accepted == Self.inbound + Self.outbound)
        #expect(sandbox.requestsAgainstSchema == 0)
        let conversations = try await linda.call(IntelligenceContract.self, ConversationStatistics.self, Nothing())
        #expect(conversations.inbound == Self.inbound)
        #expect(conversations.outbound == Self.inbound)
        #expect(conversations.orders == Self.inbound / 3)
        #expect(conversations.deadActions == 0)
        let inbox = try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing())
        let letters = try await linda.call(GatewayContract.self, ListDeadLetters.self, .init()).items
        #expect(inbox.dead == 0, "\(letters.map { "\($0.kind) \($0.reason)" })")
        let messages = try await linda.call(AccountContract.self, MessageStatistics.self, .init())
        #expect(messages.total == Self.inbound + Self.outbound)
        #expect(messages.states["failed"] == nil)
    }
}
