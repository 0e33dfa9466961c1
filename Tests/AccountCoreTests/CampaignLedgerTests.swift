import AccountContract
import AccountPacing
import GRDB
import JobQueue
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountOutbox

/// How campaigns follow and hold their messages.
@Suite struct CampaignLedgerTests {
    @Test(arguments: Campaign.State.allCases) func aMessageGoesOnlyWhileItsCampaignMay(state: Campaign.State) async throws {
        let desk = try await OutboxDesk()
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", 1)
        try await desk.pool.write { try $0.execute(sql: "UPDATE campaign SET state = ?", arguments: [state.rawValue]) }
        let ids = try await desk.lease()
        let now = desk.now.value
        let hold = try await desk.pool.read { try CampaignLedger(states: desk.states).hold($0, ids[0], campaign: "c", at: now) }
        switch state {
        case .paused: #expect(hold == .later(.seconds(5)))
        case .cancelled: #expect(hold == .never("The campaign was cancelled before it was sent."))
        default: #expect(hold == nil)
        }
        try desk.end()
    }

    @Test func aMessageWithoutACampaignMovesNoCount() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        try await desk.lease()
        try await desk.accept(id)
        #expect(try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM campaignCount") } == 0)
        try desk.end()
    }

    /// Every move in every order leaves as many recipients as there were, and none twice inside or outside.
    @Test func movesKeepTheTotalWhateverTheirOrder() async throws {
        let states: [Message.State] = [.accepted, .sent, .delivered, .read, .played, .failed]
        for seed in 0..<40 as Range<UInt64> {
            let desk = try await OutboxDesk()
            try await desk.addCampaign("c", deadline: desk.now.value + 500)
            try await desk.queueRecipients(of: "c", 3)
            let ids = try await desk.lease()
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<12 {
                let id = ids[Int(generator.next() % 3)]
                let state = states[Int(generator.next() % UInt64(states.count))]
                let at = desk.now.value + Milliseconds(Int64(generator.next() % 1000))
                let outbox = desk.outbox
                try await desk.store.write { db in _ = try outbox.advance(db, id, to: state, at: at) }
            }
            let counts = try await desk.pool.read { try CampaignCounts($0, "c") }
            #expect(counts.places.values.reduce(0, +) == 3, "seed \(seed): \(counts.places)")
            let withMeta = try await desk.pool.read {
                try Int.fetchOne(
                    $0,
                    sql:
                        "SELECT count(*) FROM message WHERE coalesce(acceptedAt, sentAt, deliveredAt, readAt, playedAt) IS NOT NULL AND state <> 'failed'"
                )
            }
            #expect(counts.inside + counts.outside == withMeta, "seed \(seed)")
            try desk.end()
        }
    }

    @Test func aListenerIsToldOfEveryMoveInItsOrder() async throws {
        let desk = try await OutboxDesk()
        let ear = Ear()
        let outbox = Outbox(
            store: desk.store, consents: desk.consents, contactRoutes: desk.contactRoutes, people: desk.people, loads: .init(),
            numbers: desk.numbers, routing: desk.routing, listeners: [ear])
        let id = try await desk.queued()
        let now = desk.now.value
        try await desk.store.write { db in
            let jobs = try JobTable.claim(db, queue: Outbox.queue("1"), limit: 10, now: now)
            _ = try outbox.markSending(db, jobs, "1")
            try outbox.markUnknown(db, id, "no answer")
            _ = try outbox.advance(db, id, to: .delivered, at: now - 5)
            // Backwards is no move.
            _ = try outbox.advance(db, id, to: .sent)
        }
        #expect(ear.moves.map(\.from.state) == [.queued, .sending, .unknown])
        #expect(ear.moves.map(\.to.state) == [.sending, .unknown, .delivered])
        #expect(ear.moves.last?.at == now - 5 && ear.moves.allSatisfy { $0.message == id && $0.campaign == nil })
        try desk.end()
    }
}

/// Keeps what it hears.
private final class Ear: OutboxListener {
    private let heard = MutexBox<[MessageMove]>([])
    var moves: [MessageMove] { heard.value }
    func moved(_ db: Database, _ move: MessageMove) throws { heard.update { $0.append(move) } }
}
