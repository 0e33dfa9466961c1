import Foundation
import GRDB
import Support
import Testing

@testable import TemplateCore

/// Databases of before.
@Suite struct TemplateMigrationTests {
    /// `en-US` was taken as it was written; every question asks for `en_US` now.
    @Test func languagesAreKeptAsMetaWritesThem() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try DatabasePool(path: "\(folder)/t.sqlite")
        let migrator = TemplateMigrations.migrator
        try migrator.migrate(pool, upTo: "v1-quality")
        try await pool.write { db in
            for (n, language) in ["en-US", "hi", "pt_BR", "pt-BR"].enumerated() {
                try db.execute(
                    sql: """
                        INSERT INTO template (id, workspace, name, language, category, body, buttons, version, review, createdAt, updatedAt)
                        VALUES (?, 'w', 'news', ?, 'utility', 'Hello there.', '[]', 1, 'draft', 0, 0)
                        """,
                    arguments: ["\(n)", language])
            }
        }
        try migrator.migrate(pool)
        let languages = try await pool.read { try String.fetchAll($0, sql: "SELECT language FROM template ORDER BY id") }
        #expect(languages == ["en_US", "hi", "pt_BR", "pt-BR"])
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
