import AccountContract
import Coordination
import GRDB
import JobQueue
import RPCContract
import RPCTransport
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountOutbox

/// Quiet hours hold for whoever still waits, whatever has happened in between.
@Suite struct QuietOutageTests {
    private func run(rate: Int?, _ body: (CampaignScene, Campaign, _ opening: Timestamp) async throws -> Void) async throws {
        try await CampaignScene.run { scene in
            let window = CreateWindow.Params(
                name: "six", cron: "0 6 * * *", timeZone: "UTC", spreadFrom: 0, spreadTo: 0, deadline: 7200,
                quietHours: .init(from: "06:02", to: "06:30"))
            _ = try await scene.desk.windows.create(window, workspace: "w")
            let people = CampaignScene.people(rate == nil ? 3 : 240).map {
                Recipient(contact: $0.contact, variables: $0.variables, timeZone: "UTC")
            }
            let campaign = try await scene.plan(
                .init(name: "C", template: "t", recipients: people, rate: rate, window: "six", start: true, requestKey: "k"))
            let opening = try #require(try await scene.row(campaign.id).opening)
            scene.desk.now.set(opening)
            try await body(scene, campaign, opening)
        }
    }

    /// A feeder that knows nothing of what was before, as after a restart.
    private func restarted(_ scene: CampaignScene) -> CampaignFeeder {
        let desk = scene.desk
        return CampaignFeeder(
            store: desk.store, campaigns: desk.campaigns, states: desk.states, numbers: desk.numbers,
            handover: CampaignHandover(
                store: desk.store, numbers: desk.numbers, routing: desk.routing, outbox: desk.outbox, tariffs: desk.tariffs),
            rates: CampaignRates(), senders: desk.senders, arrived: Wakeup(), batchLimit: 1, logger: desk.quiet)
    }

    /// What the sender is given and sends now, looked at as it looks; how many.
    private func send(_ scene: CampaignScene) async throws -> Int {
        let (outbox, now) = (scene.desk.outbox, scene.desk.now.value)
        let ids = try await scene.desk.store.write { db in
            let jobs = try JobTable.claim(db, queue: Outbox.queue("1"), limit: 10, now: now) { db, job in
                try outbox.admit(db, job, on: "1") { _, _, _ in nil }
            }
            _ = try outbox.markSending(db, jobs, "1")
            return jobs.map(\.key)
        }
        for id in ids { try await scene.desk.accept(MessageID(id)) }
        return ids.count
    }

    private func pass(_ scene: CampaignScene, _ feeder: CampaignFeeder, seconds: Int) async throws -> Int {
        var count = 0
        for _ in 0..<seconds {
            _ = try await feeder.look()
            count += try await send(scene)
            scene.pass(1000)
        }
        return count
    }

    /// The process is away from shortly before the quiet until the middle of it, with people planned and messages queued.
    @Test func whoWaitedThroughAnOutageIsNotWrittenToInTheQuiet() async throws {
        try await run(rate: 1) { scene, campaign, opening in
            var sent = try await pass(scene, scene.feeder, seconds: 60)
            _ = try await scene.feeder.look()
            #expect((55...65).contains(sent), "\(sent)")
            scene.desk.now.set(opening + .minutes(10))
            _ = try scene.desk.outbox.recover()
            let feeder = restarted(scene)
            let inQuiet = try await pass(scene, feeder, seconds: 120)
            #expect(inQuiet == 0)
            scene.desk.now.set(opening + .minutes(30))
            sent += try await pass(scene, feeder, seconds: 200)
            #expect(sent == 240)
            #expect(try await scene.counts(campaign.id) == ["accepted": 240])
        }
    }

    /// One message alone is sent again when the quiet has ended, and not after the deadline.
    @Test func oneMessageThatIsTriedAgainKeepsTheQuietAndTheDeadline() async throws {
        try await run(rate: nil) { scene, _, opening in
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            let ids = try await scene.desk.lease()
            for id in ids { try await scene.desk.fail(id) }
            let desk = scene.desk
            let messages = MessageDesk(
                numbers: desk.numbers, routing: desk.routing, outbox: desk.outbox, templates: scene.templates.client, graph: desk.graph,
                senders: desk.senders)
            let call = RPCCall(
                context: CallContext(id: "1", meta: CallMeta(workspace: "w")), peer: PeerCredentials(pid: 0, uid: 0, gid: 0)
            ) { _, _ in }
            desk.now.set(opening + .minutes(10))
            let quiet = try await messages.retry(.init(id: ids[0], requestKey: "a"), call)
            #expect(quiet.notBefore == opening + .minutes(30))
            #expect(try await send(scene) == 0)
            desk.now.set(opening + .minutes(30))
            #expect(try await send(scene) == 1)
            let open = try await messages.retry(.init(id: ids[1], requestKey: "b"), call)
            #expect(open.notBefore == nil)
            desk.now.set(opening + .seconds(7201))
            let late = await #expect(throws: Fault.self) { try await messages.retry(.init(id: ids[2], requestKey: "c"), call) }
            #expect(late?.code == .windowPast && late?.message.contains("its window closed at") == true)
        }
    }

    /// What is tried again in the quiet is planned for at once, and goes out when the quiet has ended.
    @Test func whatIsTriedAgainWaitsForTheEndOfTheQuiet() async throws {
        try await run(rate: nil) { scene, campaign, opening in
            for _ in 0..<2 { _ = try await scene.feeder.look() }
            for id in try await scene.desk.lease() { try await scene.desk.fail(id) }
            _ = try await scene.feeder.look()
            #expect(try await scene.counts(campaign.id) == ["failed": 3])
            scene.desk.now.set(opening + .minutes(10))
            let reply = try await scene.desk.campaigns.retry(.init(id: campaign.id.rawValue, codes: [131026]), workspace: "w")
            #expect(reply.retried == 3)
            let inQuiet = try await pass(scene, scene.feeder, seconds: 60)
            #expect(inQuiet == 0)
            #expect(try await scene.counts(campaign.id) == ["planned": 3])
            scene.desk.now.set(opening + .minutes(30))
            let after = try await pass(scene, scene.feeder, seconds: 5)
            #expect(after == 3)
        }
    }
}
