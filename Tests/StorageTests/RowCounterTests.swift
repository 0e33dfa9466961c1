import Coordination
import GRDB
import Storage
import Testing

@Suite struct RowCounterTests {
    private static func counter(_ name: String) -> RowCounter {
        RowCounter(sql: "INSERT INTO tally VALUES (?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n", key: [name])
    }

    /// Of many writes in few transactions each that is kept counts once, and none that is rolled back alone.
    @Test func whatWasKeptIsCountedAndNothingElse() async throws {
        let store = try TemporaryDatabase()
        let written = Mutexed(0)
        try await store.pool.write { db in
            try db.execute(sql: "CREATE TABLE tally (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID")
        }
        try await store.pool.writeWithoutTransaction { db in
            db.trace { event in if "\(event)".contains("tally") { written.with { $0 += 1 } } }
        }
        let commits = GroupCommit(store.pool)
        await withTaskGroup(of: Void.self) { group in
            for n in 0..<600 {
                group.addTask {
                    do {
                        try await commits.write { db in
                            try db.count(Self.counter("all"), by: 2)
                            try db.count(Self.counter(n % 2 == 0 ? "even" : "odd"), by: 1)
                            // Up and down again comes to nothing.
                            try db.count(Self.counter("none"), by: 1)
                            try db.count(Self.counter("none"), by: -1)
                            // Every third breaks the CHECK, after it has counted.
                            try db.execute(sql: "INSERT INTO item VALUES (?)", arguments: [n % 3 == 0 ? 5000 + n : n])
                        }
                    } catch {}  // every third
                }
            }
        }
        let counted = try await store.pool.read { db in
            try Row.fetchAll(db, sql: "SELECT name, n FROM tally ORDER BY name").map { "\($0["name"] as String) \($0["n"] as Int)" }
        }
        #expect(counted == ["all 800", "even 200", "odd 200"])
        #expect(written.value < 600, "once for a transaction, not for each of its writes")
        try store.end()
    }

    /// Counters that cannot be written fail every write of the transaction: none is kept, and none is told otherwise.
    @Test func whatCannotBeCountedIsNotKept() async throws {
        let store = try TemporaryDatabase()
        let (commits, undone) = (GroupCommit(store.pool), Mutexed(0))
        let failures = await withTaskGroup(of: Bool.self) { group in
            for n in 0..<100 {
                group.addTask {
                    do {
                        try await commits.write { db in
                            db.afterRollback { undone.with { $0 += 1 } }
                            try db.execute(sql: "INSERT INTO item VALUES (?)", arguments: [n])
                            try db.count(Self.counter("of no table"), by: 1)
                        }
                        return false
                    } catch { return true }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == 100 && undone.value == 100)
        #expect(try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM item") } == 0)
        try store.end()
    }

    /// Outside of a group commit the counter is written at once.
    @Test func alsoInATransactionOfItsOwn() async throws {
        let store = try TemporaryDatabase()
        let n = try await store.pool.write { db in
            try db.execute(sql: "CREATE TABLE tally (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID")
            try db.count(Self.counter("a"), by: 3)
            return try Int.fetchOne(db, sql: "SELECT n FROM tally")
        }
        #expect(n == 3)
        try store.end()
    }
}
