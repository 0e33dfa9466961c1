import AccountContract
import GraphAPI
import MetaEvents
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountOutbox

/// Statuses that move no message on are read with it all the same.
@Suite struct MessageAsidesTests {
    private func record(_ desk: OutboxDesk, _ id: MessageID, _ word: String, with more: [String: JSONValue] = [:]) async throws -> Int {
        let raw: [String: JSONValue] = [
            "id": .string("wamid.\(id)"), "status": .string(word), "timestamp": "1000100", "biz_opaque_callback_data": .string(id.rawValue),
        ]
        let status = try #require(MessageStatus(.object(raw.merging(more) { $1 }), number: "1", receivedAt: 5))
        return try await desk.statuses.record(.init(statuses: [status])).applied
    }

    @Test func whatAGroupsMembersGotIsReadAndMovesNothing() async throws {
        let desk = try await OutboxDesk()
        desk.now.update { $0 = $0 + .hours(1) }
        let id = try await desk.queued()
        func member(_ number: String) -> [String: JSONValue] {
            ["recipient_type": "group", "recipient_id": "g1", "recipient_participant_id": .string(number)]
        }
        #expect(try await record(desk, id, "sent", with: member("919876543201")) == 1)
        let price: JSONValue = ["billable": false, "type": "free_group_customer_service", "category": "group_service"]
        // The same again is no further step.
        for _ in 0..<2 {
            #expect(try await record(desk, id, "delivered", with: member("919876543201").merging(["pricing": price]) { $1 }) == 0)
        }
        let errors: JSONValue = [["code": 131026, "title": "Message undeliverable", "error_data": ["details": "d"]]]
        #expect(try await record(desk, id, "failed", with: member("919876543202").merging(["errors": errors]) { $1 }) == 0)
        let why = try await desk.outbox.explain(id, workspace: "w")
        #expect(why.message.state == .sent && why.message.errorCode == nil && why.message.price?.category == "group_service")
        let steps = why.steps.filter { $0.member != nil }
        #expect(steps.map(\.member) == ["919876543201", "919876543201", "919876543202"])
        #expect(steps.map(\.state) == [.sent, .delivered, .failed] && steps.allSatisfy { $0.at == Timestamp(seconds: 1_000_100) })
        #expect(
            steps.last?.detail
                == "\(GraphError(inStatus: 131026, details: "").meaning) Meta: Message undeliverable: d (131026)")
        #expect(why.furtherSteps == nil)
        try desk.end()
    }

    @Test func ofManyMembersTheFirstAreKeptAndTheOthersCounted() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        let statuses = try (0..<130).map { n in
            let raw: JSONValue = [
                "id": .string("wamid.\(id)"), "status": "read", "biz_opaque_callback_data": .string(id.rawValue),
                "recipient_participant_id": .string("9198765\(10_000 + n)"),
            ]
            return try #require(MessageStatus(raw, number: "1", receivedAt: 5))
        }
        _ = try await desk.statuses.record(.init(statuses: statuses))
        let why = try await desk.outbox.explain(id, workspace: "w")
        #expect(why.steps.count { $0.member != nil } == MessageAsides.most && why.furtherSteps == 130 - MessageAsides.most)
        #expect(why.message.state == .queued)
        try desk.end()
    }

    @Test func aWordThatNothingHereKnowsIsReadWithItsTime() async throws {
        let desk = try await OutboxDesk()
        desk.now.update { $0 = $0 + .hours(1) }
        let id = try await desk.queued()
        #expect(try await record(desk, id, "sent") == 1)
        #expect(try await record(desk, id, "warming_up") == 0)
        let why = try await desk.outbox.explain(id, workspace: "w")
        let step = try #require(why.steps.first { $0.detail?.contains("“warming_up”") == true })
        #expect(step.at == Timestamp(seconds: 1_000_100) && step.state == .sent && step.member == nil)
        #expect(why.message.state == .sent)
        try desk.end()
    }
}
