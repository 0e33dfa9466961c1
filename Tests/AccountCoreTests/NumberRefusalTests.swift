import AccountContract
import Coordination
import GRDB
import GraphAPI
import HTTPClient
import JobQueue
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountNumbers
@testable import AccountOutbox
@testable import AccountPacing

/// A number that Meta refuses is tried for as long as it takes, and its messages lose nothing by it.
@Suite struct NumberRefusalTests {
    /// Leases the message that waits, sends it, writes what came of it as the number's runner does, and waits until it may go again.
    private func attempt(_ desk: OutboxDesk, _ graph: GraphClient) async throws {
        let (outbox, now) = (desk.outbox, desk.now.value)
        let (jobs, prepared) = try await desk.store.write { db in
            let jobs = try JobTable.claim(db, queue: Outbox.queue("1"), limit: 1, now: now)
            return (jobs, try outbox.markSending(db, jobs, "1"))
        }
        let job = try #require(jobs.first)
        let sender = MessageSender(
            number: "1", outbox: outbox, graph: graph, pacer: desk.pacer, logger: desk.quiet, prepared: Mutexed(prepared))
        switch await sender.send(job) {
        case .done(let also), .dead(_, let also):
            try await desk.store.write { db in
                try JobTable.complete(db, id: job.id)
                try also(db)
            }
        case .retry(let error, let pause, let also):
            let next = now + Milliseconds(pause ?? .zero)
            try await desk.store.write { db in
                try JobTable.retry(db, id: job.id, at: next, error: error)
                try also(db)
            }
            desk.now.set(next + .minutes(10))
        }
    }

    private struct Standing: Equatable {
        var state: String
        var attempts: Int
        var tries: Int?
        var notes: Int
    }

    private func standing(_ desk: OutboxDesk) throws -> Standing {
        try desk.pool.read { db in
            let row = try #require(
                try Row.fetchOne(
                    db,
                    sql: """
                        SELECT state, attempts, (SELECT attempts FROM job WHERE key = message.id) AS tries,
                          (SELECT count(*) FROM messageNote WHERE message = message.id) AS notes
                        FROM message
                        """))
            return Standing(state: row["state"], attempts: row["attempts"], tries: row["tries"], notes: row["notes"])
        }
    }

    /// The token, a rest, the rate, templates, the account's calls, the app's calls.
    @Test(arguments: [190, 131057, 130429, 131064, 80007, 4]) func itUsesUpNoTryAndIsNotedOnce(code: Int) async throws {
        let meta = MetaAnswers()
        meta.next.set([.refused(code)])
        try await meta.serve { address in
            let desk = try await OutboxDesk(meta: address)
            _ = try await desk.queued()
            try await desk.store.write { db in try db.execute(sql: "UPDATE message SET attemptLimit = 1") }
            for _ in 0..<4 { try await attempt(desk, desk.graph) }
            #expect(try standing(desk) == Standing(state: "queued", attempts: 0, tries: 0, notes: 1))
            // Meta takes the number's messages again, and cannot be reached: only that counts, and it may happen once.
            desk.pacer.answered("1")
            let nobody = GraphClient(http: HTTPClient(connectionsPerHost: 1), host: "http://127.0.0.1:1", version: "v24.0") { "token" }
            try await attempt(desk, nobody)
            #expect(try standing(desk) == Standing(state: "queued", attempts: 1, tries: 1, notes: 2))
            try await attempt(desk, nobody)
            #expect(try standing(desk) == Standing(state: "failed", attempts: 2, tries: nil, notes: 2))
            try desk.end()
        }
    }

    /// A limit of the recipient's is the message's own matter.
    @Test func whatIsOfTheMessageCounts() async throws {
        let meta = MetaAnswers()
        meta.next.set([.refused(131056)])
        try await meta.serve { address in
            let desk = try await OutboxDesk(meta: address)
            _ = try await desk.queued()
            for _ in 0..<2 { try await attempt(desk, desk.graph) }
            #expect(try standing(desk) == Standing(state: "queued", attempts: 2, tries: 2, notes: 1))
            try desk.end()
        }
    }
}
