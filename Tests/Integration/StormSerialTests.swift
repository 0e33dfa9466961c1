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

/// Everything at once: customers, campaigns and single messages, while processes are killed, the disk fills up, the clock
/// jumps both ways, answers and deliveries are lost on the way, poison is posted, and peers send half or read nothing.
///
/// LINDA_STORM_SECONDS says how long, LINDA_STORM_MODE `inProcess` or `live` if it is to be one of them; each run prints its
/// seed, LINDA_SEED replays one.
@Suite(.serialized) struct StormSerialTests {
    private static var modes: [LindaFixture.Mode] {
        let wanted = ProcessInfo.processInfo.environment["LINDA_STORM_MODE"]
        return [.inProcess, .live].filter { wanted == nil || "\($0)" == wanted }
    }

    @Test(.timeLimit(.minutes(90)), arguments: modes)
    func nothingIsLostAndNothingComesTwice(mode: LindaFixture.Mode) async throws {
        let seconds = ProcessInfo.processInfo.environment["LINDA_STORM_SECONDS"].flatMap(Int.init) ?? 12
        let seed = Seed.current
        print("storm of \(seconds) s, \(mode), with seed \(seed)")
        let settings = [
            "account-router": ["unknown.grace=20s", "unknown.gapGrace=20s"],
            "sandbox": ["seed=\(seed % 1_000_000)", "webhook.retryFirst=100ms", "webhook.retryMost=5s"], "gateway": ["log.level=warning"],
        ]
        try await LindaFixture.$mode.withValue(mode) {
            let disk = SmallDisk()
            try await LindaFixture.run(settings: settings, virtualClock: true, expectsCrashes: true, disk: disk) { linda in
                let storm = Storm(linda: linda, disk: disk, seed: seed, end: .now + .seconds(seconds))
                try await linda.addNumbers()
                try await linda.addTemplate()
                try await storm.rage()
                try await storm.settle()
                try await storm.check()
            }
        }
    }
}

/// A small disk for all databases, which can be filled up; without root there is none.
final class SmallDisk: FixtureDisk {
    private let folder = MutexBox<String?>(nil)

    func mount(_ folder: String) throws {
        guard Machine.isRoot else { return print("not root: the disk does not fill up") }
        try FileManager.default.createDirectory(atPath: "\(folder)/data", withIntermediateDirectories: true)
        try shell("mount -t tmpfs -o size=1g tmpfs \(folder)/data")
        self.folder.set(folder)
    }

    func unmount(keepsFiles: Bool) throws {
        guard let folder = folder.value else { return }
        if keepsFiles { try shell("rm -f \(folder)/data/ballast && cp -a \(folder)/data \(folder)/kept") }
        try shell("umount -l \(folder)/data")
    }

    func fill() throws {
        guard let folder = folder.value else { return }
        try shell("head -c 2g /dev/zero > \(folder)/data/ballast 2>/dev/null || true")
    }

    func empty() throws {
        guard let folder = folder.value else { return }
        try shell("rm -f \(folder)/data/ballast")
    }
}

/// Runs a shell's line; Foundation's Process keeps descriptors of its own, which would be taken for a leak.
func shell(_ command: String) throws {
    var (pid, status) = (pid_t(0), Int32(0))
    let words = ["/bin/sh", "-c", command]
    let argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { argv.forEach { free($0) } }
    guard posix_spawn(&pid, "/bin/sh", nil, nil, argv, environ) == 0, waitpid(pid, &status, 0) == pid, status == 0 else {
        throw LindaFixture.Failure(description: "failed: \(command)")
    }
}

private struct Storm: Sendable {
    let linda: LindaFixture
    let disk: SmallDisk
    let seed: UInt64
    let end: ContinuousClock.Instant
    /// What was acknowledged.
    let customers = MutexBox(0)
    let singles = MutexBox(0)
    let recipients = MutexBox(0)
    let kills = MutexBox<[String: Int]>([:])
    let pauses = MutexBox(0)

