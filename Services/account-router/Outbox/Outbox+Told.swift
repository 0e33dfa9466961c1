import AccountContract
import GRDB
import GraphAPI
import MetaEvents
import RPCContract
import Storage
import Vocabulary

/// What Meta says of messages besides where they stand.
extension Outbox {
    /// Notes what Meta itself said as it refused a message.
    func note(_ db: Database, _ faults: [MetaFault]?, of id: MessageID) throws {
        guard let faults else { return }
        try db.cachedStatement(sql: "UPDATE message SET metaErrors = ? WHERE id = ?").execute(arguments: [try JSON.text(faults), id])
    }

    /// Notes what Meta has said of a message's price.
    func notePrice(_ db: Database, _ id: MessageID, isBillable: Bool, category: String?) throws {
        try db.cachedStatement(
            sql: "UPDATE message SET billable = ?, priceCategory = ? WHERE id = ? AND (billable IS NOT ?1 OR priceCategory IS NOT ?2)"
        )
        .execute(arguments: [isBillable ? 1 : 0, category, id])
    }
}

extension MetaFault {
    /// Meta's answer; nil where it has not answered with an error of its own.
    init?(_ error: GraphError) {
        guard let code = error.code else { return nil }
        self.init(
            code: code, message: error.message == error.details ? nil : error.message,
            details: error.details == GraphError.unexplained ? nil : error.details)
    }
}
