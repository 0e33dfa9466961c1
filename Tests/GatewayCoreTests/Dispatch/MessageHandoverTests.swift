import AccountContract
import Foundation
import GRDB
import IntelligenceContract
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import GatewayCore

/// Meta's events are read once, here, and handed over as values.
@Suite struct MessageHandoverTests {
    /// Events that a former version has stored, in the inbox of this one; and what is told of them.
    private func scene(_ rows: [[String: String]], _ body: @escaping @Sendable (HandledMessages, EventHandlers, Inbox) async throws -> Void)
        async throws
    {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/g.sqlite")
        try GatewayMigrations.migrator.migrate(pool, upTo: "v1-keys")
        try await pool.write { db in
            for row in rows {
                let names = row.keys.sorted()
                try db.execute(
                    sql: """
                        INSERT INTO inboundEvent
                          (payloadID, dedupeKey, entryID, phoneNumberID, state, ready, nextAt, receivedAt, \(names.joined(separator: ", ")))
                        VALUES (1, hex(randomblob(8)), '1', '1', 'pending', 1, 0, 1790000000700\(String(repeating: ", ?", count: names.count)))
                        """,
                    arguments: StatementArguments(names.map { row[$0] }))
            }
        }
        try GatewayMigrations.migrator.migrate(pool)
        let inbox = Inbox(
            reads: Reads(pool), clock: WallClock { 1_790_000_001_000 },
            gaps: try DeliveryGaps(pool, clock: WallClock { 1_790_000_001_000 }, silence: .minutes(5)), keyLifetime: .days(14), waiting: 100
        )
        let told = HandledMessages()
        try await told.run(inbox) { handlers in try await body(told, handlers, inbox) }
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func aCartOfBeforeIsHandedOverRead() async throws {
        let cart =
            #"{"id":"wamid.1","from":"919876543210","timestamp":"1790000000","type":"order","order":{"text":"please","product_items":[{"product_retailer_id":"p","quantity":2},{}]},"context":{"id":"wamid.0"}}"#
        let row = ["lane": "message", "kind": "message", "contact": "919876543210", "userIDs": "IN.1 IN.2", "raw": cart]
        try await scene([row]) { told, handlers, inbox in
            let event = try #require(try await inbox.ready(.message, limit: 1, excluding: []).items.first)
            try await told.wait { try await handlers.message(event) }
            #expect(told.opened.value.last?.userIDs == ["IN.1", "IN.2"])
            let handed = try #require(told.processed.value.last)
            #expect(handed.type == "order" && handed.text == "please" && handed.raw == event.part.raw)
            #expect(handed.content?.order?.items == [.init(product: "p", quantity: 2)] && handed.content?.order?.isPartial == true)
            #expect(handed.content?.replyTo == "wamid.0" && handed.receivedAt == 1_790_000_000_700)
        }
    }

    @Test func aCallIsHandedOverReadAndAsItCame() async throws {
        let call = #"{"id":"c1","event":"terminate","from":"919876543210","timestamp":"1790000000","duration":9}"#
        let row = ["lane": "management", "kind": "calls", "raw": #"{"metadata":{"phone_number_id":"1"},"calls":[\#(call)]}"#]
        try await scene([row]) { told, handlers, inbox in
            let event = try #require(try await inbox.ready(.management, limit: 1, excluding: []).items.first)
            try await told.wait { try await handlers.management(event) }
            let handed = try #require(told.processed.value.last)
            #expect(
                handed.type == "call" && handed.content == ReceivedContent(call: ReceivedCall(event: "terminate", seconds: 9, id: "c1")))
            #expect(handed.raw["id"] == "c1" && handed.raw["duration"] == 9 && handed.answered == true)
        }
    }

    /// Preferences, Flows and groups are events of their own here, and account-router is told of them as before.
    @Test(
        arguments: [
            ("flows", #"{"event":"FLOW_STATUS_CHANGE","flow_id":"6","new_status":"BLOCKED"}"#, "FLOW_STATUS_CHANGE", "the Flow 6: BLOCKED"),
            (
                "group_status_update", #"{"metadata":{"display_phone_number":"1555"},"groups":[{"group_id":"g","type":"group_suspend"}]}"#,
                "group_suspend", "the group g"
            ),
            ("security", #"{"event":"PIN_CHANGED"}"#, "PIN_CHANGED", "Meta's event security"),
            (
                "user_preferences",
                #"{"metadata":{"phone_number_id":"1"},"user_preferences":[{"wa_id":"91","category":"marketing_messages","value":"stop"}]}"#,
                nil, nil
            ),
        ] as [(String, String, String?, String?)])
    func whatIsToldOfAccountsStaysTheSame(field: String, value: String, word: String?, text: String?) async throws {
        try await scene([["lane": "management", "kind": field, "raw": value]]) { told, handlers, inbox in
            let event = try #require(try await inbox.ready(.management, limit: 1, excluding: []).items.first)
            try await told.wait { try await handlers.management(event) }
            let handed = try #require(told.recorded.value.last)
            #expect(handed.event.kind.rawValue == field && handed.raw == event.part.raw)
            #expect(handed.event.notice?.word == word && handed.event.notice?.text == text)
            #expect(handed.event.displayPhoneNumber == (field == "group_status_update" ? "1555" : nil))
            #expect(handed.event.preferences?.map(\.choice) == (word == nil ? [.stop] : nil))
        }
    }

    /// Meta's error names no number: it is the one that stands beside it.
    @Test func anErrorIsToldWithItsNumber() async throws {
        try await scene([["lane": "management", "kind": "error", "raw": #"{"code":130429,"title":"Rate limit hit"}"#]]) {
            told, handlers, inbox in
            let event = try #require(try await inbox.ready(.management, limit: 1, excluding: []).items.first)
            try await told.wait { try await handlers.management(event) }
            let handed = try #require(told.recorded.value.last)
            #expect(handed.event.kind == .error && handed.event.phoneNumberID == "1" && handed.raw == event.part.raw)
        }
    }
}
