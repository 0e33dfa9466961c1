package import AccountContract
package import AccountPacing
package import GRDB
import Storage
package import Vocabulary

/// The messages that numbers have sent hour by hour, and how far Meta's statuses of them have reached us.
extension Numbers {
    private static let hour = Milliseconds.hours(1)
    private static let kept = Milliseconds.days(90)

    /// The numbers of one account (WABA), and the latest moment of which a status of any of them has reached us.
    package struct Heard: Sendable {
        package var numbers: [PhoneNumberID]
        package var at: Timestamp
    }

    /// Records the messages sent since the last time, and the rates that refusals have taught.
    package func record(_ db: Database, loads: [PhoneNumberID: LoadMeter.Load], learned: [PhoneNumberID: Double], at now: Timestamp) throws
    {
        for (number, share) in learned {
            try db.cachedStatement(sql: "UPDATE account SET learnedShare = ?1 WHERE phoneNumberID = ?2 AND learnedShare <> ?1")
                .execute(arguments: [share, number])
        }
        for (number, load) in loads {
            try db.cachedStatement(
                sql: """
                    INSERT INTO accountLoad (account, hour, messages, peak) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET messages = messages + excluded.messages, peak = max(peak, excluded.peak)
                    """
            )
            .execute(arguments: [number, now.floored(to: Self.hour), load.messages, load.peak])
        }
    }

    /// The messages that a number has sent since a moment, the most of them in one second, and the hour of that second.
    package func load(_ db: Database, _ number: PhoneNumberID, since time: Timestamp) throws -> (
        messages: Int, peak: Int, peakAt: Timestamp?
    ) {
        let load = try Row.fetchOne(
            db, sql: "SELECT sum(messages) AS messages, max(peak) AS peak FROM accountLoad WHERE account = ? AND hour > ?",
            arguments: [number, time])
        let peak = load?["peak"] as Int? ?? 0
        let peakAt = try Timestamp.fetchOne(
            db, sql: "SELECT hour FROM accountLoad WHERE account = ? AND hour > ? AND peak = ? ORDER BY hour DESC LIMIT 1",
            arguments: [number, time, peak])
        return (load?["messages"] as Int? ?? 0, peak, peakAt)
    }

    /// The five hours in which a workspace has sent most.
    package func busiest(_ db: Database, workspace: String, since time: Timestamp) throws -> [PlanCapacity.Hour] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT hour, sum(messages) AS messages FROM accountLoad JOIN account ON account.phoneNumberID = accountLoad.account
                WHERE workspace = ? AND hour > ? GROUP BY hour ORDER BY messages DESC, hour DESC LIMIT 5
                """,
            arguments: [workspace, time]
        )
        .map { PlanCapacity.Hour(at: $0["hour"], messages: $0["messages"]) }
    }

    /// How many messages wait on each number, counted anew.
    package func set(waiting: [PhoneNumberID: Int]) {
        for account in all() {
            let rate = min(pacer.rate(account.phoneNumberID), Double(account.messagesPerSecond))
            loads.set(account.phoneNumberID, queued: waiting[account.phoneNumberID] ?? 0, perSecond: rate)
        }
    }

    /// How long a number needs for what waits on it.
    package func queueTime(_ number: PhoneNumberID) -> Milliseconds { loads.time(number) }

    /// Whether it is only tried now whether Meta answers a number again.
    package func isTrying(_ number: PhoneNumberID) -> Bool { pacer.isTrying(number) }

    /// Messages that wait on a number.
    package func waiting(_ number: PhoneNumberID) -> Int { loads.queued(number) }

    /// Of Meta's rate, what refusals have left a number.
    package func learnedShare(_ number: PhoneNumberID) -> Double { pacer.status(number)?.share ?? 1 }

    /// Why nothing of a number goes out, by what the last try met.
    func obstacle(to number: PhoneNumberID) -> String? { pacer.obstacle(number) }

    /// The obstacle to a number is gone: it tries at once.
    package func unblock(_ number: PhoneNumberID) {
        pacer.unblock(number)
        // Its sender may have looked just before, and would rest until the hold had ended by itself.
        tell()
    }

    /// Whether Meta refuses a number, or does not answer for it.
    package func isBlocked(_ number: PhoneNumberID) -> Bool { pacer.isBlocked(number) }

    /// Meta was asked about a number.
    func wasAsked(about number: PhoneNumberID, hasAnswer: Bool) { pacer.asked(number, hasAnswer: hasAnswer) }

    /// Whether Meta is known to have answered any of some numbers after one moment and not after another.
    package func wereAnswered(_ numbers: [PhoneNumberID], after start: Timestamp, upTo end: Timestamp) -> Bool {
        pacer.hasAnswered(numbers, after: start, upTo: end)
    }

    /// Whether Meta may be asked about an account's numbers now.
    func mayAsk(about waba: WABAID) -> Bool { pacer.mayAsk(waba) }

    /// A customer's message uses a number's throughput, too.
    package func countInbound(_ number: PhoneNumberID, at time: Timestamp) { pacer.countInbound(number, at: time) }

    /// A status of a number has reached us; a clock ahead of ours counts as now.
    package func heard(_ db: Database, _ number: PhoneNumberID, at time: Timestamp) throws {
        try db.cachedStatement(sql: "UPDATE account SET lastStatusAt = max(lastStatusAt, ?) WHERE phoneNumberID = ?")
            .execute(arguments: [min(store.now, time), number])
    }

    /// How far the statuses of each account (WABA) have reached us.
    package func heard(_ db: Database) throws -> [WABAID: Heard] {
        var heard: [WABAID: Heard] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT phoneNumberID, wabaID, lastStatusAt FROM account") {
            let waba = row["wabaID"] as WABAID
            var known = heard[waba] ?? Heard(numbers: [], at: .zero)
            known.numbers.append(row["phoneNumberID"])
            known.at = max(known.at, row["lastStatusAt"])
            heard[waba] = known
        }
        return heard
    }

    /// Whether a number is configured, in the caller's transaction.
    package static func isKnown(_ db: Database, _ number: PhoneNumberID) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM account WHERE phoneNumberID = ?")
        return try Int.fetchOne(statement, arguments: [number]) != nil
    }

    /// Loads of more than 90 days ago.
    func pruneLoads() async throws {
        let limit = store.now - Self.kept
        try await store.write { db in try db.execute(sql: "DELETE FROM accountLoad WHERE hour < ?", arguments: [limit]) }
    }
}
