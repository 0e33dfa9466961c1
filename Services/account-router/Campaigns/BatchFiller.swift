import AccountContract
import AccountNumbers
import AccountOutbox
import GRDB
import GraphAPI
import RPCContract
import RPCTransport
import Storage
import Vocabulary

/// Puts messages into an open batch, each composed and its number chosen at once.
struct BatchFiller: Sendable {
    private let store: Store
    private let campaigns: Campaigns
    private let routing: Routing
    private let desk: MessageDesk
    private let decoder = ParamsDecoder<SendMessage>()

    /// One message that can be added.
    private struct Item: Sendable {
        var line: Int
        var key: String
        var fingerprint: Int64
        var contact: ContactID
        var body: MessageDraft.Body
        var options: OutboundMessage.Options
        var fallback: MessageDraft.Body?
        var route: Route
        var isAsked: Bool
    }

    init(store: Store, campaigns: Campaigns, routing: Routing, desk: MessageDesk) {
        self.store = store
        self.campaigns = campaigns
        self.routing = routing
        self.desk = desk
    }

    func add(_ params: AddToBatch.Params, workspace: String) async throws -> AddToBatch.Reply {
        let row = try await campaigns.find(params.id, workspace: workspace)
        try CampaignStep.fill.check(row.campaign)
        var problems: [RowProblem] = []
        var items: [Item] = []
        for (index, asked) in params.messages.enumerated() {
            do {
                let message = try asked.checked(by: decoder)
                let body = try await desk.body(message, workspace)
                let contact = ContactID(written: message.to)
                let fallback = try await desk.fallback(message, workspace)
                let route = try await routing.route(contact, body, fallback: fallback, asked: message.account, workspace: workspace)
                items.append(
                    Item(
                        line: index + 1, key: message.requestKey, fingerprint: try message.fingerprint, contact: contact, body: body,
                        options: desk.options(message), fallback: fallback, route: route,
                        isAsked: message.account != nil))
            } catch let fault as Fault {
                // A fault of one message concerns that message alone; a service that is away concerns all of them.
                guard fault.retry == .never, fault.code != .internal else { throw fault }
                problems.append(RowProblem(line: index + 1, problem: fault.message))
            }
        }
        let (id, ready, now) = (row.campaign.id, items, store.now)
        let (added, total, reused) = try await store.write { db in
            // Closed meanwhile: nothing may be added to what runs.
            try CampaignStep.fill.check(try CampaignRow.read(db, id).campaign)
            var n = try CampaignCounts(db, id).planned
            let first = n
            var reused: [RowProblem] = []
            for item in ready {
                switch try Self.owner(db, of: item, in: id, workspace: workspace) {
                case .nobody: break
                case .itself: continue
                case .another(let whose):
                    reused.append(
                        RowProblem(line: item.line, problem: "this requestKey belongs to \(whose); use a new key for a new message"))
                    continue
                }
                try db.cachedStatement(
                    sql: """
                        INSERT INTO campaignRecipient (campaign, n, contact, state, key, fingerprint, account, reason, type, category, object, wabaID,
                          options, fallback, isAsked)
                        VALUES (?, ?, ?, 'planned', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """
                )
                .execute(arguments: [
                    id, n, item.contact, item.key, item.fingerprint, item.route.account.phoneNumberID, item.route.reason, item.body.type,
                    item.body.category.rawValue, item.body.object, item.body.wabaID,
                    item.options.isPlain ? nil : try JSON.text(item.options),
                    try item.fallback.map { try JSON.text($0) }, item.isAsked ? 1 : 0,
                ])
                n += 1
            }
            try CampaignCounts.add(db, n - first, "planned", of: id)
            try db.cachedStatement(sql: "UPDATE campaign SET filledAt = ? WHERE id = ?").execute(arguments: [now, id])
            return (n - first, n, reused)
        }
        return AddToBatch.Reply(added: added, problems: (problems + reused).sorted { $0.line < $1.line }, total: total)
    }

    /// The batch or message that a request key belongs to already.
    private enum Owner {
        case nobody
        /// The very same message of this batch.
        case itself
        case another(String)
    }

    /// A key stands for one message of the workspace: in this batch, in another, or sent alone.
    private static func owner(_ db: Database, of item: Item, in batch: CampaignID, workspace: String) throws -> Owner {
        if let known = try CampaignLedger.batch(db, ofKey: item.key, before: batch, workspace: workspace) {
            if known.id != batch { return .another("a message of the batch \(known.id)") }
            return known.fingerprint == item.fingerprint ? .itself : .another("another message of the batch")
        }
        return try Outbox.isKnown(db, item.key, workspace: workspace) ? .another("a message that was sent alone") : .nobody
    }
}
