import AccountContract
import GRDB
import GraphAPI
import Vocabulary

extension Pacer {
    /// Meta tells how much of an account's calls is used: rest before they are refused.
    ///
    /// Each kind rests by itself: a template tool that asks too much does not stop messages.
    func heed(_ usage: GraphUsage) {
        // The hour rolls on: a minute gives some back.
        let pause: Milliseconds =
            usage.minutesToRegain > 0 ? Milliseconds(usage.minutesToRegain * 60_000) : usage.percent >= 95 ? 60_000 : 0
        guard pause > 0 else { return }
        switch (usage.kind, usage.account) {
        case (.messaging, let account?): rest(WABAID(account), for: pause)
        case (.management, let account?): restQuestions(WABAID(account), for: pause)
        default: restAll(for: pause)
        }
    }
}

extension Outbox {
    /// After a restart the limits must know what was sent before it: the messages themselves tell.
    func restore(_ pacer: Pacer, _ accounts: AccountStore) throws {
        let now = clock.now
        try pool.read { db in
            let isCounted = accounts.all().contains { pacer.limitsUsers($0.phoneNumberID) }
            // A pair owes at most 45 × 6.2 s, a portfolio a day.
            let since = now - (isCounted ? Milliseconds(PortfolioLedger.period) : .minutes(5))
            let rows = try Row.fetchCursor(
                db, sql: "SELECT account, recipient, category, sendingAt FROM message WHERE sendingAt > ? ORDER BY sendingAt",
                arguments: [since])
            while let row = try rows.next() {
                pacer.restore(
                    PhoneNumberID(row["account"]), contact: ContactID(row["recipient"]), at: row["sendingAt"],
                    opensConversation: row["category"] != Message.Category.service.rawValue)
            }
            for row in try Row.fetchAll(db, sql: "SELECT phoneNumberID, learnedShare FROM account WHERE learnedShare < 1") {
                pacer.restore(PhoneNumberID(row["phoneNumberID"]), share: row["learnedShare"])
            }
            try accounts.countLoads(db)
        }
    }
}

extension AccountStore {
    /// How much waits on each number, from the messages themselves.
    func countLoads(_ db: Database) throws {
        let waiting = try Row.fetchAll(db, sql: "SELECT account, count(*) AS n FROM message WHERE state = 'queued' GROUP BY account")
        for account in all() {
            let queued = waiting.first { $0["account"] == account.phoneNumberID.rawValue }?["n"] as Int? ?? 0
            let rate = min(pacer.rate(account.phoneNumberID), Double(account.messagesPerSecond))
            loads.set(account.phoneNumberID, queued: queued, perSecond: rate)
        }
    }
}
