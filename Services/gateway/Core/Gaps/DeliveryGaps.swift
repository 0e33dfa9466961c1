import AccountContract
import Coordination
import GRDB
import Storage
import Vocabulary

/// Owns the times in which deliveries of Meta's may not have reached us.
///
/// Meta delivers again, with growing pauses and for up to 7 days, while newer deliveries already succeed. Whoever takes
/// the silence about a message for an answer must know these times. Source: Meta, webhooks overview.
final class DeliveryGaps: Sendable {
    private struct State {
        var rhythm: DeliveryRhythm
        /// Deliveries that we answered 503, which Meta brings again: since when.
        var refusedSince: Timestamp?
        /// Of those, what a delivery that is being stored has ended.
        var ending: Timestamp?
        var hasUntold = true
    }

    private let pool: DatabasePool
    private let clock: WallClock
    private let state: Mutexed<State>
    /// A gap was found that nobody was told of.
    let found = Wakeup()

    /// The process starts: from the last delivery until now nobody took any.
    init(_ pool: DatabasePool, clock: WallClock, silence: Milliseconds) throws {
        self.pool = pool
        self.clock = clock
        let now = clock.now
        let lastAt = try pool.read {
            try Timestamp.fetchOne($0, sql: "SELECT receivedAt FROM payload WHERE id = (SELECT max(id) FROM payload)")
        }
        state = Mutexed(State(rhythm: DeliveryRhythm(silence: silence, lastAt: lastAt == nil ? nil : now)))
        if let lastAt, lastAt < now {
            try pool.write { try Self.insert($0, WebhookGap(startAt: lastAt, endAt: now, reason: .down)) }
        }
    }

    /// We answered 503.
    func refused() {
        let now = clock.now
        state.with { $0.refusedSince = $0.refusedSince ?? now }
    }

    /// In the transaction that stores a delivery: a gap ends with it.
    func end(_ db: Database, at now: Timestamp) throws {
        let (silentSince, refusedSince) = state.with { state in
            state.ending = state.refusedSince
            return (state.rhythm.silentSince(now), state.refusedSince)
        }
        if let refusedSince { try insert(db, WebhookGap(startAt: min(refusedSince, now), endAt: now, reason: .refused)) }
        if let silentSince { try insert(db, WebhookGap(startAt: silentSince, endAt: now, reason: .silent)) }
    }

    /// The delivery is on disk.
    func stored(at now: Timestamp) {
        state.with { state in
            state.rhythm.took(at: now)
            // One that was refused meanwhile begins another.
            if state.refusedSince == state.ending { state.refusedSince = nil }
        }
    }

    /// In the transaction that puts statuses aside: they were delivered, and still nobody has heard of them.
    func bury(_ db: Database, from receivedAt: Timestamp, at now: Timestamp) throws {
        try insert(db, WebhookGap(startAt: min(receivedAt, now), endAt: now, reason: .refused))
    }

    /// Gaps of which account-router has not been told, oldest first.
    func untold() async throws -> [WebhookGap] {
        guard state.value.hasUntold else { return [] }
        return try await pool.read { db in
            try Row.fetchAll(db, sql: "SELECT startAt, endAt, reason FROM deliveryGap WHERE isTold = 0 ORDER BY id LIMIT 100").map {
                WebhookGap(startAt: $0["startAt"], endAt: $0["endAt"], reason: try $0.word("reason", in: "deliveryGap"))
            }
        }
    }

    func told(_ gaps: [WebhookGap]) async throws {
        guard !gaps.isEmpty else { return }
        // Set before it is looked at: one that is found meanwhile sets it again.
        state.with { $0.hasUntold = false }
        let isMore = try await pool.write { db in
            for gap in gaps {
                try db.execute(
                    sql: "UPDATE deliveryGap SET isTold = 1 WHERE startAt = ? AND endAt = ? AND reason = ?",
                    arguments: [gap.startAt, gap.endAt, gap.reason.rawValue])
            }
            return try Int.fetchOne(db, sql: "SELECT 1 FROM deliveryGap WHERE isTold = 0 LIMIT 1") != nil
        }
        if isMore { state.with { $0.hasUntold = true } }
    }

    func prune(before time: Timestamp) async throws {
        try await pool.write { try $0.execute(sql: "DELETE FROM deliveryGap WHERE endAt < ? AND isTold = 1", arguments: [time]) }
    }

    private func insert(_ db: Database, _ gap: WebhookGap) throws {
        try Self.insert(db, gap)
        db.afterCommit { [self] in
            state.with { $0.hasUntold = true }
            found.set()
        }
    }

    /// Of the deliveries of one transaction each ends the same gap.
    private static func insert(_ db: Database, _ gap: WebhookGap) throws {
        try db.cachedStatement(
            sql: "INSERT INTO deliveryGap (startAt, endAt, reason, isTold) VALUES (?, ?, ?, 0) "
                + "ON CONFLICT (startAt, reason) DO UPDATE SET endAt = excluded.endAt, isTold = 0 WHERE excluded.endAt > endAt"
        )
        .execute(arguments: [gap.startAt, gap.endAt, gap.reason.rawValue])
    }
}
