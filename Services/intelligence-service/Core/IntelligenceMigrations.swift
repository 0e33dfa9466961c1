import GRDB
import JobQueue
import Storage

/// intelligence-service's schema; migrations are appended, never changed.
enum IntelligenceMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1-workspaces") { db in
            try db.execute(sql: IntelligenceSchema.sql)
            try JobTable.create(db)
            try EventLog.createTable(db)
        }
        return migrator
    }
}
