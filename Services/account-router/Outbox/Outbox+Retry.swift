import AccountContract
package import GRDB
import GraphAPI
import RPCContract
package import Vocabulary

/// Sending a failed message's content again: once, and not before Meta would take it.
extension Outbox {
    /// When a failure's cause has passed at the earliest; nil where it does not matter, or somebody may have acted on it.
    ///
    /// Source: Meta, 131049: the same person is not to be written to again within 24 hours.
    package static func earliest(code: Int?, failedAt: Timestamp?) -> Timestamp? {
        guard let failedAt, let row = code.flatMap({ GraphErrorCode.of($0) }), row.errorClass == .delay, row.scope == .message
        else { return nil }
        return failedAt + (row.pause ?? .hours(24))
    }

    /// A message's content goes out again: whoever comes second is told.
    package func markRetried(_ db: Database, _ id: String) throws {
        try db.cachedStatement(sql: "UPDATE message SET isRetried = 1 WHERE id = ? AND isRetried = 0").execute(arguments: [id])
        guard db.changesCount == 1 else { throw Self.retried(id) }
    }

    func markUnclear(_ db: Database, _ id: String) throws {
        try db.cachedStatement(sql: "UPDATE message SET isUnclear = 1 WHERE id = ?").execute(arguments: [id])
    }

    static func checkRetry(_ id: String, isRetried: Bool, isUnclear: Bool, mayBeUnclear: Bool) throws(Fault) {
        if isRetried { throw retried(id) }
        guard isUnclear, !mayBeUnclear else { return }
        throw Fault(
            .messageUnclear, "Nobody knows whether Meta has sent it, so it may come twice; unclear: true sends it all the same.", path: "id"
        )
    }

    private static func retried(_ id: String) -> Fault {
        Fault(
            .messageRetried, "The content of \(id.prefix(64)) has been sent again already; try that message again if it failed.", path: "id"
        )
    }
}
