import AccountContract
import GRDB
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountOutbox

/// Meta tells of a message that was given up without a clear answer.
@Suite struct GivenUpTests {
    private let price = Money(currency: "INR", micros: 800_000)

    /// One message of a campaign with a promise, given up; the campaign has ended with it.
    private func run(_ body: (OutboxDesk, _ id: MessageID) async throws -> Void) async throws {
        let desk = try await OutboxDesk()
        try await desk.addCampaign("c", deadline: desk.now.value + 60_000)
        try await desk.queueRecipients(of: "c", 1)
        let (outbox, states, price) = (desk.outbox, desk.states, price)
        let id = try #require(try await desk.lease().first)
        #expect(try outbox.recover() == 1)
        desk.now.update { $0 = $0 + 1000 }
        try await desk.store.write { db in
            try db.execute(
                sql: "UPDATE campaignRecipient SET charged = ?, currency = ?", arguments: [price.micros, price.currency])
            try CampaignSpending.add(db, price, of: "c")
            _ = try outbox.advance(db, id, to: .failed, error: "Meta gave no clear answer.")
            try outbox.markUnclear(db, id)
            try states.set(db, "c", .finished, from: [.running], reason: nil)
        }
        #expect(try await spent(desk).isEmpty)
        #expect(try await verdict(desk) == "missed")
        try await body(desk, id)
        try desk.end()
    }

    private func tell(_ desk: OutboxDesk, _ id: MessageID, _ word: String, code: Int? = nil) async throws {
        desk.now.update { $0 = $0 + 1000 }
        let status = MessageStatus(
            wamid: "wamid.1", phoneNumberID: "1", status: MetaWord(word), at: desk.now.value, callbackData: id.rawValue, errorCode: code)
        _ = try await desk.statuses.record(.init(statuses: [status]))
    }

    private func counts(_ desk: OutboxDesk) async throws -> CampaignCounts { try await desk.pool.read { try CampaignCounts($0, "c") } }
    private func spent(_ desk: OutboxDesk) async throws -> [Money] { try await desk.pool.read { try CampaignSpending.of($0, "c") } }
    private func verdict(_ desk: OutboxDesk) async throws -> String? {
        try await desk.pool.read { try String.fetchOne($0, sql: "SELECT verdict FROM campaign") }
    }
    private func failures(_ desk: OutboxDesk) async throws -> [MessageStatistics.Failure] {
        try await desk.pool.read { db in
            try MessageFigures.delivery(db, over: MessageFigures.widened(from: .zero, to: desk.now.value), workspace: "w").failures
        }
    }

    @Test func whatHasComeIsDeliveredInCountsVerdictAndBudget() async throws {
        try await run { desk, id in
            #expect(try await failures(desk).map(\.count) == [1])
            try await tell(desk, id, "delivered")
            let message = try await desk.outbox.get(id, workspace: "w")
            #expect(message.state == .delivered && message.error == nil)
            let counts = try await counts(desk)
            #expect(counts.places == ["delivered": 1] && counts.inside == 1)
            #expect(try await verdict(desk) == "kept")
            #expect(try await spent(desk) == [price])
            #expect(try await failures(desk).isEmpty)
            await #expect(throws: Fault.self, "it has not failed") {
                _ = try await desk.outbox.failed(id, mayBeUnclear: true, workspace: "w")
            }
            let told = try await desk.outbox.explain(id, workspace: "w")
            #expect(told.steps.contains { $0.state == .failed && $0.detail == "Meta gave no clear answer." })
        }
    }

    /// Meta says why it has not come: that is clear, and may be tried again.
    @Test func whatMetaRefusedHasItsReason() async throws {
        try await run { desk, id in
            try await tell(desk, id, "failed", code: 131026)
            let message = try await desk.outbox.get(id, workspace: "w")
            #expect(message.state == .failed && message.errorCode == 131026)
            #expect(try await counts(desk).places == ["failed": 1])
            #expect(try await verdict(desk) == "missed")
            #expect(try await spent(desk).isEmpty)
            #expect(try await failures(desk).map(\.code) == [131026])
            #expect(try await desk.outbox.failed(id, mayBeUnclear: false, workspace: "w").retryOf == id)
        }
    }

    /// The recipient is planned again, and counts once.
    @Test func whoIsWrittenToAgainIsNotCountedTwice() async throws {
        try await run { desk, id in
            #expect(try await desk.campaigns.retry(.init(id: "c", unclear: true), workspace: "w").retried == 1)
            try await tell(desk, id, "delivered")
            #expect(try await desk.state(id) == .failed)
            let counts = try await counts(desk)
            #expect(counts.places == ["planned": 1] && counts.inside == 0)
        }
    }
}
