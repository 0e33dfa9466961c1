import GRDB
import Storage
import Vocabulary

/// What is known of an event without what Meta wrote: reading that may be what the process dies of.
struct EventHead: Sendable, Equatable {
    var id: Int64
    var lane: Payload.Lane
    var kind: String
    var orderKey: String?
    var attempts: Int
    var receivedAt: Timestamp
}

extension EventHead {
    static let columns = "id, lane, kind, orderKey, attempts, receivedAt"

    init(_ row: Row) throws {
        self.init(
            id: row["id"], lane: try row.word("lane", in: "inboundEvent"), kind: row["kind"], orderKey: row["orderKey"],
            attempts: row["attempts"], receivedAt: row["receivedAt"])
    }
}
