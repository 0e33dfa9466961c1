import AccountContract
import GRDB
import GraphAPI
import JobQueue
import Logging
import RPCContract
import ServiceLifecycle
import Storage
import Vocabulary

/// Asks Meta for each number's rating and limits, lets recovering numbers grow, and moves what waits on a resting one.
struct QualityWatch: Service {
    let accounts: AccountStore
    let graph: GraphClient
    let failover: Failover
    /// Between two questions about a number.
    let poll: Milliseconds
    /// Between the steps of coming back.
    let ramp: Milliseconds
    let logger: Logger

    func run() async throws {
        let pause = Signal()
        await cancelWhenGracefulShutdown {
            var asked: [PhoneNumberID: Timestamp] = [:]
            while !Task.isCancelled {
                let now = accounts.clock.now
                for account in accounts.all() where account.enabled && account.link == .registered {
                    do {
                        // A number that has just come is looked at after one interval: its configuration is news enough.
                        let last = asked[account.phoneNumberID] ?? now
                        if asked[account.phoneNumberID] == nil { asked[account.phoneNumberID] = now }
                        let mayAsk = accounts.pacer.mayAsk(account.wabaID)
                        let isUrgent = mayAsk && accounts.questions.with { $0.remove(account.phoneNumberID) != nil }
                        if mayAsk, isUrgent || now - last >= poll {
                            asked[account.phoneNumberID] = now
                            try await ask(account)
                        }
                        try await grow(account, now)
                        if account.health == .resting || account.health == .banned { try await failover.relieve(account.phoneNumberID) }
                    } catch {
                        logger.warning(
                            "a number could not be looked after", metadata: ["number": "\(account.phoneNumberID)", "error": "\(error)"])
                    }
                }
                await pause.wait(atMost: accounts.clock.pause(until: now + min(poll, ramp, .seconds(5))))
            }
        }
    }

    /// Source: Meta, phone number fields quality_rating, throughput and whatsapp_business_manager_messaging_limit.
    private func ask(_ account: Account) async throws {
        let answer: JSONValue
        do throws(GraphClient.Failure) { answer = try await graph.number(account.phoneNumberID) } catch {
            logger.notice("Meta does not tell a number's state", metadata: ["number": "\(account.phoneNumberID)", "error": "\(error)"])
            return
        }
        let rating = answer["quality_rating"]?.text?.lowercased()
        let quality = rating.map { $0 == "na" ? .unknown : Account.Quality(rawValue: $0) ?? .unknown }
        let isUpgraded = answer["throughput"]?["level"]?.text?.uppercased() == "HIGH"
        let told = answer["whatsapp_business_manager_messaging_limit"]
        try await accounts.change { [accounts] db in
            let current = try AccountStore.account(db, account.phoneNumberID)
            if let quality, quality != current.quality { try accounts.heed(db, .quality(quality), account.phoneNumberID) }
            if isUpgraded, current.messagesPerSecond < 1000 {
                var faster = try AccountStore.account(db, account.phoneNumberID)
                faster.messagesPerSecond = 1000
                try accounts.write(db, faster)
                try accounts.step(
                    db, account.phoneNumberID, "rate", "\(current.messagesPerSecond)/s", "1000/s",
                    "Meta gives the number its upgraded throughput")
            }
            if let told {
                let limit = AccountEvents.limit(told)
                let known = try Row.fetchOne(db, sql: "SELECT messagingLimit FROM portfolio WHERE id = ?", arguments: [current.portfolio])
                if known == nil || known?["messagingLimit"] as Int? != limit {
                    try AccountStore.set(db, portfolio: current.portfolio, limit: limit)
                    try AccountStore.release(db, portfolio: current.portfolio, at: accounts.clock.now)
                }
            }
        }
    }

    /// One step for a number whose last was long enough ago.
    private func grow(_ account: Account, _ now: Timestamp) async throws {
        guard account.health == .recovering || account.health == .resting && account.quality != .red else { return }
        let since = try await accounts.pool.read { db in
            try Timestamp.fetchOne(
                db, sql: "SELECT healthAt FROM account WHERE phoneNumberID = ?", arguments: [account.phoneNumberID.rawValue])
                ?? .zero
        }
        let word: NumberHealth.Word = account.health == .recovering ? .waited : .unrestricted
        // Meta's restrictions last a day or more, and it does not always tell when one has ended.
        guard now - since >= (word == .waited ? ramp : .days(1)) else { return }
        try await accounts.change { [accounts] db in try accounts.heed(db, word, account.phoneNumberID) }
    }
}
