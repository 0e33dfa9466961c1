import GRDB
import Storage
import Vocabulary

/// Which import of its chats a number is in: a business that comes to Linda again brings them again.
struct HistoryImport: Equatable {
    /// The imports before it.
    var n = 0
    /// The place that was told last; nil before the first.
    var last: String?

    static let schema = """
        CREATE TABLE historyImport (
          phoneNumberID TEXT NOT NULL PRIMARY KEY,
          n INTEGER NOT NULL,
          last TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// Whether the next piece of news is of a further import.
    ///
    /// Chunks of one import come in any order.
    ///
    /// - Parameter isToldAgain: whether other news has told of its chunk; nil where it names none.
    func isOver(before next: HistoryProgress.Standing, isToldAgain: Bool?) -> Bool {
        guard let last else { return false }
        // A business that does not share its chats tells none of them.
        if last.hasPrefix("declined:") != (next.word == "declined") { return true }
        // A chunk that fails may be told of later than the last one.
        if let isToldAgain { return isToldAgain }
        // What fails as a whole once all has come is of the next.
        return next.word == "failed" && last.hasSuffix(":10") && !last.hasPrefix("failed:")
    }

    static func of(_ db: Database, _ number: PhoneNumberID) throws -> HistoryImport {
        let statement = try db.cachedStatement(sql: "SELECT n, last FROM historyImport WHERE phoneNumberID = ?")
        return try Row.fetchOne(statement, arguments: [number]).map { HistoryImport(n: $0["n"], last: $0["last"]) } ?? HistoryImport()
    }

    func write(_ db: Database, _ number: PhoneNumberID) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO historyImport (phoneNumberID, n, last) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET n = excluded.n, last = excluded.last
                """
        )
        .execute(arguments: [number, n, last ?? ""])
    }
}
