import AccountContract
import MetaEvents
import RPCContract
import Support
import Testing
import Vocabulary

@testable import AccountOutbox

/// What Meta says of a message's price and conversation is read with the message, in its own words.
@Suite struct MessagePriceTests {
    private func record(_ desk: OutboxDesk, _ id: MessageID, _ word: String, with more: [String: JSONValue]) async throws {
        let raw: [String: JSONValue] = [
            "id": .string("wamid.\(id)"), "status": .string(word), "timestamp": "1000000", "biz_opaque_callback_data": .string(id.rawValue),
        ]
        let status = try #require(MessageStatus(.object(raw.merging(more) { $1 }), number: "1", receivedAt: 5))
        #expect(try await desk.statuses.record(.init(statuses: [status])).applied == 1)
    }

    @Test(arguments: [
        "marketing_lite", "authentication-international", "referral_conversion", "group_service", "general_purpose_ai", "word_of_tomorrow",
    ]) func theWordsOfAPriceAreReadAsTheyCame(category: String) async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        #expect(try await desk.outbox.get(id, workspace: "w").price == nil)
        let price: JSONValue = [
            "billable": true, "pricing_model": "PMP", "type": "regular", "category": .string(category),
        ]
        try await record(desk, id, "delivered", with: ["pricing": price])
        // The next status leaves the price out: what is known of it stays.
        try await record(desk, id, "read", with: [:])
        let known = MessagePrice(billable: true, category: category, type: "regular", model: "PMP")
        #expect(try await desk.outbox.get(id, workspace: "w").price == known)
        #expect(try await desk.outbox.explain(id, workspace: "w").message.price == known)
        #expect(try await desk.outbox.list(.init(), workspace: "w").items.first?.price == known)
        try desk.end()
    }

    /// Only `sent` says when a conversation ends.
    @Test func theConversationIsReadWithTheMessage() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        let conversation: [String: JSONValue] = ["id": "c1", "origin": ["type": "service"]]
        let begun = conversation.merging(["expiration_timestamp": "1700000000"]) { $1 }
        try await record(
            desk, id, "sent", with: ["conversation": .object(begun), "pricing": ["billable": false, "type": "free_customer_service"]])
        try await record(desk, id, "delivered", with: ["conversation": .object(conversation)])
        let message = try await desk.outbox.get(id, workspace: "w")
        #expect(
            message.conversation
                == MessageConversation(id: "c1", origin: "service", expiresAt: Timestamp(seconds: 1_700_000_000)))
        #expect(message.price == MessagePrice(billable: false, type: "free_customer_service"))
        try desk.end()
    }
}
