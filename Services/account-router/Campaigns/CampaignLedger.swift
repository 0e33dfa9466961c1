import AccountContract
package import AccountOutbox
import Coordination
package import GRDB
import Storage
package import Vocabulary

/// Follows the messages of campaigns: counts them where they are, and holds back those of a campaign that does not run.
package struct CampaignLedger: OutboxListener {
    /// By campaign: what it has promised does not change once it is planned.
    private let gates = Mutexed<[CampaignID: SendingGate]>([:])
    private static let gateLimit = 1000
    private let states: CampaignStates

    package init(states: CampaignStates) {
        self.states = states
    }

    /// A key stands for one message of the workspace, whether it is sent alone or in a batch.
    package func owner(_ db: Database, ofKey requestKey: String, workspace: String) throws -> String? {
        try Self.batch(db, ofKey: requestKey, workspace: workspace).map { "a message of the batch \($0.id)" }
    }

    /// The batch that has a message with a key, preferably a given one, and that message's fingerprint.
    static func batch(_ db: Database, ofKey requestKey: String, before other: CampaignID = "", workspace: String) throws -> (
        id: CampaignID, fingerprint: Int64
    )? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT campaign, fingerprint FROM campaignRecipient INDEXED BY campaignKey
                WHERE key = ? AND (SELECT workspace FROM campaign WHERE id = campaignRecipient.campaign) = ?
                ORDER BY campaign = ? DESC LIMIT 1
                """)
        return try Row.fetchOne(statement, arguments: [requestKey, workspace, other]).map { ($0["campaign"], $0["fingerprint"]) }
    }

    package func hold(_ db: Database, _ message: MessageID, campaign: CampaignID, at now: Timestamp) throws -> OutboxHold? {
        let statement = try db.cachedStatement(sql: "SELECT state, deadline FROM campaign WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [campaign]) else { return nil }
        switch try row.word("state", in: "campaign") as Campaign.State {
        case .cancelled: return .never("The campaign was cancelled before it was sent.")
        case .paused: return .later(.seconds(5))
        default: break
        }
        guard let last = row["deadline"] as Timestamp? else { return nil }
        return try promised(db, message, campaign, last: last, at: now)
    }

    /// By the quiet hours of who gets it and by its deadline; whether the campaign runs does not matter.
    package func promised(_ db: Database, _ message: MessageID, campaign: CampaignID, at time: Timestamp) throws -> OutboxHold? {
        let statement = try db.cachedStatement(sql: "SELECT deadline FROM campaign WHERE id = ?")
        guard let last = try Timestamp.fetchOne(statement, arguments: [campaign]) else { return nil }
        return try promised(db, message, campaign, last: last, at: time)
    }

    private func promised(
        _ db: Database, _ message: MessageID, _ campaign: CampaignID, last: Timestamp, at now: Timestamp
    ) throws -> OutboxHold? {
        let recipient = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT contact, zone, deadline FROM campaignRecipient INDEXED BY campaignMessage WHERE message = ?"),
            arguments: [message])
        guard let recipient else { return nil }
        let verdict = try gate(db, campaign)
            .verdict(recipient["contact"], zone: recipient["zone"], deadline: recipient["deadline"] ?? last, at: now)
        return switch verdict {
        case .open: nil
        case .later(let time): .later(time - now)
        case .never(let reason): .never(reason)
        }
    }

    private func gate(_ db: Database, _ campaign: CampaignID) throws -> SendingGate {
        if let known = gates.value[campaign] { return known }
        let gate = try CampaignRow.read(db, campaign).gate
        gates.with { gates in
            if gates.count >= Self.gateLimit { gates.removeAll() }
            gates[campaign] = gate
        }
        return gate
    }

    package func moved(_ db: Database, _ move: MessageMove) throws {
        guard let campaign = move.campaign else { return }
        let (old, new) = (CampaignCounts.name(move.from.state), CampaignCounts.name(move.to.state))
        if old != new || move.from.number != move.to.number {
            try CampaignCounts.add(db, -1, old, of: campaign, on: move.from.number)
            try CampaignCounts.add(db, 1, new, of: campaign, on: move.to.number)
        }
        if move.from.state == .failed {
            try CampaignCounts.add(db, 1, CampaignCounts.failedBefore, of: campaign)
            try CampaignSpending.chargeAgain(db, message: move.message, of: campaign)
        }
        if move.to.state == .failed { try CampaignSpending.refund(db, message: move.message, of: campaign) }
        // Meta may tell only after the end that messages have failed, or that one has come after all.
        if move.from.state == .failed || move.to.state == .failed { try states.reviewEnd(db, campaign) }
        // The first word of it, an answer or any status, shows that Meta has it; a message that fails afterwards has not come.
        let isTaken = !move.from.state.isWithMeta && move.to.state.isWithMeta
        let isLost = move.from.state.isWithMeta && move.to.state == .failed
        guard move.isOptOut || isTaken || isLost, let (deadline, isJudged) = try promise(db, move.message, campaign) else { return }
        // Who says in time that they want no such message is no part of the promise.
        if move.isOptOut, move.from.state.isWithMeta || move.at <= deadline { try noteOptOut(db, move.message, of: campaign) }
        if isTaken || isLost {
            let metAt = isTaken ? move.at : try Self.metAt(db, move.message) ?? move.at
            try CampaignCounts.add(db, isTaken ? 1 : -1, metAt <= deadline ? "inside" : "outside", of: campaign, on: move.to.number)
        }
        // A failure that comes after the verdict breaks the promise all the same, and one person less may be what it lacked.
        if isJudged { try states.judgeAgain(db, campaign) }
    }

    /// Somebody has opted out in time: it is written down in case they are tried again.
    private func noteOptOut(_ db: Database, _ message: MessageID, of campaign: CampaignID) throws {
        let statement = try db.cachedStatement(
            sql: """
                UPDATE campaignRecipient INDEXED BY campaignMessage
                SET problem = coalesce((SELECT error FROM messageOutcome WHERE id = ?1), 'has opted out') WHERE message = ?1
                """)
        try statement.execute(arguments: [message])
        try CampaignCounts.add(db, 1, CampaignCounts.failedOptOut, of: campaign)
    }

    /// The deadline of a message, and whether its campaign's promise is judged; nil where nothing was promised.
    private func promise(_ db: Database, _ message: MessageID, _ campaign: CampaignID) throws -> (deadline: Timestamp, isJudged: Bool)? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT coalesce((SELECT deadline FROM campaignRecipient INDEXED BY campaignMessage WHERE message = ?1), deadline) AS last,
                  verdict IS NOT NULL AS isJudged
                FROM campaign WHERE id = ?2
                """)
        guard let row = try Row.fetchOne(statement, arguments: [message, campaign]) else { return nil }
        return (row["last"] as Timestamp?).map { ($0, row["isJudged"]) }
    }

    private static func metAt(_ db: Database, _ message: MessageID) throws -> Timestamp? {
        try Timestamp.fetchOne(db.cachedStatement(sql: "SELECT metAt FROM messageOutcome WHERE id = ?"), arguments: [message])
    }
}
