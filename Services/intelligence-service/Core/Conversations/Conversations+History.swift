import GRDB
import IntelligenceContract
import MetaEvents
import RPCContract
import Storage
import Vocabulary

/// Messages of the time before the number came to the Cloud API: kept in their conversations, and nothing follows from them.
extension Conversations {
    /// Keeps messages of the app's chats, all in one transaction; each once, in whatever order they come.
    func keepHistory(_ params: RecordHistory.Params, workspace: String) async throws -> RecordHistory.Reply {
        let now = clock.now
        return try await commits.write { db in
            var reply = RecordHistory.Reply(kept: 0, filled: 0)
            for message in params.messages {
                if let row = try Self.row(db, of: message) {
                    // A number that has moved since was another workspace's then: what is kept there stays as it is.
                    if try Self.workspace(db, of: row) == workspace, try Self.fill(db, row, with: message) { reply.filled += 1 }
                } else {
                    try Self.keep(db, message, of: params.account, at: now, workspace: workspace)
                    reply.kept += 1
                }
            }
            return reply
        }
    }

    /// A message that has been kept, whoever wrote it: what came of it live counts as well.
    private static func row(_ db: Database, of message: RecordHistory.Message) throws -> Row? {
        try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT id, conversation, content, raw, history FROM conversationMessage
                    WHERE direction IN ('inbound', 'outbound') AND reference = ?
                    """),
            arguments: [message.wamid])
    }

    private static func workspace(_ db: Database, of row: Row) throws -> String? {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT workspace FROM conversation WHERE id = ?"), arguments: [row["conversation"] as String])
    }

    /// The file comes later than the message that it belongs to, in an event of its own; one that is there already stays.
    private static func fill(_ db: Database, _ row: Row, with message: RecordHistory.Message) throws -> Bool {
        guard row["history"] as String? != nil, let media = message.content?.media else { return false }
        let known = try KeptContent.written(of: row)?.media
        guard known == nil || known?.id == nil && media.id != nil else { return false }
        try db.cachedStatement(
            sql: "UPDATE conversationMessage SET type = ?, text = coalesce(?, text), content = ?, raw = ? WHERE id = ?"
        )
        .execute(arguments: [
            message.type.text, message.text, try KeptContent.written(message.content), JSON.text(message.raw), row["id"] as Int64,
        ])
        return true
    }

    private static func keep(
        _ db: Database, _ message: RecordHistory.Message, of account: PhoneNumberID, at now: Timestamp, workspace: String
    ) throws {
        let (id, isNew) = try home(db, of: message, account, workspace: workspace)
        if isNew { try ConversationCounts.add(db, 1, ConversationCounts.conversations, workspace: workspace) }
        let direction = message.isFromBusiness == true ? ConversationCounts.outbound : ConversationCounts.inbound
        try ConversationCounts.add(db, 1, ConversationCounts.history, workspace: workspace)
        // A name that was told since is the newer one.
        try db.cachedStatement(
            sql: """
                INSERT INTO conversation (id, workspace, account, contact, contactName, messages, lastAt) VALUES (?, ?, ?, ?, ?, 1, ?)
                ON CONFLICT (id) DO UPDATE SET messages = messages + 1, lastAt = max(lastAt, excluded.lastAt),
                  contactName = coalesce(contactName, excluded.contactName)
                """
        )
        .execute(arguments: [id, workspace, account, message.contact, message.contactName, message.at])
        try db.cachedStatement(
            sql: """
                INSERT INTO conversationMessage (conversation, direction, reference, type, text, content, raw, at, receivedAt, history)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        .execute(arguments: [
            id, direction, message.wamid, message.type.text, message.text, try KeptContent.written(message.content),
            JSON.text(message.raw), message.at, now, state(message.status),
        ])
    }

    /// The conversation that a message belongs to: the customer's, under whichever of their names they have one.
    private static func home(
        _ db: Database, of message: RecordHistory.Message, _ account: PhoneNumberID, workspace: String
    ) throws -> (id: String, isNew: Bool) {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM conversation WHERE id = ?")
        for name in [message.contact] + (message.formerly ?? []) {
            let present = try present(db, id(account, name, workspace: workspace))
            if try Int.fetchOne(statement, arguments: [present]) != nil { return (present, false) }
        }
        return (id(account, message.contact, workspace: workspace), true)
    }

    /// Where a message stood in the app, in the words of messages that were sent from here; empty where nothing is known.
    private static func state(_ status: String?) -> String {
        let word = (status ?? "").lowercased()
        return word == "error" ? "failed" : word
    }

    /// A message that comes live is more than the same one of the app's chats, which told of it earlier: it is understood and answered.
    static func giveWay(_ db: Database, _ row: Row) throws {
        try db.cachedStatement(sql: "DELETE FROM conversationMessage WHERE id = ?").execute(arguments: [row["id"] as Int64])
        try db.cachedStatement(sql: "UPDATE conversation SET messages = messages - 1 WHERE id = ?")
            .execute(arguments: [row["conversation"] as String])
        // It was counted where it was kept, which is another workspace if the number has moved since.
        if let workspace = try workspace(db, of: row) {
            try ConversationCounts.add(db, -1, ConversationCounts.history, workspace: workspace)
        }
    }
}
