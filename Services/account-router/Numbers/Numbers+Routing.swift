package import AccountContract
import AccountPacing
import GRDB
import JobQueue
package import RPCContract
import Storage
import Synchronization
package import Vocabulary

/// Which number writes to whom, and the limits that the numbers share.
extension Numbers {
    func table(_ workspace: String) -> RoutingTable { current.withLock { $0.tables[workspace] } ?? RoutingTable([]) }

    /// The table of some of the numbers; made once for each selection and reading.
    private func table(_ workspace: String, _ among: Set<PhoneNumberID>?) -> RoutingTable {
        guard let among else { return table(workspace) }
        return current.withLock { current in
            if let known = current.selections[among] { return known }
            let table = (current.tables[workspace] ?? RoutingTable([])).only(among)
            if current.selections.count > 100 { current.selections = [:] }
            current.selections[among] = table
            return table
        }
    }

    /// Chooses a number for a request.
    ///
    /// - Parameter among: the only numbers that may be chosen; nil for all.
    package func route(_ request: RouteRequest, among: Set<PhoneNumberID>? = nil, workspace: String) throws(Fault) -> Route {
        let whole = table(workspace)
        guard !whole.accounts.isEmpty || request.asked != nil else {
            throw Fault(.noRoute, "The workspace \(workspace) has no number; account.add adds one to it.")
        }
        let table = try table(for: request, among, workspace)
        var request = request
        request.ticket = tickets.withLock { ticket in
            ticket &+= 1
            return ticket
        }
        do throws(Fault) {
            return try table.choose(request, load: { loads.time($0) }, exhausted: request.isForLater ? [] : pacer.exhausted())
        } catch {
            // The numbers that were not to be chosen from are told with their reasons, too.
            throw error.code == .noRoute && request.asked == nil ? whole.refusal(request, among: among) : error
        }
    }

    /// The table to choose from: of the numbers that may be chosen, those that may send the request's template.
    private func table(for request: RouteRequest, _ among: Set<PhoneNumberID>?, _ workspace: String) throws(Fault) -> RoutingTable {
        let whole = table(workspace)
        guard let waba = request.waba, let own = whole.numbers(of: waba) else { return table(workspace, among) }
        if let asked = request.asked {
            if let account = whole.account(asked), account.wabaID != waba {
                throw Fault(
                    .noRoute,
                    "The template belongs to the account \(waba), and the number \(account.displayPhoneNumber) to \(account.wabaID): Meta would refuse it (132001). Submit one under another name in that account, or leave the number open.",
                    path: "account")
            }
            return whole
        }
        let left = among?.intersection(own) ?? own
        if left.isEmpty {
            let whose = own.isEmpty ? "no number of this workspace does" : "none of the numbers that may send it does"
            throw Fault(.noRoute, "The template belongs to the account \(waba), and \(whose).")
        }
        guard among == nil else { return table(workspace, left) }
        return current.withLock { current in
            if let known = current.ofAccounts[waba]?[workspace] { return known }
            let present = current.tables[workspace] ?? RoutingTable([])
            let table = present.only(present.numbers(of: waba) ?? Set(present.accounts.map(\.phoneNumberID)))
            current.ofAccounts[waba, default: [:]][workspace] = table
            return table
        }
    }

    /// Why each number of a workspace would not be chosen now, by its id.
    package func obstacles(_ category: Message.Category, workspace: String) -> [String: String] {
        table(workspace).obstacles(category, exhausted: pacer.exhausted())
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
        try await change { [self] db in try set(db, portfolio: params.id, limit: params.messagingLimit) }
    }

    /// Why nothing more of a category can be counted on from a number now, beside its duty; nil where it can.
    package func obstacle(_ account: Account, _ category: Message.Category) -> String? {
        if let obstacle = RoutingTable.obstacle(account, category) { return obstacle }
        if account.duty == .draining { return RoutingTable.duty(account) }
        return pacer.isBlocked(account.phoneNumberID) ? "Meta refuses it, or does not answer" : nil
    }

    /// All numbers of a number's portfolio.
    package func portfolioMates(of number: PhoneNumberID) -> [PhoneNumberID] {
        guard let portfolio = account(number)?.portfolio else { return [] }
        return all().filter { $0.portfolio == portfolio }.map(\.phoneNumberID)
    }

