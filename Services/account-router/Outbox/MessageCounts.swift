import AccountContract
import GRDB
import Storage
import Vocabulary

/// Owns how many messages of a workspace are in which state on which number: kept as they move, since counting ten
/// million takes seconds.
enum MessageCounts {
    static func add(_ db: Database, _ count: Int, _ state: Message.State, on number: PhoneNumberID, workspace: String) throws {
        try db.count(counter(.init(state: state, number: number), workspace), by: count)
    }

    /// One message fewer where it was, and one more where it is.
    static func move(_ db: Database, _ move: MessageMove, workspace: String) throws {
        try db.count(counter(move.from, workspace), by: -1)
        try db.count(counter(move.to, workspace), by: 1)
    }

    private static func counter(_ place: MessageMove.Place, _ workspace: String) -> RowCounter {
        RowCounter(
            sql: """
                INSERT INTO messageCount (workspace, account, state, n) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET n = n + excluded.n
                """,
            key: [workspace, place.number, place.state.rawValue])
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
