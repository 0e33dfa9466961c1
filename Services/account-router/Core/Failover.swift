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

    /// Relieves numbers that rest or are banned, again and again: others may take over later what none can take now.
    func run() async throws {
        let pause = Signal()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                for account in numbers.all() {
                    do { try await relieve(account.phoneNumberID) } catch {
                        logger.warning(
                            "what waits on a number could not be moved, retrying",
                            metadata: ["number": "\(account.phoneNumberID)", "error": "\(error)"])
                    }
                }
                await pause.wait(atMost: clock.pause(until: clock.now + interval))
            }
        }
    }

    /// By an operator's word: everything that can, to one number.
    func move(_ params: SwitchAccount.Params, workspace: String) async throws -> SwitchAccount.Reply {
        let from = try numbers.found(params.from, workspace: workspace)
        let to = try numbers.found(params.to, workspace: workspace)
        if let obstacle = RoutingTable.obstacle(to, .utility) {
            throw Fault(.noRoute, "The number \(params.to) cannot take over: \(obstacle).", path: "to")
        }
        let count = try await move(from.phoneNumberID, reason: "an operator switched numbers") { _, messages in
            messages.map { $0.category == .service ? nil : to.phoneNumberID }
        }
        let contacts =
            params.contacts == false
            ? 0 : try await contactRoutes.move(from: from.phoneNumberID, to: to.phoneNumberID, workspace: from.workspace)
        return SwitchAccount.Reply(messages: count, stayed: try await outbox.waiting(on: params.from), contacts: contacts)
    }

    /// Because a number rests or is banned: each message to the number that would be chosen for it now.
    ///
    /// - Returns: how many have moved; what no number can take stays where it is and waits.
    @discardableResult
    func relieve(_ number: PhoneNumberID) async throws -> Int {
        let account = try numbers.found(number)
        // A number that an operator has taken out keeps its queue.
        guard account.enabled, account.link == .registered, [.resting, .held, .banned].contains(account.health) else { return 0 }
        let categories: Set<Message.Category> = Set(
            [.marketing, .utility, .authentication].filter { RoutingTable.obstacle(account, $0) != nil })
        guard !categories.isEmpty else { return 0 }
        let reason = "\(account.health.rawValue): \(account.displayPhoneNumber) cannot send it"
        return try await move(number, reason: reason) { [routing] db, messages in
            // A campaign's own choice of numbers holds here too; read once for all its messages.
            var choices: [String: Set<PhoneNumberID>?] = [:]
            return try messages.map { message in
                guard categories.contains(message.category) else { return nil }
                var allowed: Set<PhoneNumberID>?
                if let campaign = message.campaign {
                    if choices[campaign] == nil { choices.updateValue(try Campaigns.numbers(db, of: campaign), forKey: campaign) }
                    allowed = choices[campaign] ?? nil
                }
                do {
                    let route = try routing.route(db, message.contact, message.category, among: allowed, workspace: account.workspace)
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
        var (count, after) = (0, "")
        while true {
            let (moved, last) = try await outbox.reassign(from: number, after: after, reason: reason, targets: targets)
            count += moved.count
            for target in Set(moved) { senders.nudge(target) }
            guard let last else { return count }
            after = last
        }
    }
}
