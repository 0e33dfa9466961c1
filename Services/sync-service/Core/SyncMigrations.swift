import GRDB
import Storage

/// sync-service's schema; migrations are appended, never changed.
enum SyncMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1-contacts") { db in
            try db.execute(
                sql: """
                    CREATE TABLE contact (
                      id TEXT NOT NULL PRIMARY KEY,
                      workspace TEXT NOT NULL,
                      phone TEXT CHECK (phone NOT GLOB '*[^0-9]*' AND length(phone) BETWEEN 7 AND 15),
                      bsuid TEXT,
                      name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 256),
                      firstName TEXT,
                      email TEXT,
                      language TEXT,
                      updatedAt INTEGER NOT NULL,
                      UNIQUE (workspace, phone),
                      UNIQUE (workspace, bsuid),
                      CHECK (phone IS NOT NULL OR bsuid IS NOT NULL)
                    ) STRICT;
                    """
            )
            try EventLog.createTable(db)
        }
        return migrator
    }
}
