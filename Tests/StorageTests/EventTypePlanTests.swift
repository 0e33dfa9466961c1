import Foundation
import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

/// Events of a type are found by an index, whatever lies between them.
@Suite struct EventTypePlanTests {
    private let statements = MutexBox<Set<String>>([])

    private func scene(_ body: (DatabasePool, EventLog) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try ServiceDatabase.open(path: "\(folder)/t.sqlite", migrator: TemporaryDatabase.migrator) { [statements] db in
            db.trace(options: .statement) { event in
                guard case .statement(let statement) = event else { return }
                let sql = statement.sql
                statements.update { _ = $0.insert(sql) }
            }
        }
        try await pool.write { db in
            try db.execute(
                sql: """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)
                    INSERT INTO event (at, type, workspace, subject, data)
                    SELECT 1, CASE i % 5000 WHEN 0 THEN 'rare.one' WHEN 1 THEN 'rare.two' ELSE 'a.b' END,
                      CASE WHEN i % 2 = 0 THEN 'v' ELSE 'w' END, i, 'null' FROM n
                    """)
        }
        try await body(pool, EventLog(Reads(pool)))
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func noOtherEventIsLookedAt() async throws {
        try await scene { pool, log in
            statements.update { $0 = [] }
            let all = try await log.read(.init(after: 0, types: ["rare.two", "rare.one", "rare.two"]), workspace: "w")
            #expect(all.items.map(\.subject) == ["1", "5001", "10001", "15001", "20001"] && all.next == 25_000)
            let asked = statements.value.filter { $0.contains("FROM event") && $0.contains("type") }
            #expect(asked.count == 1)
            let steps = try await pool.read { db in
                try asked.flatMap { sql in
                    let statement = try db.makeStatement(sql: "EXPLAIN QUERY PLAN \(sql)")
                    statement.setUncheckedArguments([])
                    return try Row.fetchAll(statement).map { $0["detail"] as String }
                }
            }
            #expect(steps.count == 1 && steps[0].contains("INDEX eventByType (type=? AND workspace=? AND rowid>?"), "\(steps)")
        }
    }

    /// Of several types the events stand in their order, and the next page goes on behind the last.
    @Test func pagesGoThroughAllTypes() async throws {
        try await scene { _, log in
            var (after, subjects, pages) = (Int64(0), [String](), 0)
            repeat {
                let page = try await log.read(.init(after: after, limit: 3, types: ["rare.one", "rare.two", "no.such"]), workspace: "w")
                (after, subjects, pages) = (page.next, subjects + page.items.map(\.subject), pages + 1)
            } while after < 25_000 && pages < 10
            #expect(subjects == ["1", "5001", "10001", "15001", "20001"] && pages == 2)
            let others = try await log.read(.init(after: 5000, types: ["rare.one", "rare.two"]), workspace: "v")
            #expect(others.items.map(\.subject) == ["10000", "15000", "20000", "25000"])
        }
    }
}
