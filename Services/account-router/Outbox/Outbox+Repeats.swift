import AccountContract
import GRDB
import RPCContract
import Storage
import Vocabulary

/// Messages whose content was sent again as a message of its own, and of which Meta tells that it has them after all.
extension Outbox {
    /// The message of the same content that Meta has, from the one that was sent again back to the first; nil where it has none of them.
    func formerWithMeta(_ db: Database, _ retryOf: MessageID?) throws -> MessageID? {
        var former = retryOf
        while let id = former {
            let statement = try db.cachedStatement(sql: "SELECT state, retryOf FROM message WHERE id = ?")
            guard let row = try Row.fetchOne(statement, arguments: [id]) else { return nil }
            if try (row.word("state", in: "message") as Message.State).isWithMeta { return id }
            former = row["retryOf"]
        }
        return nil
    }

    /// Meta has a message that was sent again: what still waits to go out in its place does not, and what has gone out comes twice.
    func settleRepeats(_ db: Database, of id: MessageID, workspace: String) throws {
        var former = id
        while true {
            let statement = try db.cachedStatement(sql: "SELECT id, state, wamid FROM message WHERE retryOf = ?")
            guard let row = try Row.fetchOne(statement, arguments: [former]) else { return }
            former = row["id"]
            let state: Message.State = try row.word("state", in: "message")
            if state == .queued { try dropRepeat(db, former, of: id) }
            if state.isWithMeta, let wamid = row["wamid"] as WAMID? { try noteSecond(db, wamid, of: id, workspace: workspace) }
        }
    }

    /// Meta has a message by this id: where it has the one before it, too, the content comes twice.
    func noteRepeat(_ db: Database, _ wamid: WAMID, of retryOf: MessageID?, workspace: String) throws {
        guard let former = try formerWithMeta(db, retryOf) else { return }
        try noteSecond(db, wamid, of: former, workspace: workspace)
    }

    /// A message that waits is not sent, as its content has come by another.
    func dropRepeat(_ db: Database, _ id: MessageID, of former: MessageID) throws {
        let wasPosted = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT 1 FROM message WHERE id = ? AND sendingAt IS NOT NULL"), arguments: [id])
        try advance(db, id, to: .failed, error: "It was not sent: Meta has \(former), the message with the same content, after all.")
        // Meta was asked once: what it may tell of that counts, even if it had refused the message.
        if wasPosted != nil { try markUnclear(db, id) }
    }
}
