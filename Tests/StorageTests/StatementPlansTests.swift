import GRDB
import Support
import Testing

/// What a plan is found fault with for.
@Suite struct StatementPlansTests {
    private static let plans = StatementPlans(
        bounded: ["setting": "an operator makes them", "itemOpen": "few are open"],
        exceptions: [.init("GROUP BY kind", "USE TEMP B-TREE FOR GROUP BY", because: "there are few kinds")])

    private func steps(_ sql: String) throws -> [String] {
        let queue = try DatabaseQueue()
        return try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT) STRICT, WITHOUT ROWID;
                    CREATE TABLE item (id INTEGER PRIMARY KEY, owner TEXT, kind TEXT, at INTEGER, state TEXT) STRICT;
                    CREATE INDEX itemByOwner ON item (owner, at);
                    CREATE INDEX itemOpen ON item (at) WHERE state = 'open';
                    """)
            return try Self.plans.problems(db, sql).compactMap { $0.split(separator: ":").first.map(String.init) }
        }
    }

    @Test(arguments: [
        "SELECT * FROM item WHERE owner = ? ORDER BY at, id", "SELECT * FROM item WHERE id > ? ORDER BY id LIMIT 5",
        "SELECT value FROM setting ORDER BY value", "SELECT s.value FROM setting AS s", "SELECT max(id) FROM item",
        "SELECT at FROM item INDEXED BY itemOpen WHERE state = 'open' ORDER BY at",
        "SELECT kind, count(*) FROM item WHERE owner = ? GROUP BY kind", "INSERT INTO item (owner) VALUES (?)",
        "SELECT p.n FROM (SELECT count(*) AS n FROM item WHERE owner = ?) AS p", "DELETE FROM item WHERE id = ?",
    ])
    func whatIsFoundInOrderIsSound(sql: String) throws { #expect(try steps(sql) == []) }

    @Test(arguments: [
        ("SELECT * FROM item WHERE kind = ?", "SCAN item"), ("SELECT r.id FROM item r WHERE r.kind = ?", "SCAN r"),
        ("SELECT r.id FROM item AS r", "SCAN r USING COVERING INDEX itemByOwner"),
        ("SELECT * FROM item WHERE owner = ? ORDER BY kind", "USE TEMP B-TREE FOR ORDER BY"),
        ("SELECT DISTINCT state FROM item WHERE owner = ?", "USE TEMP B-TREE FOR DISTINCT"),
        ("UPDATE item SET at = 0 WHERE kind IN (SELECT kind FROM item AS o WHERE o.owner = ?) AND state = ?", "SCAN item"),
        ("DELETE FROM item WHERE at < ?", "SCAN item"),
        (
            "SELECT s.name FROM setting AS s JOIN item AS i ON i.kind = s.value", "SEARCH i USING AUTOMATIC COVERING INDEX (kind=?)"
        ),
    ])
    func whatGrowsSlowerIsNamed(sql: String, step: String) throws { #expect(try steps(sql) == [step]) }

    @Test func aReferenceThatNoIndexServesIsNamed() throws {
        let queue = try DatabaseQueue()
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE owner (id TEXT PRIMARY KEY) STRICT;
                    CREATE TABLE sound (owner TEXT REFERENCES owner (id), n INTEGER, PRIMARY KEY (owner, n)) STRICT, WITHOUT ROWID;
                    CREATE TABLE slow (n INTEGER PRIMARY KEY, owner TEXT REFERENCES owner (id)) STRICT;
                    """)
            let found = try StatementPlans.unservedReferences(db)
            #expect(found == ["slow: owner"])
        }
    }
}
