package import GRDB
import Storage
package import Vocabulary

/// Something that Meta lets a number not do, and that bars what is begun here.
package struct NumberBar: Equatable, Sendable {
    /// Meta's word for it.
    package var word: String
    /// What helps, as Meta says.
    package var remedy: String?
    package var until: Timestamp

    package init(word: String, remedy: String? = nil, until: Timestamp) {
        self.word = word
        self.remedy = remedy
        self.until = until
    }

    var text: String { "\(word)\(remedy.map { " (\($0))" } ?? "")" }
}

/// The bars of numbers: each has its own end, and a number may begin nothing until the last of them has ended.
extension Numbers {
    /// Meta bars a number from something, or names another end of a bar that it has.
    package func bar(_ db: Database, _ id: PhoneNumberID, by bars: [NumberBar]) throws {
        for bar in bars {
            try db.execute(
                sql: """
                    INSERT INTO accountBar (phoneNumberID, word, until, remedy) VALUES (?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET until = excluded.until, remedy = excluded.remedy
                    """,
                arguments: [id, bar.word, bar.until, bar.remedy])
        }
        try db.execute(
            sql: """
                UPDATE account SET barredUntil = (SELECT max(until) FROM accountBar WHERE phoneNumberID = ?1) WHERE phoneNumberID = ?1
                """,
            arguments: [id])
    }

    /// The bars of a number, that with the earliest end first.
    func bars(_ db: Database, of id: PhoneNumberID) throws -> [NumberBar] {
        try Row.fetchAll(
            db, sql: "SELECT word, until, remedy FROM accountBar WHERE phoneNumberID = ? ORDER BY until, word", arguments: [id]
        )
        .map { NumberBar(word: $0["word"], remedy: $0["remedy"], until: $0["until"]) }
    }

    /// A number is barred from nothing any more.
    func endBars(_ db: Database, of id: PhoneNumberID) throws {
        try db.execute(sql: "DELETE FROM accountBar WHERE phoneNumberID = ?", arguments: [id])
    }
}
