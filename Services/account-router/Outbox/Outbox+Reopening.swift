import AccountContract
import AccountNumbers
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Messages that were given up without a clear answer, and of which Meta tells after all: it tries its webhooks for days.
extension Outbox {
    /// Makes such a message unknown again, so that what Meta tells of it counts; whether it was one.
    ///
    /// A campaign that has written to the recipient again counts them with the message that took its place. One that was sent again
    /// on its own counts as it always did.
    func reopen(_ db: Database, _ id: MessageID) throws -> Bool {
        let now = store.now
        let statement = try db.cachedStatement(
            sql: """
                SELECT failedAt, error FROM message
                WHERE id = ? AND state = 'failed' AND isUnclear = 1
                  AND NOT (isRetried = 1 AND campaign IS NOT NULL AND NOT EXISTS (SELECT 1 FROM message AS r WHERE r.retryOf = message.id))
                """)
        guard let row = try Row.fetchOne(statement, arguments: [id]) else { return false }
        let (failedAt, reason): (Timestamp?, String?) = (row["failedAt"], row["error"])
        try Self.note(db, on: id, .failed, at: failedAt ?? now, reason ?? "It was given up.")
        try MessageFigures.takeFailureBack(db, of: id)
        try db.cachedStatement(
            sql: """
                UPDATE message SET state = 'unknown', isUnclear = 0, failedAt = NULL, errorCode = NULL, error = NULL, updatedAt = ?
                WHERE id = ?
                """
        )
        .execute(arguments: [now, id])
        try announce(db, id, from: .failed, to: .unknown)
        return true
    }
}
