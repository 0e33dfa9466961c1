import AccountContract
import GRDB
import JobQueue
import Logging
import RPCContract
import ServiceLifecycle
import Storage
import Vocabulary

/// Keeps what each number sends and has learned, and tells when more comes in than it may send.
struct LoadWatch: Service {
    let accounts: AccountStore
    let logger: Logger

    /// Between two looks.
    private static let interval = Milliseconds.seconds(5)
    /// Seconds of waiting work from which a number counts as saturated, and below which it no longer does.
    private static let saturated = 60.0
    private static let relaxed = 10.0
    private static let hour = Milliseconds.hours(1)
    private static let kept = Milliseconds.days(90)

    func run() async throws {
        let pause = Signal()
        var full: Set<PhoneNumberID> = []
        var unwritten: [PhoneNumberID: LoadMeter.Load] = [:]
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await cancelWhenGracefulShutdown {
                await pause.wait(atMost: accounts.clock.pause(until: accounts.clock.now + Self.interval))
            }
            // The last look is after the wait was cut short.
            do {
                try await look(&full, &unwritten)
            } catch {
                logger.warning("what the numbers send could not be kept, retrying", metadata: ["error": "\(error)"])
            }
        }
    }

    /// - Parameters:
    ///   - full: the numbers that are known to be saturated.
    ///   - unwritten: what has been sent and is not in the database yet.
    private func look(_ full: inout Set<PhoneNumberID>, _ unwritten: inout [PhoneNumberID: LoadMeter.Load]) async throws {
        let now = accounts.clock.now
        try await accounts.pool.read { [accounts] db in try accounts.countLoads(db) }
        let all = accounts.all()
        var changed: [(account: Account, seconds: Double, isFull: Bool)] = []
        for account in all {
            let seconds = accounts.loads.seconds(account.phoneNumberID)
            let isFull = full.contains(account.phoneNumberID)
            if !isFull, seconds >= Self.saturated { changed.append((account, seconds, true)) }
            if isFull, seconds < Self.relaxed { changed.append((account, seconds, false)) }
        }
        let learned = all.compactMap { account in accounts.pacer.status(account.phoneNumberID).map { (account.phoneNumberID, $0.share) } }
        unwritten.merge(accounts.pacer.drainMeters()) { $0 + $1 }
        let (news, loads) = (changed, unwritten)
        try await accounts.commits.write { [accounts] db in
            for (number, share) in learned {
                try db.cachedStatement(sql: "UPDATE account SET learnedShare = ?1 WHERE phoneNumberID = ?2 AND learnedShare <> ?1")
                    .execute(arguments: [share, number.rawValue])
            }
            for (number, load) in loads {
                try db.cachedStatement(
                    sql: """
                        INSERT INTO accountLoad (account, hour, messages, peak) VALUES (?, ?, ?, ?)
                        ON CONFLICT DO UPDATE SET messages = messages + excluded.messages, peak = max(peak, excluded.peak)
                        """
                )
                .execute(arguments: [number.rawValue, now.floored(to: Self.hour), load.messages, load.peak])
            }
            for (account, seconds, isFull) in news {
                try accounts.append(
                    db, isFull ? "account.saturated" : "account.relaxed", account, ["queuedSeconds": .number(seconds.rounded())])
            }
        }
        unwritten = [:]
        for (account, _, isFull) in news {
            if isFull { full.insert(account.phoneNumberID) } else { full.remove(account.phoneNumberID) }
        }
    }

    /// Loads of more than 90 days ago.
    static func prune(_ commits: GroupCommit, now: Timestamp) async throws {
        try await commits.write { db in try db.execute(sql: "DELETE FROM accountLoad WHERE hour < ?", arguments: [now - kept]) }
    }
}
