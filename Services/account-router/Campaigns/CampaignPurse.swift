import AccountContract
import AccountOutbox
import GRDB
import RPCContract
import Storage
import Vocabulary

/// The rest of a campaign's budget: one rule for handing over, for going on and for reports.
struct CampaignPurse: Sendable {
    let budget: Money?
    /// In the budget's currency; nil where there is no budget.
    private(set) var spent: Money?

    init(_ db: Database, _ row: CampaignRow) throws {
        budget = row.budget
        spent = try row.budget.map { budget in
            try CampaignSpending.of(db, row.campaign.id).first { $0.currency == budget.currency } ?? .zero(in: budget.currency)
        }
    }

    /// Whether nothing of a budget is left, whatever a message costs.
    var isEmpty: Bool { spent.flatMap { budget?.isMore(than: $0) } == false }

    /// Why a message cannot be paid for; nil where it can, or where there is no budget.
    func obstacle(_ price: Money?) -> String? {
        guard let budget, let spent else { return nil }
        guard let price else { return "\(CampaignSpending.unkept): no tariff is known for a recipient; tariff.import adds it" }
        guard let isTooMuch = spent.plus(price)?.isMore(than: budget) else {
            return "\(CampaignSpending.unkept): it is in \(budget.currency), and the next message is priced in \(price.currency)"
        }
        guard isTooMuch else { return nil }
        return
            "\(CampaignSpending.exhausted): \(spent) of \(budget) is spent or on its way, and the next message costs \(price.exactAmount) \(price.currency); campaign.setBudget gives it another"
    }

    mutating func pay(_ price: Money) {
        spent = spent?.plus(price) ?? spent
    }
}

extension Campaigns {
    /// Why a campaign would stop at its next message; nil where its budget pays for that, or nobody is left.
    func budgetObstacle(_ db: Database, _ row: CampaignRow, at now: Timestamp) throws -> String? {
        let purse = try CampaignPurse(db, row)
        guard purse.budget != nil, let next = try Self.next(db, row.campaign.id, at: now) else { return nil }
        var body = try CampaignHandover.body(next, row, try next.word("category", in: "campaignRecipient"))
        // Meta may have moved its template since it was planned.
        if let waba = body.wabaID, let moved = try outbox.categories.category(of: body.object, in: waba) { body.category = moved }
        let prices = try Tariffs(store: store).table(db, workspace: row.workspace, at: now)
        return purse.obstacle(prices.price(next["contact"] as ContactID, body.category))
    }

    /// The next recipient to hand over: the first who is due, in the order in which queues are fed, else the one who is due first.
    private static func next(_ db: Database, _ id: CampaignID, at now: Timestamp) throws -> Row? {
        let queues = try queues(db, id)
        guard let queue = queues.first(where: { $0.firstDue <= now }) ?? queues.min(by: { $0.firstDue < $1.firstDue }) else { return nil }
        return try Row.fetchOne(
            db,
            sql: """
                SELECT * FROM campaignRecipient INDEXED BY campaignDue
                WHERE campaign = ? AND state = 'planned' AND account = ? AND category = ? ORDER BY sendAt, n LIMIT 1
                """, arguments: [id, queue.number, queue.category.rawValue])
    }
}
