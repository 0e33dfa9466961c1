package import AccountContract
import Foundation
package import RPCContract
package import Vocabulary

/// The decision from which number a message goes out; it explains itself.
package struct Route: Equatable {
    package var account: Account
    package var reason: String
}

/// A question to the table.
package struct RouteRequest {
    package var contact: ContactID
    package var category: Message.Category
    /// The account (WABA) whose template it is; nil for anything else.
    ///
    /// Meta takes it from that account's numbers only (132001).
    package var waba: WABAID?
    /// The number that the request names.
    package var asked: PhoneNumberID?
    /// The number that the contact is to be written to from.
    package var preferred: PhoneNumberID?
    /// The number that the contact is used to.
    package var sticky: PhoneNumberID?
    /// Counts requests, for strategies that go round or draw lots.
    package var ticket: UInt64
    /// Whether it is for a later day: a portfolio that may write to nobody new today may do so then.
    package var isForLater = false

    package init(
        contact: ContactID,
        category: Message.Category = .service,
        waba: WABAID? = nil,
        asked: PhoneNumberID? = nil,
        preferred: PhoneNumberID? = nil,
        sticky: PhoneNumberID? = nil,
        ticket: UInt64 = 0
    ) {
        self.contact = contact
        self.category = category
        self.waba = waba
        self.asked = asked
        self.preferred = preferred
        self.sticky = sticky
        self.ticket = ticket
    }
}