    /// Whether a portfolio may write to nobody new now.
    package func isExhausted(_ portfolio: String) -> Bool { pacer.exhausted().contains(portfolio) }

    /// Whether a campaign's messages may be given to a number now: it can send them, takes new contacts, Meta answers it,
    /// and its portfolio may write to somebody new.
    package func takesCampaigns(_ id: PhoneNumberID, _ category: Message.Category) -> Bool {
        guard let account = account(id) else { return false }
        return obstacle(account, category) == nil && (category == .service || !pacer.exhausted().contains(account.portfolio))
    }

    /// The numbers to which a campaign's messages may be given now.
    ///
    /// - Parameters:
    ///   - waba: the account whose template it is; nil for what any number may send.
    ///   - allowed: the only ones that the campaign may be sent from; nil for all.
    package func thatTakeCampaigns(
        _ category: Message.Category, of waba: WABAID?, among allowed: Set<PhoneNumberID>?, workspace: String
    ) -> Set<PhoneNumberID> {
        let own = table(workspace).numbers(of: waba)
        return Set(
            accounts(of: workspace).map(\.phoneNumberID).filter {
                allowed?.contains($0) ?? true && own?.contains($0) ?? true && takesCampaigns($0, category)
            })
    }

    /// The numbers that a template may ever go out from.
    ///
    /// - Parameters:
    ///   - waba: the account whose template it is; nil for what any number may send.
    ///   - allowed: the only ones that may be chosen; nil for all.
    package func thatMaySend(of waba: WABAID?, among allowed: Set<PhoneNumberID>? = nil, workspace: String) -> [Account] {
        accounts(of: workspace).filter { account in
            waba.map { $0 == account.wabaID } ?? true && allowed?.contains(account.phoneNumberID) ?? true
        }
    }

    /// The numbers that may take over what waits on some: those of their accounts (WABAs), as templates belong to one.
    ///
    /// - Parameter allowed: the only ones that may be chosen; nil for all.
    package func thatMayTakeOver(
        from places: Set<PhoneNumberID>, among allowed: Set<PhoneNumberID>? = nil, workspace: String
    ) -> [Account] {
        let wabas = Set(places.compactMap { account($0)?.wabaID })
        return thatMaySend(of: nil, among: allowed, workspace: workspace).filter { wabas.isEmpty || wabas.contains($0.wabaID) }
    }

    /// Whether a number may send a template of an account (WABA); a number that is not there may send nothing.
    package func maySend(_ id: PhoneNumberID, of waba: WABAID?) -> Bool {
        guard let account = account(id) else { return false }
        return waba.map { $0 == account.wabaID } ?? true
    }

    /// Messages a second of a category that a number may send now; 0 where something is in the way.
    package func rate(_ account: Account, _ category: Message.Category) -> Double {
        guard RoutingTable.obstacle(account, category) == nil else { return 0 }
        return pacer.rate(account.phoneNumberID) * (category == .marketing ? Double(account.marketingShare) / 100 : 1)
    }

    /// Messages a second of a category that some numbers may send now.
    package func rate(of accounts: [Account], _ category: Message.Category) -> Double {
        accounts.map { rate($0, category) }.reduce(0, +)
    }

    /// People that the portfolios of some numbers may still write to first in these 24 hours; nil where one has no limit.
    package func headroom(_ numbers: Set<PhoneNumberID>) -> Int? {
        var sum = 0
        for portfolio in Set(numbers.compactMap { account($0)?.portfolio }) {
            guard let headroom = pacer.portfolio(portfolio)?.headroom else { return nil }
            sum += headroom
        }
        return numbers.isEmpty ? nil : sum
    }

    func portfolios(_ workspace: String) -> ListPortfolios.Reply {
        let groups = Dictionary(grouping: accounts(of: workspace), by: \.portfolio)
        let (known, words) = current.withLock { ($0.known, $0.words) }
        return ListPortfolios.Reply(
            items: groups.keys.sorted().map { id in
                let state = pacer.portfolio(id)
                return ListPortfolios.Item(
                    id: id, messagingLimit: state?.limit, isAssumed: !known.contains(id), word: words[id], headroom: state?.headroom,
                    held: pacer.brake(of: id), accounts: groups[id]?.map(\.phoneNumberID) ?? [])
            }
        )
    }
}
