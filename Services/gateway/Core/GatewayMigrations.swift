import GRDB
import Storage

/// The gateway's schema; from the first release on migrations are appended, never changed.
enum GatewayMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1-keys") { db in
            try db.execute(sql: GatewaySchema.sql)
            try IdempotencyKeys.createTable(db)
            try EventLog.createTable(db)
        }
        return migrator
    }
}
