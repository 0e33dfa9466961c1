import AccountContract
package import GRDB
import JobQueue
import RPCContract
import Storage
import Synchronization
import Vocabulary

/// Which number writes to whom, and the limits that the numbers share.
extension AccountStore {
    func table(_ workspace: String) -> RoutingTable { current.withLock { $0.tables[workspace] } ?? RoutingTable([]) }

    /// The table of some of the numbers; made once for each selection and reading.
    private func table(_ workspace: String, _ among: Set<PhoneNumberID>?) -> RoutingTable {
        guard let among else { return table(workspace) }
        return current.withLock { current in
            if let known = current.selections[among] { return known }
            let whole = current.tables[workspace] ?? RoutingTable([])
            let table = RoutingTable(
                whole.accounts.filter { among.contains($0.phoneNumberID) }, strategy: whole.strategy, isGeographic: whole.isGeographic)
            if current.selections.count > 100 { current.selections = [:] }
            current.selections[among] = table
            return table
        }
    }

    /// Chooses a number; the contact's preference and habit are read in the caller's transaction.
    ///
    /// - Parameter among: the only numbers that may be chosen; nil for all.
    func route(
        _ db: Database,
        _ contact: ContactID,
        _ category: Message.Category,
        asked: PhoneNumberID? = nil,
        among: Set<PhoneNumberID>? = nil,
        workspace: String
    ) throws -> Route {
        var request = RouteRequest(
            contact: contact,
            category: category,
            asked: asked,
            ticket: tickets.withLock { ticket in
                ticket &+= 1
                return ticket
            }
        )
        if asked == nil { try request.readHabits(db, workspace: workspace) }
        if asked == nil, category == .service, let open = try openWindow(db, contact) { request.sticky = open }
        return try table(workspace, among).choose(request, load: { loads.seconds($0) }, exhausted: pacer.exhausted())
    }

    func route(_ contact: ContactID, _ category: Message.Category, asked: PhoneNumberID?, workspace: String) async throws -> Route {
        try await pool.read { [self] in try route($0, contact, category, asked: asked, workspace: workspace) }
    }

    /// Free-form messages go from the number whose window is open, whichever has written since.
    private func openWindow(_ db: Database, _ contact: ContactID) throws -> PhoneNumberID? {
        let statement = try db.cachedStatement(
            sql: "SELECT account FROM conversationWindow WHERE contact = ? AND expiresAt > ? ORDER BY expiresAt DESC LIMIT 1")
        return try String.fetchOne(statement, arguments: [contact.rawValue, clock.now]).map { PhoneNumberID($0) }
    }

    func preview(_ params: PreviewRoute.Params, workspace: String) async throws -> PreviewRoute.Reply {
        let category = params.category ?? .service
        let route = try await route(MessageDesk.contact(params.contact.rawValue), category, asked: nil, workspace: workspace)
        var others = table(workspace).obstacles(category, exhausted: pacer.exhausted())
        others[route.account.phoneNumberID.rawValue] = nil
        return PreviewRoute.Reply(account: route.account.phoneNumberID, reason: route.reason, others: others)
    }

    func prefer(_ params: PreferRoute.Params, workspace: String) async throws {
        if let account = params.account { _ = try found(account, workspace: workspace) }
        let now = clock.now
        try await commits.write { db in
            try db.cachedStatement(
                sql: """
                    INSERT INTO contactRoute (workspace, contact, preferred, at) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET preferred = excluded.preferred
                    """
            )
            .execute(arguments: [workspace, MessageDesk.contact(params.contact.rawValue).rawValue, params.account?.rawValue, now])
        }
    }

    func set(_ params: SetStrategy.Params, workspace: String) async throws {
        try await change { db in
            try db.execute(
                sql: """
                    INSERT INTO strategy (workspace, name, isGeographic) VALUES (?1, ?2, coalesce(?3, 0))
                    ON CONFLICT DO UPDATE SET name = ?2, isGeographic = coalesce(?3, isGeographic)
                    """,
                arguments: [workspace, params.name.rawValue, params.geographic.map { $0 ? 1 : 0 }]
            )
        }
    }

