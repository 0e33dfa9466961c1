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
        // A list, as JSON; before it was one text with spaces between the ids.
        migrator.registerMigration("v2-user-ids", foreignKeyChecks: .immediate) { db in
            try db.execute(
                sql: """
                    UPDATE inboundEvent SET userIDs = '[' || replace(json_quote(userIDs), ' ', '","') || ']' WHERE userIDs IS NOT NULL
                    """)
        }
        // Keys in the order in which they are listed.
        migrator.registerMigration("v2-key-order", foreignKeyChecks: .immediate) { db in
            try db.execute(
                sql: """
                    DROP INDEX apiKeyByWorkspace;
                    CREATE INDEX apiKeyInOrder ON apiKey (workspace, revokedAt IS NOT NULL, id DESC);
                    """
            )
        }
        // What was delivered was told to one workspace, whichever it concerned: the processes that it concerns tell it.
        migrator.registerMigration("v3-own-events", foreignKeyChecks: .immediate) { db in
            try EventLog.keepOnly(db, kind: "key")
        }
        // What Meta tells of whoever wrote beside their name, as JSON; NULL where it tells nothing.
        migrator.registerMigration("v4-contact-profile", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: "ALTER TABLE inboundEvent ADD COLUMN contactProfile TEXT")
        }
        // Events of a rare type are found without a look at all the others.
        migrator.registerMigration("v4-event-types", foreignKeyChecks: .immediate) { db in try EventLog.createTypeIndex(db) }
        migrator.registerMigration("v5-users", foreignKeyChecks: .immediate) { db in try db.execute(sql: GatewaySchema.users) }
        return migrator
    }
}
