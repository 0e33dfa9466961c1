import AccountContract
import Foundation
import RPCContract
import Vocabulary

/// The decision from which number a message goes out; it explains itself.
struct Route: Equatable {
    var account: Account
    var reason: String
}

/// What is asked of the table.
struct RouteRequest {
    var contact: ContactID
    var category: Message.Category = .service
    /// The number that the request names.
    var asked: PhoneNumberID?
    /// The number that the contact is to be written to from.
    var preferred: PhoneNumberID?
    /// The number that the contact is used to.
    var sticky: PhoneNumberID?
    /// Counts requests, for strategies that go round or draw lots.
    var ticket: UInt64 = 0
}

/// The numbers of one workspace, arranged so that a choice among a thousand takes microseconds.
///
/// A plain value, made anew when a number changes; loads and exhausted portfolios are given at the choice.
struct RoutingTable: Sendable {
    private struct Entry {
        var index: Int
        var seed: UInt64
        var weight: Double
        var country: String
    }

    let accounts: [Account]
    let strategy: RoutingStrategy
    let isGeographic: Bool
    private let byID: [PhoneNumberID: Int]
    /// Active numbers by what they may carry, each list grouped by weight; then the spares.
    private let marketing: [Entry]
    private let others: [Entry]
    private let marketingSpares: [Entry]
    private let otherSpares: [Entry]

    init(_ accounts: [Account], strategy: RoutingStrategy = .weighted, isGeographic: Bool = false) {
        self.accounts = accounts
        self.strategy = strategy
        self.isGeographic = isGeographic
        byID = Dictionary(accounts.enumerated().map { ($1.phoneNumberID, $0) }, uniquingKeysWith: { first, _ in first })
        func entries(_ duty: Account.Duty, _ category: Message.Category) -> [Entry] {
            accounts.enumerated().filter { $1.duty == duty && Self.obstacle($1, category) == nil }.map { index, account in
                Entry(
                    index: index,
                    seed: Self.hash(account.phoneNumberID.rawValue),
                    // While it recovers, a number gets its share of new contacts only.
                    weight: Double(account.weight) * (category == .marketing ? Double(max(1, account.marketingShare)) / 100 : 1),
                    country: CallingCode.of(PhoneNumber.normalise(account.displayPhoneNumber) ?? "")?.country ?? ""
                )
            }
            .sorted { ($0.weight, $0.index) < ($1.weight, $1.index) }
        }
        marketing = entries(.active, .marketing)
        others = entries(.active, .service)
        marketingSpares = entries(.spare, .marketing)
        otherSpares = entries(.spare, .service)
    }

