import GRDB
import RPCContract

/// An event as it stands in the inbox.
struct StoredEvent: Sendable {
    var id: Int64
    var lane: Payload.Lane
    var kind: String
    var orderKey: String?
    var dedupeKey: String
    var entryID: String
    var phoneNumberID: String?
    var contactName: String?
    var raw: JSONValue
    var attempts: Int
    var receivedAt: Int64

    init(_ row: Row) throws {
        id = row["id"]
        lane = Payload.Lane(rawValue: row["lane"]) ?? .management
        kind = row["kind"]
        orderKey = row["orderKey"]
        dedupeKey = row["dedupeKey"]
        entryID = row["entryID"]
        phoneNumberID = row["phoneNumberID"]
        contactName = row["contactName"]
        raw = try JSON.decode(JSONValue.self, from: row["raw"] as String)
        attempts = row["attempts"]
        receivedAt = row["receivedAt"]
    }
}
