import AccountContacts
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

    /// Notes what Meta has said of a message's price and conversation; what it leaves out stays.
    func note(_ db: Database, _ price: MessagePrice?, _ conversation: MessageConversation?, of id: MessageID) throws {
        guard price != nil || conversation != nil else { return }
        try db.cachedStatement(sql: Self.told).execute(arguments: [
            price?.billable.map { $0 ? 1 : 0 }, price?.category, price?.type, price?.model, conversation?.id, conversation?.origin,
            conversation?.expiresAt, id,
        ])
    }

    /// Another content goes out in the message's place: what was said of the former one's price is not true of it.
    func forgetPrice(_ db: Database, _ id: MessageID) throws {
        let changes = Self.toldColumns.map { "\($0) = NULL" }.joined(separator: ", ")
        try db.cachedStatement(sql: "UPDATE message SET \(changes) WHERE id = ?").execute(arguments: [id])
    }

    /// A status names whom it is about by number and BSUID: a STOP under either counts from then on.
    func learn(_ db: Database, _ status: MessageStatus, to recipient: ContactID, workspace: String) throws {
        guard let ids = status.userIDs, !ids.isEmpty else { return }
        // A hidden number is the one that was written to; whose a member's is nobody knows.
        let asked = status.participant == nil && !recipient.isBSUID ? recipient : nil
        try people.learn(db, phone: status.recipient ?? asked, ids: ids, at: status.at, source: "status", workspace: workspace)
    }

    private static let toldColumns = [
        "billable", "priceCategory", "priceType", "priceModel", "conversationID", "conversationOrigin", "conversationUntil",
    ]

    /// Repeated words write nothing.
    private static let told: String = {
        let columns = toldColumns
        let values = columns.enumerated().map { "coalesce(?\($0 + 1), \($1))" }
        let changes = zip(columns, values).map { "\($0) = \($1)" }.joined(separator: ", ")
        return """
            UPDATE message SET \(changes)
            WHERE id = ?\(columns.count + 1) AND (\(columns.joined(separator: ", "))) IS NOT (\(values.joined(separator: ", ")))
            """
    }()
}

extension MessagePrice {
    init?(_ status: MessageStatus) {
        self.init(
            billable: status.billable, category: status.priceCategory, type: status.priceType, model: status.priceModel)
    }

    init?(_ row: Row) {
        self.init(billable: row["billable"], category: row["priceCategory"], type: row["priceType"], model: row["priceModel"])
    }
}

extension MessageConversation {
    init?(_ row: Row) {
        self.init(id: row["conversationID"], origin: row["conversationOrigin"], expiresAt: row["conversationUntil"])
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
