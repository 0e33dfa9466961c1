import AccountContract
import AccountNumbers
package import GRDB
import GraphAPI
import JobQueue
import RPCContract
import Storage
package import Vocabulary

/// Sending again: what waits after a try that came to nothing, and a failed message's content, once and not before Meta would take it.
extension Outbox {
    /// Meta has refused it before processing, or was not asked: it waits again, unless its number has been removed meanwhile.
    ///
    /// A number that is refused is tried every half minute, for days if nobody mends it: the reason is noted once.
    /// - Parameter isOwn: whether the try was the message's own; one that its number, its account or the process has ended uses up none.
    func requeue(_ db: Database, _ id: MessageID, _ detail: String, isOwn: Bool = true) throws {
        let now = store.now
        try db.cachedStatement(
            sql: """
                UPDATE message SET state = 'queued', updatedAt = ?, error = ?, attempts = max(0, attempts - ?)
                WHERE id = ? AND state = 'sending'
                """
        )
        .execute(arguments: [now, detail, isOwn ? 0 : 1, id])
        guard db.changesCount == 1 else { return }
        try noteOnce(db, on: id, .queued, at: now, detail)
        guard let number = try announce(db, id, from: .sending, to: .queued) else { return }
        if !isOwn { try JobTable.uncount(db, queue: Self.queue(number), key: id.rawValue) }
        guard try !Numbers.isKnown(db, number) else { return }
        try advance(db, id, to: .failed, error: "The number was removed while the message was being sent.")
    }

    /// Notes what has not been noted of the message yet.
    private func noteOnce(_ db: Database, on id: MessageID, _ state: Message.State, at: Timestamp, _ detail: String) throws {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM messageNote WHERE message = ? AND state = ? AND detail = ? LIMIT 1")
        guard try Int.fetchOne(statement, arguments: [id, state.rawValue, detail]) == nil else { return }
        try Self.note(db, on: id, state, at: at, detail)
    }

    /// When a failure's cause has passed at the earliest; nil where it does not matter, or somebody may have acted on it.
    ///
    /// Source: Meta, 131049: the same person is not to be written to again within 24 hours.
    package static func earliest(code: Int?, failedAt: Timestamp?) -> Timestamp? {
        guard let failedAt, let row = code.flatMap({ GraphErrorCode.of($0) }), row.errorClass == .delay, row.scope == .message
        else { return nil }
        return failedAt + (row.pause ?? .hours(24))
    }

    /// A message's content goes out again: whoever comes second is told.
    package func markRetried(_ db: Database, _ id: MessageID) throws {
        try db.cachedStatement(sql: "UPDATE message SET isRetried = 1 WHERE id = ? AND isRetried = 0").execute(arguments: [id])
        guard db.changesCount == 1 else { throw Self.retried(id) }
    }

    func markUnclear(_ db: Database, _ id: MessageID) throws {
        try db.cachedStatement(sql: "UPDATE message SET isUnclear = 1 WHERE id = ?").execute(arguments: [id])
    }

    static func checkRetry(_ id: MessageID, isRetried: Bool, isUnclear: Bool, mayBeUnclear: Bool) throws(Fault) {
        if isRetried { throw retried(id) }
        guard isUnclear, !mayBeUnclear else { return }
        throw Fault(
            .messageUnclear, "Nobody knows whether Meta has sent it, so it may come twice; unclear: true sends it all the same.", path: "id"
        )
    }

    private static func retried(_ id: MessageID) -> Fault {
        Fault(
            .messageRetried, "The content of \(id.rawValue.prefix(64)) has been sent again already; try that message again if it failed.",
            path: "id"
        )
    }
}
