import Foundation
import GRDB
import RPCContract
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import TemplateCore

/// A list of experiments costs as many statements as one of them.
@Suite struct ExperimentListTests {
    private let statements = MutexBox<[String]>([])

    private func scene(_ body: (DatabasePool, Experiments) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.templateService, path: "\(folder)/t.sqlite", migrator: TemplateMigrations.migrator) {
            [statements] db in
            db.trace(options: .statement) { event in
                guard case .statement(let statement) = event else { return }
                let sql = statement.sql
                statements.update { if sql.hasPrefix("SELECT"), sql.contains("experiment") { $0.append(sql) } }
            }
        }
        let reads = Reads(pool)
        try await body(pool, Experiments(pool: pool, reads: reads, events: EventLog(reads), clock: WallClock { 0 }))
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test func resultsOfAllComeTogether() async throws {
        try await scene { pool, experiments in
            #expect(try await experiments.list(workspace: "w").items.isEmpty)
            let variants = try JSON.text(["a", "b"].map { Experiment.Variant(template: $0, share: 1) })
            try await pool.write { db in
                for (workspace, count) in [("w", 30), ("v", 1)] {
                    for n in 1...count {
                        try db.execute(
                            sql: "INSERT INTO experiment (workspace, name, variants, createdAt) VALUES (?, ?, ?, ?)",
                            arguments: [workspace, "e\(n)", variants, n])
                    }
                }
            }
            for (workspace, name, source, read) in [("w", "e1", "c", 1), ("w", "e1", "d", 2), ("w", "e30", "c", 4), ("v", "e1", "c", 9)] {
                let result = Experiment.Result(template: "b", messages: 10, delivered: 10, read: read, failed: 0)
                try await experiments.record(.init(name: name, source: source, results: [result]), workspace: workspace)
            }
            statements.update { $0 = [] }
            let items = try await experiments.list(workspace: "w").items
            #expect(statements.value.count == 2, "\(statements.value)")
            #expect(items.map(\.name) == (1...30).reversed().map { "e\($0)" })
            #expect(items[0].results.map(\.read) == [0, 4] && items[29].results.map(\.read) == [0, 3])
            #expect(items[29].results[1].messages == 20 && items[1].results.map(\.messages) == [0, 0])
            let alone = try await experiments.get("e1", workspace: "w")
            #expect(alone == items[29])
        }
    }
}
