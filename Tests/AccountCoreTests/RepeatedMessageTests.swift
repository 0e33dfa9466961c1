import AccountContract
import GRDB
import JobQueue
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountOutbox

/// Meta tells of a message that was given up and sent again by itself.
@Suite struct RepeatedMessageTests {
    private let price = Money(currency: "INR", micros: 800_000)

    /// One message of a campaign, given up without a clear answer, and the message that repeats it, which waits.
    private func run(_ body: (OutboxDesk, _ first: MessageID, _ second: MessageID) async throws -> Void) async throws {
        let desk = try await OutboxDesk()
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", 1)
        let (outbox, price) = (desk.outbox, price)
        let first = try #require(try await desk.lease().first)
        #expect(try outbox.recover() == 1)
        try await desk.store.write { db in
            try db.execute(sql: "UPDATE campaignRecipient SET charged = ?, currency = ?", arguments: [price.micros, price.currency])
            try CampaignSpending.add(db, price, of: "c")
            _ = try outbox.advance(db, first, to: .failed, error: "Meta gave no clear answer.")
            try outbox.markUnclear(db, first)
        }
        try await body(desk, first, repeated(desk, first, key: "again"))
        try desk.end()
    }

    private func repeated(_ desk: OutboxDesk, _ id: MessageID, key: String) async throws -> MessageID {
        var draft = try await desk.outbox.failed(id, mayBeUnclear: true, workspace: "w")
        (draft.requestKey, draft.fingerprint) = (key, 2)
        return try await desk.commit(draft)
    }

    private func tell(_ desk: OutboxDesk, _ id: MessageID, _ word: String, wamid: WAMID = "wamid.1", code: Int? = nil) async throws {
        desk.now.update { $0 = $0 + 1000 }
        let status = MessageStatus(
            wamid: wamid, phoneNumberID: "1", status: MetaWord(word), at: desk.now.value, callbackData: id.rawValue, errorCode: code)
        _ = try await desk.statuses.record(.init(statuses: [status]))
    }

    private func others(_ desk: OutboxDesk, _ id: MessageID) async throws -> [WAMID] {
        try await desk.outbox.explain(id, workspace: "w").otherWAMIDs
    }
    private func doubled(_ desk: OutboxDesk) async throws -> Int? {
        try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event WHERE type = 'message.doubled'") }
    }

    @Test func whatStillWaitsIsNotSent() async throws {
        try await run { desk, first, second in
            try await tell(desk, first, "delivered")
            let message = try await desk.outbox.get(first, workspace: "w")
            #expect(message.state == .delivered && message.wamid == "wamid.1")
            let counts = try await desk.pool.read { try CampaignCounts($0, "c") }
            #expect(counts.places == ["delivered": 1] && counts.inside == 1)
            #expect(try await desk.pool.read { try CampaignSpending.of($0, "c") } == [price])
            let dropped = try await desk.outbox.get(second, workspace: "w")
            #expect(dropped.state == .failed && dropped.error?.contains(first.rawValue) == true)
            #expect(try await desk.lease().isEmpty)
            #expect(try await doubled(desk) == 0)
        }
    }

    /// Both have come: each has its own id, and the first tells of the second.
    @Test(arguments: [false, true]) func whatHasComeTwiceIsToldOnce(isAcceptedFirst: Bool) async throws {
        try await run { desk, first, second in
            #expect(try await desk.lease() == [second])
            if isAcceptedFirst { try await desk.accept(second) }
            try await tell(desk, first, "delivered")
            if !isAcceptedFirst { try await desk.accept(second) }
            try await tell(desk, second, "read", wamid: WAMID("wamid.\(second)"))
            #expect(try await desk.state(first) == .delivered)
            #expect(try await desk.state(second) == .read)
            #expect(try await others(desk, first) == [WAMID("wamid.\(second)")])
            #expect(try await others(desk, second) == [])
            #expect(try await doubled(desk) == 1)
            #expect(try await desk.pool.read { try CampaignSpending.of($0, "c") } == [price])
        }
    }

    /// It was being posted when the first had come, and would be posted again: the last look before that finds the first.
    @Test func whatWouldBePostedAgainIsNot() async throws {
        try await run { desk, first, second in
            try await desk.lease()
            try await tell(desk, first, "sent")
            #expect(try await desk.state(second) == .sending)
            let (outbox, now) = (desk.outbox, desk.now.value)
            let leased = try await desk.store.write { db in
                for job in try JobTable.lost(db, queues: "send:") { try JobTable.retry(db, id: job.id, at: now, error: "refused") }
                try outbox.requeue(db, second, "Meta refused it before processing.")
                return try JobTable.claim(db, queue: Outbox.queue("1"), limit: 10, now: now) { db, job in
                    try outbox.admit(db, job, on: "1") { _, _, _ in nil }
                }
            }
            #expect(leased.isEmpty)
            #expect(try await desk.state(second) == .failed)
            // Should Meta have had it all the same, its status counts.
            try await tell(desk, second, "delivered", wamid: "wamid.2")
            #expect(try await desk.state(second) == .delivered)
            #expect(try await others(desk, first) == ["wamid.2"])
        }
    }

    /// The second was given up, too, and a third waits: whichever of the two comes, the third does not.
    @Test(arguments: [false, true]) func aLongerRowEndsWithWhicheverComes(isFirst: Bool) async throws {
        try await run { desk, first, second in
            try await desk.lease()
            #expect(try desk.outbox.recover() == 1)
            try await desk.store.write { [outbox = desk.outbox] db in
                _ = try outbox.advance(db, second, to: .failed, error: "Meta gave no clear answer.")
                try outbox.markUnclear(db, second)
            }
            let third = try await repeated(desk, second, key: "once more")
            try await tell(desk, isFirst ? first : second, "delivered")
            #expect(try await desk.state(third) == .failed)
            #expect(try await desk.state(isFirst ? second : first) == .failed)
        }
    }

    /// Meta has refused the first: the one that repeats it goes out.
    @Test func aRefusalOfTheFirstStopsNothing() async throws {
        try await run { desk, first, second in
            try await tell(desk, first, "failed", code: 131026)
            #expect(try await desk.outbox.get(first, workspace: "w").errorCode == 131026)
            #expect(try await desk.lease() == [second])
        }
    }
}
