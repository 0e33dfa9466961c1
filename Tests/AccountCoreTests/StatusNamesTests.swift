import AccountContract
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountContacts
@testable import AccountOutbox

/// A status names its recipient by number and BSUID: one person.
@Suite struct StatusNamesTests {
    @Test(
        arguments: [
            // Number and BSUID beside each other, and a BSUID alone, of whom was written to.
            (["recipient_id": "919876543210", "recipient_user_id": "IN.77"] as JSONValue, "919876543210"),
            (["recipient_user_id": "IN.77"], "919876543210"),
            // A member of a group is not the message's recipient.
            (
                [
                    "recipient_type": "group", "recipient_id": "g", "recipient_participant_id": "919876543299",
                    "recipient_participant_user_id": "IN.77",
                ],
                "919876543299"
            ),
        ] as [(JSONValue, String)]) func theyAreOnePersonFromThenOn(names: JSONValue, person: String) async throws
    {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        let raw: [String: JSONValue] = [
            "id": .string("wamid.\(id)"), "status": "delivered", "timestamp": "1000000", "biz_opaque_callback_data": .string(id.rawValue),
        ]
        let status = try #require(
            MessageStatus(.object(raw.merging(names.object ?? [:]) { $1 }), number: "1", receivedAt: 5))
        for _ in 0..<2 { _ = try await desk.statuses.record(.init(statuses: [status])) }
        let found = try await desk.store.read { db in
            (
                try People.person(db, "IN.77", workspace: "w"), try People.person(db, "IN.77", workspace: "other"),
                try People.names(db, of: PersonID(ContactID(person)), workspace: "w")
            )
        }
        #expect(found.0.name.rawValue == person && found.1.name == "IN.77" && found.2 == ["IN.77"])
        try desk.end()
    }

    /// A member whose number is hidden is somebody, and not whom the message was written to.
    @Test func aMemberWithoutANumberIsNobodyElse() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        let raw: JSONValue = [
            "id": .string("wamid.\(id)"), "status": "read", "biz_opaque_callback_data": .string(id.rawValue),
            "recipient_participant_user_id": "IN.77",
        ]
        let status = try #require(MessageStatus(raw, number: "1", receivedAt: 5))
        _ = try await desk.statuses.record(.init(statuses: [status]))
        #expect(try await desk.store.read { try People.person($0, "IN.77", workspace: "w").name } == "IN.77")
        try desk.end()
    }
}
