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

    /// Milliseconds between two looks.
    private static let interval: Int64 = 5000
    /// Seconds of waiting work from which a number counts as saturated, and below which it no longer does.
    private static let saturated = 60.0
    private static let relaxed = 10.0
    private static let hour: Int64 = 3_600_000
    private static let kept: Int64 = 90 * 24 * hour

    func run() async throws {
        let pause = Signal()
        await cancelWhenGracefulShutdown {
            var full: Set<PhoneNumberID> = []
            while !Task.isCancelled {
                await pause.wait(atMost: accounts.clock.pause(until: accounts.clock.now + Self.interval))
                do {
                    try await look(&full)
                } catch {
                    logger.warning("what the numbers send could not be kept", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    private func look(_ full: inout Set<PhoneNumberID>) async throws {
        let now = accounts.clock.now
        try await accounts.pool.read { [accounts] db in try accounts.countLoads(db) }
        let all = accounts.all()
        var changed: [(account: Account, seconds: Double, isFull: Bool)] = []
        for account in all {
            let seconds = accounts.loads.seconds(account.phoneNumberID)
            if seconds >= Self.saturated, full.insert(account.phoneNumberID).inserted {
                changed.append((account, seconds, true))
            } else if seconds < Self.relaxed, full.remove(account.phoneNumberID) != nil {
                changed.append((account, seconds, false))
            }
        }
        let learned = all.compactMap { account in accounts.pacer.status(account.phoneNumberID).map { (account.phoneNumberID, $0.share) } }
        let (news, loads) = (changed, accounts.pacer.drainMeters())
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
                .execute(arguments: [number.rawValue, now / Self.hour * Self.hour, load.messages, load.peak])
            }
            for (account, seconds, isFull) in news {
                try accounts.append(
                    db, isFull ? "account.saturated" : "account.relaxed", account, ["queuedSeconds": .number(seconds.rounded())])
            }
        }
    }

    /// Loads of more than 90 days ago.
    static func prune(_ commits: GroupCommit, now: Int64) async throws {
        try await commits.write { db in try db.execute(sql: "DELETE FROM accountLoad WHERE hour < ?", arguments: [now - kept]) }
    }
}
