import AccountCampaigns
import AccountContacts
import AccountContract
import AccountNumbers
import AccountOutbox
import Coordination
import GRDB
import Logging
import RPCContract
import ServiceLifecycle
import Storage
import Vocabulary

/// Moves what waits on a number that cannot send it to numbers that can; nothing is lost and nothing sent twice.
///
/// Only what is still queued moves: what is being sent is Meta's. Free-form messages stay, as the open window belongs
/// to the number that the customer wrote to.
struct Failover: Service {
    let clock: WallClock
    let numbers: Numbers
    let contactRoutes: ContactRoutes
    let outbox: Outbox
    let routing: Routing
    let senders: Senders
    /// Between two looks at the numbers.
    let interval: Milliseconds
    let logger: Logger

    /// Relieves numbers that cannot send what waits on them; others may take over later what none can take now.
    func run() async throws {
        let pause = Wakeup()
        await cancelWhenGracefulShutdown {
            var looks: [PhoneNumberID: Case] = [:]
            while !Task.isCancelled {
                for account in numbers.all() {
                    do { try await look(at: account, &looks[account.phoneNumberID]) } catch {
                        looks[account.phoneNumberID] = nil
                        logger.warning(
                            "what waits on a number could not be moved, retrying",
                            metadata: ["number": "\(account.phoneNumberID)", "error": "\(error)"])
                    }
                }
                let known = Set(numbers.all().map(\.phoneNumberID))
                looks = looks.filter { known.contains($0.key) }
                await pause.wait(atMost: clock.pause(until: clock.now + interval))
            }
        }
    }

    /// A number as the last look found it: messages that could not move then cannot move before something changes.
    fileprivate struct Look: Equatable {
        var trouble: Trouble
        var others: [Message.Category: Set<PhoneNumberID>]
    }

    /// A number in trouble.
    struct Case {
        fileprivate var trouble: Trouble
        /// Since when it has been in it.
        fileprivate var since: Timestamp
        /// How it stood when it was relieved last, when that was, and what still waited then.
        fileprivate var relieved: (look: Look, at: Timestamp, waiting: Int)?

        /// Whether all that waits is to be routed again: the numbers stand otherwise, or other messages wait than did a while ago.
        ///
        /// What was being sent comes back to its number after the relief; routing all again for each message that comes is too much.
        fileprivate func isDue(_ look: Look, waiting: Int, at now: Timestamp) -> Bool {
            guard let relieved else { return true }
            if look != relieved.look { return true }
            return waiting != relieved.waiting && (now - relieved.at >= Failover.patience || relieved.at > now)
        }
    }

    /// Why a number cannot send what waits on it.
    fileprivate struct Trouble: Equatable {
        var reason: String
        var categories: Set<Message.Category>
        /// Messages that an operator or a limit stops stay with the number, except a campaign's: those have other numbers.
        var isForCampaignsOnly: Bool
        /// Whether it may pass in a moment.
        var isPassing = false
    }

    /// Looks at one number, and relieves it where that is due.
    ///
    /// - Parameter known: what was found at the last look; nil where it was in no trouble.
    func look(at account: Account, _ known: inout Case?) async throws {
        guard let trouble = trouble(account) else {
            known = nil
            return
        }
        var this = known.flatMap { $0.trouble == trouble ? $0 : nil } ?? Case(trouble: trouble, since: clock.now)
        defer { known = this }
        // The clock was set back.
        this.since = min(this.since, clock.now)
        let found = Look(trouble: trouble, others: others(account, trouble))
        let waiting = numbers.waiting(account.phoneNumberID)
        // A moment of silence of Meta's is no reason to move thousands.
        guard waiting > 0, this.isDue(found, waiting: waiting, at: clock.now),
            !trouble.isPassing || clock.now - this.since >= Self.patience
        else { return }
        try await relieve(account, trouble)
        this.relieved = (found, clock.now, numbers.waiting(account.phoneNumberID))
    }

    private static let patience = Milliseconds.minutes(1)

