import AccountContract
import Coordination
import GRDB
import GraphAPI
import HTTPClient
import JobQueue
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountContacts
@testable import AccountNumbers
@testable import AccountOutbox
@testable import AccountPacing

/// What becomes of a message with each answer of Meta's, over real HTTP.
@Suite struct MessageSenderTests {
    private struct Scene {
        let desk: OutboxDesk
        let id: String
        let job: Job
        let sender: MessageSender

        init(_ address: String, attempts: Int? = nil) async throws {
            desk = try await OutboxDesk(meta: address)
            try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
            try await desk.queueRecipients(of: "c", 1)
            let (outbox, now) = (desk.outbox, desk.now.value)
            let (job, prepared) = try await desk.store.write { db in
                if let attempts { try db.execute(sql: "UPDATE message SET attemptLimit = ?", arguments: [attempts]) }
                let jobs = try JobTable.claim(db, queue: Outbox.queue("1"), limit: 1, now: now)
                return (jobs, try outbox.markSending(db, jobs, "1"))
            }
            self.job = try #require(job.first)
            id = self.job.key
            sender = MessageSender(
                number: "1", outbox: desk.outbox, graph: desk.graph, pacer: desk.pacer, logger: desk.quiet, prepared: Mutexed(prepared))
        }

        /// Sends it and writes what came of it; for how long it waits, nil where it is settled.
        func send() async throws -> Duration? {
            switch await sender.send(job) {
            case .done(let also), .dead(_, let also):
                try await desk.store.write { db in try also(db) }
                return nil
            case .retry(_, let pause, let also):
                try await desk.store.write { db in try also(db) }
                return pause
            }
        }
    }

    @Test func anAcceptedMessageHasMetasId() async throws {
        let meta = MetaAnswers()
        try await meta.serve { address in
            let scene = try await Scene(address)
            #expect(try await scene.send() == nil)
            let message = try await scene.desk.outbox.get(scene.id, workspace: "w")
            #expect(message.state == .accepted && message.wamid == "wamid.A")
            #expect(meta.asked.value.map(\.path) == ["/v24.0/1/messages"])
            #expect(meta.asked.value[0].body?["biz_opaque_callback_data"]?.string == scene.id)
            // It was taken out of what is prepared: the same lease sends nothing again.
            #expect(try await scene.send() == nil)
            #expect(meta.asked.value.count == 1)
            try scene.desk.end()
        }
    }

    /// Every code of the table, in an answer: the message's fate, and every measure that goes with it.
    @Test func everyCodeDoesWhatItsRowSays() async throws {
        let meta = MetaAnswers()
        try await meta.serve { address in
            for code in GraphErrorCode.all {
                meta.next.set([.refused(code)])
                let scene = try await Scene(address)
                let desk = scene.desk
                let error = GraphError(code: code, status: 400, details: "why")
                let pause = try await scene.send()
                let message = try await desk.outbox.get(scene.id, workspace: "w")
                switch error.fate {
                case .again: #expect(message.state == .queued && (pause ?? .zero) > .zero, "\(code)")
                case .awaitsStatus: #expect(message.state == .unknown && pause == nil, "\(code)")
                case .fails: #expect(message.state == .failed && message.errorCode == code && pause == nil, "\(code)")
                }
                try await check(error, desk, "\(code)")
                try desk.end()
            }
        }
    }

    private func check(_ error: GraphError, _ desk: OutboxDesk, _ comment: Comment) async throws {
        let measures = error.measures
        let admission = desk.pacer.allowance("1", free: 10)
        let rests = if case .rest = admission { true } else { false }
        let stops: Set<GraphError.Measure> = [.restNumber, .holdNumber, .restAccount, .restApp]
        // A number that is slowed down has its next place a moment later.
        #expect(measures.contains(.slowNumber) || rests == !measures.isDisjoint(with: stops), comment)
        let isSlower = (desk.pacer.status("1")?.share ?? 1) < 1
        #expect(isSlower == measures.contains(.slowNumber), comment)
        let pair = desk.pacer.admit("1", contact: "919800000000", opensConversation: false)
        #expect((pair ?? .zero) > .seconds(0) || !measures.contains(.holdPair), comment)
        let consent = try await desk.consents.get(.init(contact: "919800000000"), workspace: "w").state
        #expect((consent == .marketingStopped) == measures.contains(.recordOptOut), comment)
        #expect((desk.numbers.account("1")?.health == .resting) == measures.contains(.restrictNumber), comment)
        let campaign = try await desk.campaigns.find("c", workspace: "w").campaign
        #expect((campaign.state == .paused) == measures.contains(.pauseCampaign), comment)
    }

    /// Nothing went out: it is tried again as often as it may be, and then it fails and says why.
    @Test func whatNeverReachedMetaIsTriedAgainUpToItsLimit() async throws {
        let scene = try await Scene("http://127.0.0.1:1", attempts: 3)
        #expect(try await scene.send() == .seconds(1))
        #expect(try await scene.desk.state(scene.id) == .queued)
        try scene.desk.end()

        let last = try await Scene("http://127.0.0.1:1", attempts: 0)
        #expect(try await last.send() == nil)
        let message = try await last.desk.outbox.get(last.id, workspace: "w")
        #expect(message.state == .failed && message.error?.contains("could not be reached in 1 tries") == true)
        try last.desk.end()
    }

    /// An answer that says nothing of the message may have come after Meta had taken it.
    @Test(arguments: [(500, "oops"), (200, "{}"), (200, "<html>"), (502, ""), (408, "{}"), (503, #"{"error":{"message":"x"}}"#)])
    func anAnswerThatCannotBeReadLeavesItUnknown(status: Int, body: String) async throws {
        let meta = MetaAnswers()
        meta.next.set([.init(status: status, body: body)])
        try await meta.serve { address in
            let scene = try await Scene(address)
            #expect(try await scene.send() == nil)
            #expect(try await scene.desk.state(scene.id) == .unknown)
            try scene.desk.end()
        }
    }
}
