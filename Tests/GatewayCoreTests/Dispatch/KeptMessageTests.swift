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

/// Webhooks in Meta's shapes, from the body to what the two processes are told.
@Suite struct KeptMessageTests {
    /// Takes a change apart as the gateway does, and hands over its events.
    private func scene(
        _ field: String, _ value: String, _ check: @escaping @Sendable (HandledMessages, [Fault]) throws -> Void
    ) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.gateway, path: "\(folder)/t.sqlite", migrator: GatewayMigrations.migrator)
        let clock = WallClock { 1_790_000_001_000 }
        let inbox = Inbox(
            reads: Reads(pool), clock: clock, gaps: try DeliveryGaps(pool, clock: clock, silence: .minutes(5)), keyLifetime: .days(14),
            waiting: 100)
        let body = Data(#"{"entry":[{"id":"1","changes":[{"field":"\#(field)","value":\#(value)}]}]}"#.utf8)
        try await pool.write { db in
            try db.execute(sql: "INSERT INTO payload (receivedAt, body) VALUES (1790000000700, ?)", arguments: [body])
        }
        _ = try await inbox.splitNext(10)
        let events = try await inbox.ready(field == "messages" ? .message : .management, limit: 10, excluding: []).items
        let told = HandledMessages()
        try await told.run(inbox) { handlers in
            var faults: [Fault] = []
            for event in events {
                // Until both processes are there, it is tried again.
                var fault: Fault?
                try await told.wait {
                    do throws(Fault) {
                        if field == "messages" { try await handlers.message(event) } else { try await handlers.management(event) }
                    } catch {
                        guard error.code == .params else { throw error }
                        fault = error
                    }
                }
                if let fault { faults.append(fault) }
            }
            try check(told, faults)
        }
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    private func messages(_ message: String, contacts: String = "") -> String {
        let beside = contacts.isEmpty ? "" : #""contacts":[\#(contacts)],"#
        return #"{"metadata":{"phone_number_id":"1"},\#(beside)"messages":[{"id":"wamid.1","timestamp":"1790000000",\#(message)}]}"#
    }

    @Test func aUsernameAndTheKeysGoWithTheMessage() async throws {
        let contact = #"{"profile":{"name":"Asha","username":"asha.k"},"wa_id":"919876543210","user_id":"IN.1","identity_key_hash":"h"}"#
        let text = #""from":"919876543210","type":"text","text":{"body":"Hi"}"#
        try await scene("messages", messages(text, contacts: contact)) { told, faults in
            let handed = try #require(told.processed.value.last)
            #expect(handed.username == "asha.k" && handed.identityHash == "h" && handed.contactName == "Asha" && faults.isEmpty)
        }
    }

    @Test func aNewNumberIsToldToTheConversation() async throws {
        let system = #""from":"919876543210","type":"system","system":{"type":"user_changed_number","body":"b","wa_id":"919800000000"}"#
        try await scene("messages", messages(system)) { told, _ in
            #expect(Set(told.changed.value.map(\.phone)) == ["919800000000"])
            let handed = try #require(told.processed.value.last)
            #expect(handed.contact == "919800000000" && handed.formerly == ["919876543210"] && handed.type == "system")
            #expect(handed.content?.system?.text == "b" && handed.answered == true && told.opened.value.isEmpty)
        }
    }

    @Test(
        arguments: [
            (#"{"type":"customer_identity_changed","body":"b","identity":{"hash":"h","created_timestamp":1790000000}}"#, "h", 1),
            (#"{"type":"a_new_word","body":"b"}"#, nil, 0),
        ] as [(String, String?, Int)])
    func whateverWhatsAppSaysIsInTheConversation(system: String, hash: String?, changes: Int) async throws {
        try await scene("messages", messages(#""from":"919876543210","type":"system","system":\#(system)"#)) { told, _ in
            #expect(told.changed.value.isEmpty == (changes == 0))
            let handed = try #require(told.processed.value.last)
            #expect(handed.identityHash == hash && handed.content?.system?.text == "b" && handed.contact == "919876543210")
        }
    }

    @Test func whatIsSaidOfNobodyIsADeadLetter() async throws {
        try await scene("messages", messages(#""type":"system","system":{"type":"a_new_word"}"#)) { told, faults in
            #expect(faults.map(\.code) == [.params] && told.processed.value.isEmpty)
        }
    }

    @Test func aCallOfTheBusinesssIsOutgoingAndOpensNothing() async throws {
        let call =
            #"{"id":"c","event":"terminate","direction":"BUSINESS_INITIATED","from":"918047181000","to":"919876543210","timestamp":"1790000000","status":"COMPLETED","start_time":"1789999980","end_time":"1789999990","duration":10,"biz_opaque_callback_data":"d","errors":[{"code":1,"title":"t"}]}"#
        let status =
            #"{"id":"c","type":"call","status":"RINGING","recipient_id":"919876543210","timestamp":"1789999970","biz_opaque_callback_data":"d"}"#
        let value = #"{"metadata":{"phone_number_id":"1"},"calls":[\#(call)],"statuses":[\#(status),{"status":"RINGING"}]}"#
        try await scene("calls", value) { told, faults in
            #expect(told.opened.value.isEmpty && Set(told.named.value.map(\.to)) == ["919876543210"])
            let handed = told.processed.value
            #expect(handed.map(\.wamid).suffix(2) == ["c:terminate", "c:RINGING"] && handed.allSatisfy { $0.isEcho == true })
            let end = try #require(handed.first { $0.wamid == "c:terminate" }?.content)
            #expect(end.call?.status == "COMPLETED" && end.call?.direction == "BUSINESS_INITIATED" && end.call?.seconds == 10)
            #expect(end.call?.startedAt == Timestamp(seconds: 1_789_999_980) && end.call?.endedAt == Timestamp(seconds: 1_789_999_990))
            #expect(end.call?.callbackData == "d" && end.errors?.map(\.title) == ["t"])
            // One without an id hides none of the others.
            #expect(faults.map(\.code) == [.params])
        }
    }

    @Test func aRecordingOfACallIsKeptAndOpensNothing() async throws {
        let call = #"{"id":"c","event":"recording","from":"919876543210","timestamp":"1790000000"}"#
        try await scene("calls", #"{"metadata":{"phone_number_id":"1"},"calls":[\#(call)]}"#) { told, _ in
            #expect(told.opened.value.isEmpty && told.processed.value.last?.content?.call?.event == "recording")
            #expect(told.processed.value.last?.isEcho == nil)
        }
    }

    @Test(
        arguments: [
            (#""to":"919876543210","#, 1), ("", 1), (#""to_user_id":"IN.1","#, 1),
        ])
    func anEchoIsForWhomItNamesOrTheOnlyOneBesideIt(to: String, kept: Int) async throws {
        let echo = #"{"id":"wamid.e",\#(to)"type":"revoke","revoke":{"original_message_id":"wamid.o"}}"#
        let contact = #"{"wa_id":"919876543210","profile":{"name":"Asha","username":"asha.k"}}"#
        let value = #"{"metadata":{"phone_number_id":"1"},"contacts":[\#(contact)],"message_echoes":[\#(echo)]}"#
        try await scene("smb_message_echoes", value) { told, faults in
            let handed = try #require(told.processed.value.last)
            #expect(handed.contact == (to.contains("IN.1") ? "IN.1" : "919876543210") && handed.isEcho == true && faults.isEmpty)
            #expect(handed.contactName == (to.contains("IN.1") ? nil : "Asha") && handed.content?.change?.isRevoked == true)
        }
    }

    @Test func anEchoToNobodyIsADeadLetter() async throws {
        let echoes = #"[{"id":"wamid.e","type":"text","text":{"body":"a"}},{"id":"wamid.f","to":"91","type":"text","text":{"body":"b"}}]"#
        try await scene("smb_message_echoes", #"{"metadata":{"phone_number_id":"1"},"message_echoes":\#(echoes)}"#) { told, faults in
            #expect(told.processed.value.map(\.text).last == "b" && faults.map(\.code) == [.params])
        }
    }

    @Test func anotherBSUIDIsToldToTheConversation() async throws {
        let change = #"{"user_id":{"previous":"IN.1","current":"IN.2"},"detail":"d","timestamp":"1790000000"}"#
        try await scene("user_id_update", #"{"metadata":{"phone_number_id":"1"},"user_id_update":[\#(change)]}"#) { told, _ in
            let handed = try #require(told.processed.value.last)
            #expect(handed.contact == "IN.2" && handed.formerly == ["IN.1"] && handed.type == "system")
            #expect(handed.content?.system?.text == "d" && handed.content?.system?.userID == "IN.2")
        }
    }

    @Test func aChangeWithoutANumberIsToldForTheAccount() async throws {
        let change = #"{"user_id":{"previous":"IN.1","current":"IN.2"},"timestamp":"1790000000"}"#
        try await scene("user_id_update", #"{"user_id_update":[\#(change)]}"#) { told, faults in
            let handed = try #require(told.changed.value.last)
            #expect(handed.phoneNumberID == nil && handed.wabaID == "1" && handed.contact == "IN.1" && handed.userIDs == ["IN.2"])
            #expect(faults.isEmpty && told.processed.value.isEmpty)
        }
    }
}