    private func trouble(_ account: Account) -> Trouble? {
        let begun: Set<Message.Category> = [.marketing, .utility, .authentication]
        let name = account.displayPhoneNumber
        guard account.enabled, account.link == .registered else {
            return Trouble(reason: "\(name) is disabled or not registered", categories: begun, isForCampaignsOnly: true)
        }
        if [.resting, .restricted, .held, .banned].contains(account.health) {
            let categories = begun.filter { RoutingTable.obstacle(account, $0) != nil }
            return Trouble(reason: "\(account.health.rawValue): \(name) cannot send it", categories: categories, isForCampaignsOnly: false)
        }
        if account.duty == .draining { return Trouble(reason: "\(name) is draining", categories: begun, isForCampaignsOnly: true) }
        if numbers.isBlocked(account.phoneNumberID) || numbers.isTrying(account.phoneNumberID) {
            return Trouble(reason: "Meta refuses or does not answer \(name)", categories: begun, isForCampaignsOnly: true, isPassing: true)
        }
        guard numbers.isExhausted(account.portfolio) else { return nil }
        return Trouble(reason: "the portfolio of \(name) may write to nobody new", categories: begun, isForCampaignsOnly: true)
    }

    /// The numbers that could take over.
    private func others(_ account: Account, _ trouble: Trouble) -> [Message.Category: Set<PhoneNumberID>] {
        var others: [Message.Category: Set<PhoneNumberID>] = [:]
        for category in trouble.categories {
            others[category] = numbers.thatTakeCampaigns(category, of: nil, among: nil, workspace: account.workspace)
        }
        return others
    }

    /// By an operator's word: everything that can, to one number.
    func move(_ params: SwitchAccount.Params, workspace: String) async throws -> SwitchAccount.Reply {
        let from = try numbers.found(params.from, workspace: workspace)
        let to = try numbers.found(params.to, workspace: workspace)
        guard from.phoneNumberID != to.phoneNumberID else {
            throw Fault(.params, "Both are the same number; name another one that takes over.", path: "to")
        }
        if let obstacle = RoutingTable.obstacle(to, .utility) {
            throw Fault(.noRoute, "The number \(to.displayPhoneNumber) cannot take over: \(obstacle).", path: "to")
        }
        let count = try await move(from.phoneNumberID, reason: "an operator switched numbers") { _, messages in
            messages.map { message in
                let isItsOwn = message.wabaID.map { $0 == to.wabaID } ?? true
                return message.category == .service || !isItsOwn ? nil : to.phoneNumberID
            }
        }
        let contacts =
            params.contacts == false
            ? 0 : try await contactRoutes.move(from: from.phoneNumberID, to: to.phoneNumberID, workspace: from.workspace)
        return SwitchAccount.Reply(messages: count, stayed: try await outbox.waiting(on: params.from), contacts: contacts)
    }

    /// Because a number cannot send: each message to the number that would be chosen for it now.
    ///
    /// - Returns: how many have moved; what no number can take stays where it is and waits.
    @discardableResult
    func relieve(_ number: PhoneNumberID) async throws -> Int {
        let account = try numbers.found(number)
        guard let trouble = trouble(account), !trouble.isPassing else { return 0 }
        return try await relieve(account, trouble)
    }

    @discardableResult
    private func relieve(_ account: Account, _ trouble: Trouble) async throws -> Int {
        let others = others(account, trouble)
        guard others.values.contains(where: { !$0.isEmpty }) else { return 0 }
        return try await move(account.phoneNumberID, reason: trouble.reason) { [routing] db, messages in
            // A campaign's own choice of numbers holds here too; read once for all its messages.
            var choices: [CampaignID: Set<PhoneNumberID>?] = [:]
            return try messages.map { message in
                // A batch that names a number for a message wants that one; a single message goes out, and tells from where.
                guard var allowed = others[message.category], !message.isAsked || message.campaign == nil,
                    message.campaign != nil || !trouble.isForCampaignsOnly
                else { return nil }
                if let campaign = message.campaign {
                    if choices[campaign] == nil { choices.updateValue(try Campaigns.numbers(db, of: campaign), forKey: campaign) }
                    if let own = choices[campaign] ?? nil { allowed.formIntersection(own) }
                }
                guard !allowed.isEmpty else { return nil }
                do {
                    let route = try routing.route(
                        db, message.contact, message.category, of: message.wabaID, among: allowed, workspace: account.workspace)
                    return route.account.phoneNumberID
                } catch is Fault {
                    return nil
                }
            }
        }
    }

    /// Moves all that waits on a number and has a target, a batch at a time; how many.
    private func move(
        _ number: PhoneNumberID,
        reason: String,
        to targets: @escaping @Sendable (Database, [Outbox.Waiting]) throws -> [PhoneNumberID?]
    ) async throws -> Int {
        var (count, after): (Int, MessageID) = (0, "")
        while true {
            let (moved, last) = try await outbox.reassign(from: number, after: after, reason: reason, targets: targets)
            count += moved.count
            for target in Set(moved) { senders.nudge(target) }
            guard let last else { return count }
            after = last
        }
    }
}