    func strategy(_ workspace: String) -> GetStrategy.Reply {
        let table = table(workspace)
        return GetStrategy.Reply(name: table.strategy, geographic: table.isGeographic)
    }

    func set(_ params: SetPortfolio.Params, workspace: String) async throws {
        guard accounts(of: workspace).contains(where: { $0.portfolio == params.id }) else {
            throw Fault(.accountUnknown, "No number is in the portfolio \(params.id.prefix(64)); portfolio.list shows all.", path: "id")
        }
        guard all().allSatisfy({ $0.portfolio != params.id || $0.workspace == workspace }) else {
            throw Fault(.accountUnknown, "The portfolio \(params.id) is another workspace's.", path: "id")
        }
        let now = clock.now
        try await change { db in
            try Self.set(db, portfolio: params.id, limit: params.messagingLimit)
            try Self.release(db, portfolio: params.id, at: now)
        }
    }

    /// What waited for a portfolio's limit may be looked at again: the limit is another now.
    static func release(_ db: Database, portfolio: String, at now: Timestamp) throws {
        for account in try read(db) where account.portfolio == portfolio {
            try JobTable.releaseUntried(db, queue: Outbox.queue(account.phoneNumberID), now: now)
        }
    }

    static func set(_ db: Database, portfolio: String, limit: Int?) throws {
        try db.execute(
            sql:
                "INSERT INTO portfolio (id, messagingLimit) VALUES (?, ?) ON CONFLICT DO UPDATE SET messagingLimit = excluded.messagingLimit",
            arguments: [portfolio, limit]
        )
    }

    /// Why nothing more of a category can be counted on from a number now, beside its duty; nil where it can.
    func obstacle(_ account: Account, _ category: Message.Category) -> String? {
        if let obstacle = RoutingTable.obstacle(account, category) { return obstacle }
        if account.duty == .draining { return RoutingTable.duty(account) }
        return pacer.isBlocked(account.phoneNumberID) ? "Meta refuses it, or does not answer" : nil
    }

    /// Messages a second of a category that a number may send now; 0 where something is in the way.
    func rate(_ account: Account, _ category: Message.Category) -> Double {
        guard RoutingTable.obstacle(account, category) == nil else { return 0 }
        return pacer.rate(account.phoneNumberID) * (category == .marketing ? Double(account.marketingShare) / 100 : 1)
    }

    /// People that the portfolios of some numbers may still write to first in these 24 hours; nil where one has no limit.
    func headroom(_ numbers: Set<PhoneNumberID>) -> Int? {
        var sum = 0
        for portfolio in Set(numbers.compactMap { account($0)?.portfolio }) {
            guard let headroom = pacer.portfolio(portfolio)?.headroom else { return nil }
            sum += headroom
        }
        return numbers.isEmpty ? nil : sum
    }

    func portfolios(_ workspace: String) -> ListPortfolios.Reply {
        let groups = Dictionary(grouping: accounts(of: workspace), by: \.portfolio)
        return ListPortfolios.Reply(
            items: groups.keys.sorted().map { id in
                let state = pacer.portfolio(id)
                return ListPortfolios.Item(
                    id: id, messagingLimit: state?.limit, headroom: state?.headroom, accounts: groups[id]?.map(\.phoneNumberID) ?? [])
            }
        )
    }
}

extension RouteRequest {
    /// Fills in the contact's preference and habit.
    package mutating func readHabits(_ db: Database, workspace: String) throws {
        let statement = try db.cachedStatement(sql: "SELECT preferred, sticky FROM contactRoute WHERE workspace = ? AND contact = ?")
        guard let row = try Row.fetchOne(statement, arguments: [workspace, contact.rawValue]) else { return }
        preferred = (row[0] as String?).map { PhoneNumberID($0) }
        sticky = (row[1] as String?).map { PhoneNumberID($0) }
    }
}
