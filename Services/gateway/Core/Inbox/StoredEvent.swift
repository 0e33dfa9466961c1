import GRDB
import MetaEvents
import RPCContract
import Storage
import Vocabulary

/// An event as it stands in the inbox.
struct StoredEvent: Sendable {
    var id: Int64
    var part: Payload.Part
    var attempts: Int
    var receivedAt: Timestamp

    init(_ row: Row) throws {
        id = row["id"]
        part = Payload.Part(
            lane: try row.word("lane", in: "inboundEvent"),
            kind: row["kind"],
            orderKey: row["orderKey"],
            dedupeKey: row["dedupeKey"],
            entryID: row["entryID"],
            phoneNumberID: row["phoneNumberID"],
            contact: row["contact"],
            contactName: row["contactName"],
            userIDs: try Self.userIDs(row),
            profile: try (row["contactProfile"] as String?).map { try JSON.decode(ContactProfile.self, from: $0) },
            raw: try JSON.decode(JSONValue.self, from: row["raw"] as String)
        )
        attempts = row["attempts"]
        receivedAt = row["receivedAt"]
    }

    /// The BSUIDs that stand with an event.
    static func userIDs(_ row: Row) throws -> [ContactID] {
        try (row["userIDs"] as String?).map { try JSON.decode([JSONValue].self, from: $0).compactMap { $0.id() } } ?? []
    }

    /// What is known of it without what Meta wrote.
    var head: EventHead {
        EventHead(id: id, lane: part.lane, kind: part.kind, orderKey: part.orderKey, attempts: attempts, receivedAt: receivedAt)
    }

    /// What Meta tells by it.
    func read() throws(Fault) -> MetaEvent {
        do throws(UnreadableEvent) {
            return switch part.lane {
            case .message: try .message(part.raw, number: part.phoneNumberID, contact: part.contact, userIDs: part.userIDs)
            case .status:
                try .status(
                    part.raw, number: part.phoneNumberID, contact: part.contact, userIDs: part.userIDs, receivedAt: receivedAt)
            case .management: MetaEvent(field: part.kind, value: part.raw)
            }
        } catch { throw Fault(.params, error.reason) }
    }
}
