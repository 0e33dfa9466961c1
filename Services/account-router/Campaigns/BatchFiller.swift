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
                let route = try await routing.route(contact, body.category, asked: message.account, workspace: workspace)
                let fallback = try await desk.fallback(message, workspace)
                items.append(
                    Item(
                        line: index + 1, key: message.requestKey, fingerprint: try message.fingerprint, contact: contact, body: body,
                        options: desk.options(message), fallback: fallback, route: route))
            } catch let fault as Fault {
                // What is wrong with one message is its own; a service that is away concerns all.
                guard fault.retry == .never, fault.code != .internal else { throw fault }
                problems.append(RowProblem(line: index + 1, problem: fault.message))
            }
        }
        let (id, ready) = (params.id, items)
        let (added, total, reused) = try await store.write { db in
            // Closed meanwhile: nothing may be added to what runs.
            try CampaignStep.fill.check(try CampaignRow.find(db, id).campaign)
            var n = try CampaignCounts(db, id).planned
            let first = n
            var reused: [RowProblem] = []
            for item in ready {
                let known = try db.cachedStatement(sql: "SELECT fingerprint FROM campaignRecipient WHERE campaign = ? AND key = ?")
                if let fingerprint = try Int64.fetchOne(known, arguments: [id, item.key]) {
                    guard fingerprint != item.fingerprint else { continue }
                    let problem = "this requestKey belongs to another message of the batch; use a new key for a new message"
                    reused.append(RowProblem(line: item.line, problem: problem))
                    continue
                }
                try db.cachedStatement(
                    sql: """
                        INSERT INTO campaignRecipient (campaign, n, contact, state, key, fingerprint, account, reason, type, category, object, options,
                          fallback)
                        VALUES (?, ?, ?, 'planned', ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """
                )
                .execute(arguments: [
                    id, n, item.contact, item.key, item.fingerprint, item.route.account.phoneNumberID, item.route.reason, item.body.type,
                    item.body.category.rawValue, item.body.object, item.options.isPlain ? nil : try JSON.text(item.options),
                    try item.fallback.map { try JSON.text($0) },
                ])
                n += 1
            }
            try CampaignCounts.add(db, n - first, "planned", of: id)
            return (n - first, n, reused)
        }
        return AddToBatch.Reply(added: added, problems: (problems + reused).sorted { $0.line < $1.line }, total: total)
    }
}
