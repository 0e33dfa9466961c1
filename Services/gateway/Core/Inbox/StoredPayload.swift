import Foundation
import GRDB
import Vocabulary

/// A request's body as it stands in the inbox.
struct StoredPayload: Sendable {
    var id: Int64
    var receivedAt: Timestamp
    var body: Data

    init(_ row: Row) {
        id = row["id"]
        receivedAt = row["receivedAt"]
        body = row["body"]
    }

    var parts: Result<Payload, Payload.Problem> {
        Result { () throws(Payload.Problem) in try Payload(body) }
    }
}
