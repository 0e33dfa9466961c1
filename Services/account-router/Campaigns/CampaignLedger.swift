import AccountContract
package import AccountOutbox
package import GRDB
import Storage
import Vocabulary

/// Follows the messages of campaigns: counts them where they are, and holds back those of a campaign that does not run.
package struct CampaignLedger: OutboxListener {
    package init() {}

    package func hold(_ db: Database, campaign: String) throws -> OutboxHold? {
        let statement = try db.cachedStatement(sql: "SELECT state FROM campaign WHERE id = ?")
        let state: Campaign.State? = try Row.fetchOne(statement, arguments: [campaign])?.word("state", in: "campaign")
        return switch state {
        case .cancelled: .never("The campaign was cancelled before it was sent.")
        case .paused: .later(.seconds(5))
        default: nil
        }
    }

    package func moved(_ db: Database, _ move: MessageMove) throws {
        guard let campaign = move.campaign else { return }
        let (old, new) = (CampaignCounts.name(move.from.state), CampaignCounts.name(move.to.state))
        if old != new || move.from.number != move.to.number {
            try CampaignCounts.add(db, -1, old, of: campaign, on: move.from.number)
            try CampaignCounts.add(db, 1, new, of: campaign, on: move.to.number)
        }
        // Whatever is heard first, an answer or any status, shows that Meta has it.
        guard !move.from.state.isWithMeta, move.to.state.isWithMeta else { return }
        let statement = try db.cachedStatement(sql: "SELECT deadline FROM campaign WHERE id = ?")
        guard let deadline = try Timestamp.fetchOne(statement, arguments: [campaign]) else { return }
        try CampaignCounts.add(db, 1, move.at <= deadline ? "inside" : "outside", of: campaign, on: move.to.number)
    }
}

extension Message.State {
    /// Whether Meta is known to have taken the message.
    fileprivate var isWithMeta: Bool {
        switch self {
        case .queued, .sending, .unknown, .failed: false
        case .accepted, .sent, .delivered, .read, .played: true
        }
    }
}
