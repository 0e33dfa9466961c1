import Coordination
import GRDB
import Storage
import Testing

/// A part of a write that is rolled back takes its work along; the rest of the write keeps its own.
@Suite struct IsolatedPartTests {
    private struct Refused: Error {}

    private static let tally = RowCounter(sql: "INSERT INTO tally VALUES (?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n", key: ["a"])

    private static func store() async throws -> TemporaryDatabase {
        let store = try TemporaryDatabase()
        try await store.pool.write { db in
            try db.execute(sql: "CREATE TABLE tally (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID")
        }
        return store
    }

    /// Writes a row with all that can be asked for along with it.
    private static func add(_ db: Database, _ n: Int, _ said: Mutexed<[String]>) throws {
        try db.execute(sql: "INSERT INTO item VALUES (?)", arguments: [n])
        try db.count(tally, by: n)
        db.afterCommit { said.with { $0.append("kept \(n)") } }
        db.afterRollback { said.with { $0.append("undone \(n)") } }
    }

    /// A row, a part that succeeds with one inside of it that does not, a part that fails with one inside of it that does not, and a row.
    private static func nested(_ db: Database, _ said: Mutexed<[String]>) throws {
        try add(db, 1, said)
        try db.isolated {
            try add(db, 2, said)
            do {
                try db.isolated {
                    try add(db, 4, said)
                    throw Refused()
                }
            } catch is Refused { try add(db, 8, said) }
        }
        do {
            try db.isolated {
                try db.isolated { try add(db, 16, said) }
                throw Refused()
            }
        } catch is Refused { try add(db, 32, said) }
    }

    private static func check(_ store: TemporaryDatabase) async throws {
        #expect(try await store.pool.read { try Int.fetchAll($0, sql: "SELECT n FROM item ORDER BY n") } == [1, 2, 8, 32])
        #expect(try await store.pool.read { try Int.fetchOne($0, sql: "SELECT n FROM tally") } == 43)
    }

    @Test func theWorkOfWhatIsRolledBackIsNotDone() async throws {
        let (store, said) = (try await Self.store(), Mutexed<[String]>([]))
        try await GroupCommit(store.pool).write { try Self.nested($0, said) }
        try await Self.check(store)
        #expect(said.value == ["undone 4", "undone 16", "kept 1", "kept 2", "kept 8", "kept 32"])
        try store.end()
    }

    /// Outside of a group commit nothing but the work of undoing is left out.
    @Test func alsoInATransactionOfItsOwn() async throws {
        let (store, said) = (try await Self.store(), Mutexed<[String]>([]))
        try await store.pool.write { try Self.nested($0, said) }
        try await Self.check(store)
        #expect(Set(said.value.filter { $0.hasPrefix("kept") }) == ["kept 1", "kept 2", "kept 8", "kept 32"])
        try store.end()
    }

    /// A write that fails after all takes the work of its parts along.
    @Test func aPartGoesWithItsWrite() async throws {
        let (store, said) = (try await Self.store(), Mutexed<[String]>([]))
        await #expect(throws: Refused.self) {
            try await GroupCommit(store.pool).write { db in
                try db.isolated { try Self.add(db, 1, said) }
                throw Refused()
            }
        }
        #expect(said.value == ["undone 1"])
        #expect(try await store.pool.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM tally") } == 0)
        try store.end()
    }
}
