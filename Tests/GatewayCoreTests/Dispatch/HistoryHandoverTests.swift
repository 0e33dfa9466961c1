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

/// Chats of the time before a number came here are handed over in pieces, and nothing else is done with them.
@Suite struct HistoryHandoverTests {
    private static let receivedAt = Timestamp(milliseconds: 1_790_000_000_000)

    private func event(_ members: String) throws -> StoredEvent {
        let value = #"{"metadata":{"display_phone_number":"918047181000","phone_number_id":"1"},\#(members)}"#
        let body = Data(#"{"entry":[{"id":"1","changes":[{"field":"history","value":\#(value)}]}]}"#.utf8)
        let part = try #require(try Payload(body).parts.first)
        return try StoredEvent(
            Row([
                "id": 1, "lane": part.lane.rawValue, "kind": part.kind, "orderKey": part.orderKey, "dedupeKey": part.dedupeKey,
                "entryID": part.entryID, "phoneNumberID": part.phoneNumberID, "contact": part.contact, "contactName": part.contactName,
                "userIDs": try JSON.text(part.userIDs), "raw": JSON.text(part.raw), "attempts": 0,
                "receivedAt": Self.receivedAt.milliseconds,
            ]))
    }

    private func handOver(_ event: StoredEvent, _ check: @escaping @Sendable (HandledMessages) throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.gateway, path: "\(folder)/g.sqlite", migrator: GatewayMigrations.migrator)
        let clock = WallClock { Self.receivedAt }
        let inbox = Inbox(
            reads: Reads(pool), clock: clock, gaps: try DeliveryGaps(pool, clock: clock, silence: .minutes(5)), keyLifetime: .days(14),
            waiting: 100)
        let told = HandledMessages()
        try await told.run(inbox) { handlers in
            try await told.wait {
                told.kept.set([])
                told.imported.set([])
                try await handlers.management(event)
            }
            try check(told)
        }
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func aLargeChunkIsHandedOverInPieces() async throws {
        let threads = (0..<3).map { thread in
            let contact = "91987654321\(thread)"
            let messages = (0..<150).map {
                let sides = $0 % 2 == 0 ? #""from":"\#(contact)""# : #""from":"918047181000","to":"\#(contact)""#
                return #"{"id":"w\#(thread)-\#($0)",\#(sides),"timestamp":"1780000000","type":"text","text":{"body":"STOP"}}"#
            }
            return
                #"{"id":"\#(contact)","context":{"wa_id":"\#(contact)","user_id":"IN.\#(thread)"},"messages":[\#(messages.joined(separator: ","))]}"#
        }
        let metadata = #"{"phase":1,"chunk_order":7,"progress":55}"#
        let chunk = try event(#""history":[{"metadata":\#(metadata),"threads":[\#(threads.joined(separator: ","))]}]"#)
        try await handOver(chunk) { told in
            #expect(told.kept.value.map(\.params.messages.count) == [100, 100, 100, 100, 50])
            #expect(Set(told.kept.value.map(\.workspace)) == ["coexisting"])
            let all = told.kept.value.flatMap(\.params.messages)
            #expect(Set(all.map(\.wamid)).count == 450 && all.count { $0.isFromBusiness == true } == 225)
            #expect(all.first?.text == "STOP" && all.first?.at == Timestamp(seconds: 1_780_000_000) && all.first?.formerly == ["IN.0"])
            #expect(all.last?.contact == "919876543212" && all.last?.raw["id"] == "w2-149")
            #expect(told.imported.value.map(\.percent) == [55] && told.imported.value.map(\.messages) == [450])
            #expect(told.imported.value.map(\.phase) == [1] && told.imported.value.map(\.chunk) == [7])
            #expect(told.opened.value.isEmpty && told.processed.value.isEmpty, "no window, no word, no answer")
        }
    }

    /// What went out from here stands in its conversation: the app's copy of it is not kept beside it.
    @Test func whatWentOutFromHereIsNotHandedOver() async throws {
        let messages = [("own-1", "918047181000"), ("app-1", "918047181000"), ("own-2", "919876543210")].map { id, from in
            #"{"id":"\#(id)","from":"\#(from)","to":"919876543210","timestamp":"1780000000","type":"text","text":{"body":"a"}}"#
        }
        func chunk(_ messages: ArraySlice<String>) throws -> StoredEvent {
            let thread = #"{"id":"919876543210","messages":[\#(messages.joined(separator: ","))]}"#
            return try event(#""history":[{"metadata":{"phase":0,"chunk_order":1,"progress":9},"threads":[\#(thread)]}]"#)
        }
        try await handOver(chunk(messages[...])) { told in
            #expect(told.kept.value.flatMap(\.params.messages).map(\.wamid) == ["app-1", "own-2"], "a customer's are theirs")
            #expect(told.imported.value.map(\.messages) == [2])
        }
        try await handOver(chunk(messages[..<1])) { told in
            #expect(told.kept.value.isEmpty && told.imported.value.map(\.messages) == [0])
        }
    }

    @Test func aRefusalAndAFileAreHandedOver() async throws {
        let error = #"{"code":2593109,"title":"Declined","error_data":{"details":"Not shared"}}"#
        try await handOver(event(#""history":[{"errors":[\#(error)]}]"#)) { told in
            #expect(told.kept.value.isEmpty && told.imported.value.map(\.isDeclined) == [true])
            #expect(told.imported.value.map(\.code) == [2_593_109] && told.imported.value.map(\.reason) == ["Declined: Not shared"])
        }
        let file = #"{"from":"919876543210","id":"w","timestamp":"1890000000","type":"image","image":{"id":"5"}}"#
        try await handOver(event(#""messages":[\#(file)]"#)) { told in
            let message = try #require(told.kept.value.first?.params.messages.first)
            #expect(message.content?.media?.id == "5" && message.at == Self.receivedAt && told.imported.value.isEmpty)
        }
    }

    /// A piece ends where its messages are many or large.
    @Test func aPieceIsBounded() throws {
        let long = String(repeating: "a", count: 400_000)
        let messages = (0..<5).map {
            #"{"id":"w\#($0)","from":"919876543210","type":"text","text":{"body":"\#($0 == 4 ? "short" : long)"}}"#
        }
        let value = try JSON.decode(
            JSONValue.self,
            from:
                #"{"metadata":{"phone_number_id":"1"},"history":[{"threads":[{"id":"919876543210","messages":[\#(messages.joined(separator: ","))]}]}]}"#
        )
        guard case .history(let chunk) = MetaEvent(field: "history", value: value) else { return #expect(Bool(false), "no history") }
        let pieces = HistoryPieces.of(chunk.messages)
        #expect(pieces.map(\.count) == [2, 3] && pieces.flatMap { $0 } == chunk.messages)
        #expect(HistoryPieces.of([]).isEmpty)
        let params = RecordHistory.Params(
            account: "1",
            messages: pieces[0].map { .init(contact: $0.contact, wamid: $0.id, type: $0.type, text: $0.text, raw: $0.raw, at: .zero) })
        _ = try ParamsDecoder<RecordHistory>().decode(Data(JSON.text(params).utf8))
    }
}
