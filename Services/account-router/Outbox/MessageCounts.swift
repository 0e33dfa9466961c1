import AccountContract
import GRDB
import Storage
import Vocabulary

/// Owns how many messages of a workspace are in which state on which number: kept as they move, since counting ten
/// million takes seconds.
enum MessageCounts {
    static func add(_ db: Database, _ count: Int, _ state: Message.State, on number: PhoneNumberID, workspace: String) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO messageCount (workspace, account, state, n) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET n = n + excluded.n
                """
        )
        .execute(arguments: [workspace, number, state.rawValue, count])
    }

    /// One message fewer where it was, and one more where it is.
    static func move(_ db: Database, _ move: MessageMove, workspace: String) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO messageCount (workspace, account, state, n) VALUES (?1, ?2, ?3, -1), (?1, ?4, ?5, 1)
                ON CONFLICT DO UPDATE SET n = n + excluded.n
                """
        )
        .execute(arguments: [workspace, move.from.number, move.from.state.rawValue, move.to.number, move.to.state.rawValue])
    }

    /// By state and by number; what nobody is in is left out.
    static func of(_ db: Database, workspace: String) throws -> ([String: Int], [String: Int]) {
        var (states, accounts): ([String: Int], [String: Int]) = ([:], [:])
        for row in try Row.fetchAll(
            db, sql: "SELECT account, state, n FROM messageCount WHERE workspace = ? AND n != 0", arguments: [workspace])
        {
            states[row["state"], default: 0] += row["n"] as Int
            accounts[row["account"], default: 0] += row["n"] as Int
        }
        return (states, accounts)
    }
}