/// The numbers of one workspace, arranged so that a choice among a thousand takes microseconds.
///
/// A plain value, made anew when a number changes; loads and exhausted portfolios are given at the choice.
package struct RoutingTable: Sendable {
    private struct Entry {
        var index: Int
        var seed: UInt64
        var weight: Double
        var country: String
    }

    /// Numbers that compete, with their hashes side by side: a thousand are looked through in a microsecond or two.
    private struct Pool {
        let entries: [Entry]
        let seeds: [UInt64]
        /// Runs of one weight.
        let runs: [(range: Range<Int>, weight: Double)]

        init(_ entries: [Entry]) {
            self.entries = entries
            seeds = entries.map(\.seed)
            var runs: [(range: Range<Int>, weight: Double)] = []
            for (index, entry) in entries.enumerated() {
                if let last = runs.last, last.weight == entry.weight {
                    runs[runs.count - 1].range = last.range.lowerBound..<index + 1
                } else {
                    runs.append((index..<index + 1, entry.weight))
                }
            }
            self.runs = runs
        }
    }

    let accounts: [Account]
    let strategy: RoutingStrategy
    let isGeographic: Bool
    private let byID: [PhoneNumberID: Int]
    private let byWABA: [WABAID: Set<PhoneNumberID>]
    /// The active numbers that may carry something, grouped by weight, and the spares.
    private struct Pools {
        var active: Pool
        var spare: Pool
    }

    private let marketing: Pools
    /// Utility and authentication: begun by the business too, and a restriction concerns them.
    private let utility: Pools
    private let service: Pools

    package init(_ accounts: [Account], strategy: RoutingStrategy = .weighted, isGeographic: Bool = false) {
        self.accounts = accounts
        self.strategy = strategy
        self.isGeographic = isGeographic
        byID = Dictionary(accounts.enumerated().map { ($1.phoneNumberID, $0) }, uniquingKeysWith: { first, _ in first })
        byWABA = Dictionary(grouping: accounts, by: \.wabaID).mapValues { Set($0.map(\.phoneNumberID)) }
        func entries(_ duty: Account.Duty, _ category: Message.Category) -> Pool {
            Pool(
                accounts.enumerated().filter { $1.duty == duty && Self.obstacle($1, category) == nil }.map { index, account in
                    Entry(
                        index: index,
                        seed: FNV1a.hash(account.phoneNumberID.rawValue),
                        // While it recovers, a number gets its share of new contacts only.
                        weight: Double(account.weight) * (category == .marketing ? Double(max(1, account.marketingShare)) / 100 : 1),
                        country: CallingCode.of(PhoneNumber.normalise(account.displayPhoneNumber) ?? "")?.country ?? ""
                    )
                }
                .sorted { ($0.weight, $0.index) < ($1.weight, $1.index) })
        }
        func pools(_ category: Message.Category) -> Pools { Pools(active: entries(.active, category), spare: entries(.spare, category)) }
        (marketing, utility, service) = (pools(.marketing), pools(.utility), pools(.service))
    }

    /// Chooses a number.
    ///
    /// - Parameters:
    ///   - load: how long a number needs for what waits on it, for `leastLoaded`.
    ///   - exhausted: portfolios that may write to nobody new now.
    package func choose(
        _ request: RouteRequest,
        load: (PhoneNumberID) -> Milliseconds = { _ in 0 },
        exhausted: @autoclosure () -> Set<String> = []
    ) throws(Fault) -> Route {
        if let asked = request.asked {
            guard let account = account(asked) else {
                throw Fault(.accountUnknown, "The number \(asked) is not configured; account.list shows all.", path: "account")
            }
            if let obstacle = Self.obstacle(account, request.category) {
                throw Fault(.noRoute, "The number \(account.displayPhoneNumber) cannot send it: \(obstacle).", path: "account")
            }
            return Route(account: account, reason: "the request names this number")
        }
        for (known, reason) in [
            (request.preferred, "the contact is to be written to from this number"), (request.sticky, "the contact is used to this number"),
        ] {
            if let known, let account = account(known), Self.obstacle(account, request.category) == nil {
                return Route(account: account, reason: reason)
            }
        }
        let pools =
            switch request.category {
            case .marketing: marketing
            case .utility, .authentication: utility
            case .service: service
            }
        for (entries, isSpare) in [(pools.active, false), (pools.spare, true)] {
            let usable = request.category == .service ? entries : withHeadroom(entries, exhausted())
            guard let found = pick(usable, request, load) else { continue }
            return isSpare ? Route(account: found.account, reason: "no active number can send it, so a spare does; \(found.reason)") : found
        }
        // A message that no number may begin now waits where it will be allowed again.
        if [.utility, .authentication].contains(request.category),
            let found = pick(withHeadroom(service.active, exhausted()), request, load)
        {
            return Route(account: found.account, reason: "no number may send it now, so it waits; \(found.reason)")
        }
        throw refusal(request)
    }

    /// Why each number would not be chosen; for `route.preview`.
    func obstacles(_ category: Message.Category, exhausted portfolios: Set<String> = []) -> [String: String] {
        var found: [String: String] = [:]
        for account in accounts {
            let exhausted =
                category != .service && portfolios.contains(account.portfolio) ? "its portfolio may write to nobody new for now" : nil
            found[account.phoneNumberID.rawValue] = Self.obstacle(account, category) ?? Self.duty(account) ?? exhausted
        }
        return found
    }

    func account(_ id: PhoneNumberID) -> Account? { byID[id].map { accounts[$0] } }

    /// The table of some of its numbers.
    func only(_ numbers: Set<PhoneNumberID>) -> RoutingTable {
        RoutingTable(accounts.filter { numbers.contains($0.phoneNumberID) }, strategy: strategy, isGeographic: isGeographic)
    }

    /// The numbers that may send a template of an account (WABA); nil for all.
    func numbers(of waba: WABAID?) -> Set<PhoneNumberID>? {
        guard let waba else { return nil }
        let own = byWABA[waba] ?? []
        return own.count == accounts.count ? nil : own
    }

    /// Why a number cannot send messages of a category at all.
    package static func obstacle(_ account: Account, _ category: Message.Category) -> String? {
        if !account.enabled { return "it is disabled" }
        if account.link != .registered { return "it is not registered with the Cloud API" }
        if account.health == .banned { return "Meta has banned or disabled it" }
        if category != .service, account.health == .restricted { return "Meta lets it begin nothing until its restriction ends" }
        if category != .service, account.health == .held { return "Meta refuses what its account pays for; account.release ends the hold" }
        if category == .marketing, account.health == .resting {
            return "it sends no marketing while its quality is \(account.quality.rawValue)"
        }
        return nil
    }

    /// Why a number takes no new contacts of itself; nil where it does.
    package static func duty(_ account: Account) -> String? {
        switch account.duty {
        case .active: nil
        case .spare: "it is a spare, used when no active number can"
        case .draining: "it is draining and takes no new contacts"
        }
    }

    private func withHeadroom(_ pool: Pool, _ exhausted: Set<String>) -> Pool {
        guard !exhausted.isEmpty else { return pool }
        return Pool(pool.entries.filter { !exhausted.contains(accounts[$0.index].portfolio) })
    }

    private func pick(_ pool: Pool, _ request: RouteRequest, _ load: (PhoneNumberID) -> Milliseconds) -> Route? {
        let entries = pool.entries
        guard !entries.isEmpty else { return nil }
        if entries.count == 1 { return Route(account: accounts[entries[0].index], reason: "it is the only number that can") }
        if isGeographic, let country = CallingCode.of(request.contact)?.country {
            let near = entries.filter { $0.country == country }
            if !near.isEmpty, near.count < entries.count {
                return among(Pool(near), request, load).map { Route(account: $0.account, reason: "\($0.reason), of those in \(country)") }
            }
        }
        return among(pool, request, load)
    }

    private func among(_ pool: Pool, _ request: RouteRequest, _ load: (PhoneNumberID) -> Milliseconds) -> Route? {
        let entries = pool.entries
        func route(_ entry: Entry, _ reason: String) -> Route { Route(account: accounts[entry.index], reason: reason) }
        switch strategy {
        case .weighted: break
        case .roundRobin:
            return route(entries[Int(request.ticket % UInt64(entries.count))], "it is this number's turn among \(entries.count)")
        case .random:
            return route(entries[Int(Self.mixed(request.ticket) % UInt64(entries.count))], "drawn by lot among \(entries.count)")
        case .leastLoaded:
            let least = entries.min { load(accounts[$0.index].phoneNumberID) < load(accounts[$1.index].phoneNumberID) }
            return least.map { route($0, "it has the least work waiting among \(entries.count)") }
        case .masterFirst:
            if let master = entries.first(where: { accounts[$0.index].role == .master }) { return route(master, "it is the master") }
        case .qualityFirst:
            let best = entries.map { accounts[$0.index].score }.max() ?? 0
            let top = entries.filter { accounts[$0.index].score == best }
            return weighted(Pool(top), request.contact).map { route($0, "its score of \(best) is the best among \(entries.count)") }
        }
        return weighted(pool, request.contact).map { route($0, "contacts are spread over \(entries.count) numbers by weight") }
    }

    /// Weighted rendezvous hashing: a contact keeps its number when others come and go.
    ///
    /// Among numbers of one weight the largest hash wins, which needs no logarithm; then the winners of each weight compete.
    private func weighted(_ pool: Pool, _ contact: ContactID) -> Entry? {
        let hash = FNV1a.hash(contact.rawValue)
        var best = (index: -1, score: -1.0)
        // Without bounds checks, and not beyond this closure: a thousand seeds take a microsecond or two.
        pool.seeds.withUnsafeBufferPointer { seeds in
            for (range, weight) in pool.runs {
                var (top, most) = (range.lowerBound, UInt64(0))
                for index in range {
                    let value = Self.mixed(seeds[index] ^ hash)
                    if value >= most { (most, top) = (value, index) }
                }
                let share = (Double(most >> 11) + 0.5) / Double(1 << 53)
                let score = weight / -log(share)
                if score > best.score { best = (top, score) }
            }
        }
        return best.index < 0 ? nil : pool.entries[best.index]
    }

    /// So that neighbouring values spread.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var hash = value
        hash ^= hash >> 33
        hash = hash &* 0xFF51_AFD7_ED55_8CCD
        hash ^= hash >> 33
        hash = hash &* 0xC4CE_B9FE_1A85_EC53
        return hash ^ (hash >> 33)
    }
}
