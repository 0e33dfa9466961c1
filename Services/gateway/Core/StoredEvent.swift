import GRDB
import RPCContract

/// An event as it stands in the inbox.
struct StoredEvent: Sendable {
    var id: Int64
    var part: Payload.Part
    var attempts: Int
    var receivedAt: Int64

    init(_ row: Row) throws {
        id = row["id"]
        part = Payload.Part(
            lane: Payload.Lane(rawValue: row["lane"]) ?? .management,
            kind: row["kind"],
            orderKey: row["orderKey"],
            dedupeKey: row["dedupeKey"],
            entryID: row["entryID"],
            phoneNumberID: row["phoneNumberID"],
            contactName: row["contactName"],
            raw: try JSON.decode(JSONValue.self, from: row["raw"] as String)
        )
        attempts = row["attempts"]
        receivedAt = row["receivedAt"]
    }
}