    /// Chooses a number.
    ///
    /// - Parameters:
    ///   - load: seconds of work that wait on a number, for `leastLoaded`.
    ///   - isExhausted: whether a portfolio may write to nobody new now.
    func choose(
        _ request: RouteRequest,
        load: (PhoneNumberID) -> Double = { _ in 0 },
        isExhausted: (String) -> Bool = { _ in false }
    ) throws(Fault) -> Route {
        if let asked = request.asked {
            guard let account = account(asked) else {
                throw Fault(.accountUnknown, "The number \(asked) is not configured; account.list shows all.", path: "account")
            }
            if let obstacle = Self.obstacle(account, request.category) {
                throw Fault(.noRoute, "The number \(asked) cannot send it: \(obstacle).", path: "account")
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
        let isMarketing = request.category == .marketing
        for (entries, isSpare) in [(isMarketing ? marketing : others, false), (isMarketing ? marketingSpares : otherSpares, true)] {
            let usable = request.category == .service ? entries : withHeadroom(entries, isExhausted)
            guard let found = pick(usable, request, load) else { continue }
            return isSpare ? Route(account: found.account, reason: "no active number can send it, so a spare does; \(found.reason)") : found
        }
        guard !accounts.isEmpty else { throw Fault(.noRoute, "No number is configured; account.add adds one.") }
        let reasons = accounts.prefix(3).map {
            "\($0.phoneNumberID): \(Self.obstacle($0, request.category) ?? duty($0) ?? "its portfolio may write to nobody new for now")"
        }
        throw Fault(.noRoute, "No number can send it (\(reasons.joined(separator: "; "))).")
    }

    /// Why each number would not be chosen; for `route.preview`.
    func obstacles(_ category: Message.Category, isExhausted: (String) -> Bool = { _ in false }) -> [String: String] {
        var found: [String: String] = [:]
        for account in accounts {
            let exhausted = category != .service && isExhausted(account.portfolio) ? "its portfolio may write to nobody new for now" : nil
            found[account.phoneNumberID.rawValue] = Self.obstacle(account, category) ?? duty(account) ?? exhausted
        }
        return found
    }

    func account(_ id: PhoneNumberID) -> Account? { byID[id].map { accounts[$0] } }

    /// Why a number cannot send messages of a category at all.
    static func obstacle(_ account: Account, _ category: Message.Category) -> String? {
        if !account.enabled { return "it is disabled" }
        if account.link != .registered { return "it is not registered with the Cloud API" }
        if account.health == .banned { return "Meta has banned or disabled it" }
        if category == .marketing, account.health == .resting {
            return "it sends no marketing while its quality is \(account.quality.rawValue)"
        }
        return nil
    }

    private func duty(_ account: Account) -> String? {
        switch account.duty {
        case .active: nil
        case .spare: "it is a spare, used when no active number can"
        case .draining: "it is draining and takes no new contacts"
        }
    }

    private func withHeadroom(_ entries: [Entry], _ isExhausted: (String) -> Bool) -> [Entry] {
        guard entries.contains(where: { isExhausted(accounts[$0.index].portfolio) }) else { return entries }
        return entries.filter { !isExhausted(accounts[$0.index].portfolio) }
    }

    private func pick(_ entries: [Entry], _ request: RouteRequest, _ load: (PhoneNumberID) -> Double) -> Route? {
        guard !entries.isEmpty else { return nil }
        if entries.count == 1 { return Route(account: accounts[entries[0].index], reason: "it is the only number that can") }
        if isGeographic, let country = CallingCode.of(request.contact)?.country {
            let near = entries.filter { $0.country == country }
            if !near.isEmpty, near.count < entries.count {
                return among(near, request, load).map { Route(account: $0.account, reason: "\($0.reason), of those in \(country)") }
            }
        }
        return among(entries, request, load)
    }

    private func among(_ entries: [Entry], _ request: RouteRequest, _ load: (PhoneNumberID) -> Double) -> Route? {
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
            return weighted(top, request.contact).map { route($0, "its score of \(best) is the best among \(entries.count)") }
        }
        return weighted(entries, request.contact).map { route($0, "contacts are spread over \(entries.count) numbers by weight") }
    }

    /// Weighted rendezvous hashing: a contact keeps its number when others come and go.
    ///
    /// Among numbers of one weight the largest hash wins, which needs no logarithm; then the winners of each weight compete.
    private func weighted(_ entries: [Entry], _ contact: ContactID) -> Entry? {
        let hash = Self.hash(contact.rawValue)
        var best: (entry: Entry, score: Double)?
        var index = 0
        while index < entries.count {
            let weight = entries[index].weight
            var top = entries[index]
            var most: UInt64 = 0
            while index < entries.count, entries[index].weight == weight {
                let value = Self.mixed(entries[index].seed ^ hash)
                if value >= most { (most, top) = (value, entries[index]) }
                index += 1
            }
            let share = (Double(most >> 11) + 0.5) / Double(1 << 53)
            let score = weight / -log(share)
            if score > best?.score ?? -1 { best = (top, score) }
        }
        return best?.entry
    }

    /// FNV-1a.
    private static func hash(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
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