    private static let messages = 3

    private func chance(_ lane: UInt64) -> SeededGenerator { SeededGenerator(seed: seed &+ lane) }

    /// Again and again until the end, with a pause that the seed decides.
    private func repeated(
        _ lane: UInt64, every pause: ClosedRange<Int>, _ body: (_ round: Int, _ chance: inout SeededGenerator) async throws -> Void
    ) async throws {
        var generator = chance(lane)
        var round = 0
        while ContinuousClock.now < end {
            try await body(round, &generator)
            round += 1
            try await Task.sleep(for: .milliseconds(Int.random(in: pause, using: &generator)))
        }
    }

    func rage() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in [customersWrite, messagesAreSent, campaignsRun, processesAreKilled, clockJumps, poisonComes, wayToMetaFails] {
                group.addTask { try await lane() }
            }
            group.addTask { try await diskFillsUp() }
            if LindaFixture.mode == .live { group.addTask { try await peersHang() } }
            try await group.waitForAll()
        }
    }

    private func customersWrite() async throws {
        try await repeated(1, every: 300...900) { round, _ in
            let first = ContactID(String(919_000_000_000 + round * 4))
            let play = SandboxPlay.Params(customers: 4, messages: Self.messages, firstContact: first, perSecond: 10)
            _ = try await linda.call(SandboxContract.self, SandboxPlay.self, play)
            customers.set(customers.value + 4)
        }
    }

    /// Handed over, and again with the same key where the answer was lost.
    private func messagesAreSent() async throws {
        let client = linda.client(AccountContract.self)
        try await repeated(2, every: 50...150) { round, _ in
            let template = SendMessage.Template(name: "greeting_news", variables: ["name": "N\(round)"])
            let params = SendMessage.Params(to: String(919_800_000_000 + round), template: template, requestKey: "storm-\(round)")
            try await taken("a message") { _ = try await client.call(SendMessage.self, params) }
            singles.set(singles.value + 1)
        }
        await client.close()
    }

    private func campaignsRun() async throws {
        let client = linda.client(AccountContract.self)
        try await repeated(3, every: 4000...8000) { round, chance in
            let people = (0..<60).map {
                Recipient(contact: String(917_000_000_000 + round * 60 + $0), variables: ["name": "Asha"])
            }
            let plan = PlanCampaign.Params(
                name: "Storm \(round)", template: "greeting_news", recipients: people, start: true, requestKey: "storm-campaign-\(round)")
            var campaign: CampaignID = ""
            try await taken("a campaign") { campaign = try await client.call(PlanCampaign.self, plan).id }
            recipients.set(recipients.value + people.count)
            guard Bool.random(using: &chance) else { return }
            let id = campaign
            // It is paused as soon as it runs, unless it is through before.
            try await taken("its pause") { try await pause(id, client) }
            try await Task.sleep(for: .milliseconds(Int.random(in: 100...2000, using: &chance)))
            try await taken("its resumption") { try await resume(id, client) }
        }
        await client.close()
    }

    private func pause(_ id: CampaignID, _ client: RPCClient) async throws(Fault) {
        do throws(Fault) {
            _ = try await client.call(PauseCampaign.self, .init(id))
            pauses.set(pauses.value + 1)
        } catch {
            guard error.code == .campaignState else { throw error }
            let state = try await client.call(CampaignStatus.self, .init(id)).campaign.state
            guard state.hasEnded else { throw Fault(.unavailable, "It does not run yet.", retry: .now) }
        }
    }

    private func resume(_ id: CampaignID, _ client: RPCClient) async throws(Fault) {
        let state = try await client.call(CampaignStatus.self, .init(id)).campaign.state
        if state == .paused { _ = try await client.call(ResumeCampaign.self, .init(id)) }
    }

    /// Repeats what may be repeated.
    private func taken(_ what: String, _ body: () async throws -> Void) async throws {
        try await eventually(within: .seconds(120), what) {
            do {
                try await body()
                return true
            } catch let fault as Fault {
                guard fault.retry != .never || fault.code == .unavailable else { throw fault }
                return false
            }
        }
    }

    private func processesAreKilled() async throws {
        try await repeated(4, every: 1500...5000) { round, chance in
            let victim = Stack.processes[round < Stack.processes.count ? round : Int.random(in: 0..<Stack.processes.count, using: &chance)]
            linda.stack.child(victim)?.signal(SIGKILL)
            kills.set(kills.value.merging([victim: 1], uniquingKeysWith: +))
        }
    }

    /// Up to ten minutes ahead, or up to five back, as after a wrong NTP server; never so far that a customer's window closes.
    private func clockJumps() async throws {
        try await repeated(5, every: 2000...6000) { _, chance in
            let step = Milliseconds.seconds(Int.random(in: -300...600, using: &chance))
            _ = try VirtualClock.change(linda.stack.clockFile) { setting, real in
                let isFar = setting.time(at: real) - real > .hours(10)
                return VirtualClock.Setting(
                    real: real, virtual: setting.time(at: real) + (isFar && step > .zero ? .zero - step / 2 : step), speed: setting.speed)
            }
        }
    }

    private func diskFillsUp() async throws {
        try await repeated(6, every: 8000...15000) { _, chance in
            try disk.fill()
            try await Task.sleep(for: .milliseconds(Int.random(in: 500...3000, using: &chance)))
            try disk.empty()
        }
    }

    /// Answers of Meta's that never arrive, and deliveries that somebody before the gateway refuses.
    private func wayToMetaFails() async throws {
        func set(_ lost: Double, _ refused: Double) async throws {
            let fault = SandboxFault.Params(lostAnswerShare: lost, webhookFailureShare: refused)
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, fault)
        }
        try await repeated(9, every: 2000...6000) { _, chance in
            try await set(0.1, Double.random(in: 0...0.5, using: &chance))
            try await Task.sleep(for: .milliseconds(Int.random(in: 300...2000, using: &chance)))
            try await set(0, 0)
        }
        try await set(0, 0)
    }

    /// Signed by Meta and yet nothing that anybody understands; none of it is a message.
    private func poisonComes() async throws {
        let webhook = try Webhook(linda)
        let number = LindaFixture.numbers[0].rawValue
        let values = [
            #"{"metadata":{"phone_number_id":"\#(number)"},"statuses":[{"id":"wamid.none","status":"delivered","timestamp":"9223372036854775807"}]}"#,
            #"{"metadata":{"phone_number_id":"0"},"statuses":[{"id":null,"status":7,"timestamp":-1}]}"#,
            #"{"messages":"\#(String(repeating: "[", count: 5000))"}"#,
            "\(String(repeating: "[", count: 400))\(String(repeating: "]", count: 400))",
            #"{"metadata":{"phone_number_id":"\#(number)"},"errors":[{"code":1e300,"title":"\#u{0000}"}]}"#, "null", "17",
        ]
        try await repeated(7, every: 200...1200) { round, chance in
            let value = values[Int.random(in: 0..<values.count, using: &chance)]
            let field = ["messages", "unheard_of", "account_update"][Int.random(in: 0..<3, using: &chance)]
            let body =
                #"{"object":"whatsapp_business_account","entry":[{"id":"\#(round)","changes":[{"field":"\#(field)","value":\#(value)}]}]}"#
            // The gateway may be away: what it has not acknowledged is not its own.
            _ = try? await webhook.post(Bool.random(using: &chance) ? body : String(body.prefix(body.count / 2)))
        }
    }

    /// Peers that send half, and peers that ask and do not read.
    private func peersHang() async throws {
        var peers: [RawSocket] = []
        try await repeated(8, every: 100...500) { round, chance in
            let process = Stack.processes[Int.random(in: 0..<Stack.processes.count, using: &chance)]
            let peer = try RawSocket("\(linda.stack.runDirectory)/\(process).sock")
            if Bool.random(using: &chance) {
                peer.offer(#"{"jsonrpc":"2.0","method":"\#(String(repeating: "x", count: 100_000))"#)
            } else {
                for id in 0..<50 { peer.offer(#"{"jsonrpc":"2.0","method":"rpc.discover","id":\#(id)}"# + "\n") }
            }
            peers.append(peer)
            if peers.count > 60 { peers.removeFirst(Int.random(in: 1...30, using: &chance)) }
        }
        withExtendedLifetime(peers) {}
    }

    /// Until nothing is on its way any more; virtual time passes faster meanwhile, as held messages wait in it.
    func settle() async throws {
        let inbound = customers.value * Self.messages
        try await eventually(within: .seconds(120), "all that was delivered is handed over") {
            try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing(), deadline: .seconds(30)).pending == 0
        }
        try await linda.clock(speed: 10)
        do {
            try await eventually(within: .seconds(300), "the end of all work") {
                let statistics = try await linda.statistics()
                let inbox = try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing(), deadline: .seconds(30))
                let messages = try await linda.call(AccountContract.self, MessageStatistics.self, .init(), deadline: .seconds(30))
                let open = ["queued", "sending", "unknown", "accepted", "sent"].reduce(0) { $0 + (messages.states[$1] ?? 0) }
                let campaigns = try await linda.call(AccountContract.self, ListCampaigns.self, .init()).items
                return statistics.replies == inbound && statistics.webhooksWaiting == 0 && inbox.pending == 0 && open == 0
                    && campaigns.allSatisfy { $0.state == .finished }
            }
        } catch {
            print("expected \(inbound) replies, \(singles.value) singles, \(recipients.value) recipients")
            print(try await linda.statistics(), try await linda.call(AccountContract.self, MessageStatistics.self, .init()))
            print(try await linda.call(GatewayContract.self, InboxStatistics.self, Nothing()))
            print(try await linda.call(IntelligenceContract.self, ConversationStatistics.self, Nothing()))
            print(try await linda.call(AccountContract.self, ListCampaigns.self, .init()).items.filter { $0.state != .finished })
            throw error
        }
    }

    func check() async throws {
        let inbound = customers.value * Self.messages
        let sandbox = try await linda.statistics()
        let twice = try await linda.call(SandboxContract.self, SandboxDuplicates.self, Nothing()).items
        #expect(sandbox.sentTwice == 0, "\(twice.prefix(5))")
        for id in twice.prefix(5) where !id.contains(" ") {
            print(try await linda.call(AccountContract.self, ExplainMessage.self, .init(MessageID(id))))
        }
        #expect(sandbox.written == inbound && sandbox.replies == inbound)
        #expect(sandbox.accepted == inbound + singles.value + recipients.value)
        let conversations = try await linda.call(IntelligenceContract.self, ConversationStatistics.self, Nothing())
        #expect(conversations.inbound == inbound && conversations.outbound == inbound && conversations.deadActions == 0)
        #expect(conversations.orders == customers.value)
        let messages = try await linda.call(AccountContract.self, MessageStatistics.self, .init())
        #expect(messages.total == inbound + singles.value + recipients.value)
        #expect(messages.states["failed"] == nil, "\(messages.failures)")
        for process in Stack.processes {
            let (restarts, wanted) = (linda.stack.restarts(of: process), kills.value[process] ?? 0)
            #expect(restarts <= wanted, "\(process) ended by itself \(restarts - wanted) times")
        }
        print(
            "storm: \(inbound) from customers, \(inbound + singles.value + recipients.value) sent, \(kills.value.values.reduce(0, +)) kills, \(pauses.value) pauses, none lost, none twice"
        )
    }
}
