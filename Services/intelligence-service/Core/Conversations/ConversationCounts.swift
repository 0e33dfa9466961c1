import GRDB
import MetaEvents

/// Owns how many messages, conversations and orders a workspace has: kept as they come and go.
enum ConversationCounts {
    static let inbound = "inbound"
    static let outbound = "outbound"
    static let history = "history"
    static let notices = "notices"
    static let calls = "calls"
    static let conversations = "conversations"
    static let orders = "orders"
    static func intent(_ name: String) -> String { "intent:\(name)" }

    /// What a message counts as: what somebody wrote now by who it was, else what it is.
    static func name(ofType type: MetaWord<MessageKind>, _ direction: String, isHistory: Bool) -> String {
        if isHistory { return history }
        return switch type {
        case .known(.system): notices
        case .known(.call): calls
        default: direction
        }
    }

    /// The same of a message's row.
    static func name(of row: Row) -> String {
        name(ofType: MetaWord(row["type"] as String), row["direction"], isHistory: row["history"] as String? != nil)
    }

    static func add(_ db: Database, _ count: Int, _ name: String, workspace: String) throws {
        guard count != 0 else { return }
        try db.cachedStatement(
            sql: "INSERT INTO conversationCount (workspace, name, n) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n"
        )
        .execute(arguments: [workspace, name, count])
    }

    static func of(_ db: Database, workspace: String) throws -> [String: Int] {
        let rows = try Row.fetchAll(db, sql: "SELECT name, n FROM conversationCount WHERE workspace = ? AND n != 0", arguments: [workspace])
        return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"] as String, $0["n"] as Int) })
    }
}
