import AccountContract
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Owns what campaigns have spent, by currency: amounts of two are never added or compared.
enum CampaignSpending {
    /// Why a campaign stands still whose next message cannot be paid.
    static let exhausted = "the budget is used up"
    /// Why one stands still or cannot start whose budget could not be held against its messages.
    static let unkept = "the budget cannot be kept"

    /// Whether a campaign stands still for its budget, whatever is the matter with that.
    static func isObstacle(_ reason: String?) -> Bool {
        reason.map { $0.hasPrefix(exhausted) || $0.hasPrefix(unkept) } ?? false
    }

    static func of(_ db: Database, _ campaign: CampaignID) throws -> [Money] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT currency, micros FROM campaignSpent WHERE campaign = ? AND micros > 0 ORDER BY currency"),
            arguments: [campaign]
        )
        .map { Money(currency: $0["currency"], micros: $0["micros"]) }
    }

    static func add(_ db: Database, _ price: Money, of campaign: CampaignID) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO campaignSpent (campaign, currency, micros) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET micros = micros + excluded.micros
                """
        )
        .execute(arguments: [campaign, price.currency, price.micros])
    }

    /// A message that never reached anybody costs nothing (Meta, pricing: delivered messages are charged).
    static func refund(_ db: Database, message: MessageID, of campaign: CampaignID) throws {
        let charged = try db.cachedStatement(
            sql: """
                SELECT charged, currency FROM campaignRecipient INDEXED BY campaignMessage
                WHERE message = ? AND charged > 0 AND currency IS NOT NULL
                """)
        guard let row = try Row.fetchOne(charged, arguments: [message]) else { return }
        try add(db, Money(currency: row["currency"], micros: -(row["charged"] as Int64)), of: campaign)
        try invert(db, message)
    }

    /// What was given up has come after all, or may have: it costs what it would have cost.
    static func chargeAgain(_ db: Database, message: MessageID, of campaign: CampaignID) throws {
        let refunded = try db.cachedStatement(
            sql: """
                SELECT -charged AS price, currency FROM campaignRecipient INDEXED BY campaignMessage
                WHERE message = ? AND charged < 0 AND currency IS NOT NULL
                """)
        guard let row = try Row.fetchOne(refunded, arguments: [message]) else { return }
        try add(db, Money(currency: row["currency"], micros: row["price"]), of: campaign)
        try invert(db, message)
    }

    /// What is charged is above nothing, and what was given back below.
    private static func invert(_ db: Database, _ message: MessageID) throws {
        try db.cachedStatement(sql: "UPDATE campaignRecipient SET charged = -charged WHERE message = ?").execute(arguments: [message])
    }
}
