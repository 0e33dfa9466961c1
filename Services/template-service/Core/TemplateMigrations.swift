import GRDB
import Storage

/// template-service's schema; from the first release on migrations are appended, never changed.
enum TemplateMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1-quality") { db in
            try db.execute(sql: TemplateSchema.sql)
            try IdempotencyKeys.createTable(db)
            try EventLog.createTable(db)
        }
        // Languages are kept as Meta's requests write them. One that stands there both ways keeps the former beside it.
        migrator.registerMigration("v2-languages", foreignKeyChecks: .immediate) { db in
            try db.execute(
                sql: "UPDATE OR IGNORE template SET language = replace(language, '-', '_') WHERE language LIKE '%-%'")
        }
        migrator.registerMigration("v3-list-orders", foreignKeyChecks: .immediate) { db in
            try db.execute(
                sql: """
                    CREATE INDEX templateByName ON template (name, language);
                    CREATE INDEX experimentByAge ON experiment (workspace, createdAt DESC, name);
                    """
            )
        }
        return migrator
    }
}
