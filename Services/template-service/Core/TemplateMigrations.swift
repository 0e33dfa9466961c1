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
        // Results belong to their experiment, and are added up template by template.
        migrator.registerMigration("v3-result-keys", foreignKeyChecks: .immediate) { db in
            try db.execute(
                sql: """
                    CREATE TABLE experimentResultKeyed (
                      workspace TEXT NOT NULL,
                      name TEXT NOT NULL,
                      template TEXT NOT NULL,
                      -- The campaign that has told it.
                      source TEXT NOT NULL,
                      messages INTEGER NOT NULL,
                      delivered INTEGER NOT NULL,
                      "read" INTEGER NOT NULL,
                      failed INTEGER NOT NULL,
                      PRIMARY KEY (workspace, name, template, source),
                      FOREIGN KEY (workspace, name) REFERENCES experiment (workspace, name) ON DELETE CASCADE
                    ) STRICT, WITHOUT ROWID;
                    INSERT INTO experimentResultKeyed (workspace, name, template, source, messages, delivered, "read", failed)
                    SELECT workspace, name, template, source, messages, delivered, "read", failed FROM experimentResult
                    WHERE EXISTS (SELECT 1 FROM experiment WHERE experiment.workspace = experimentResult.workspace
                      AND experiment.name = experimentResult.name);
                    DROP TABLE experimentResult;
                    ALTER TABLE experimentResultKeyed RENAME TO experimentResult;
                    """
            )
        }
        // What Meta says of a template beside its review.
        migrator.registerMigration("v4-status-words", foreignKeyChecks: .immediate) { db in
            for column in ["metaStatus", "statusTitle", "statusDetails", "previousQuality", "correctCategory"] {
                try db.execute(sql: "ALTER TABLE template ADD COLUMN \(column) TEXT")
            }
        }
        // Events of a rare type are found without a look at all the others.
        migrator.registerMigration("v4-event-types", foreignKeyChecks: .immediate) { db in try EventLog.createTypeIndex(db) }
        return migrator
    }
}
