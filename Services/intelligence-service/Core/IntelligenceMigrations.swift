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
        // Under what name the customer was written to, which stood at the end of the former id only.
        migrator.registerMigration("v2-alias-contact", foreignKeyChecks: .immediate) { db in
            try db.execute(
                sql: """
                    ALTER TABLE conversationAlias ADD COLUMN contact TEXT NOT NULL DEFAULT '';
                    UPDATE conversationAlias SET contact = substr(conversationAlias.id, length(c.workspace) + length(c.account) + 3)
                      FROM conversation c WHERE c.id = conversationAlias.conversation;
                    """)
        }
        // What a message says beside words; NULL where a former version has kept it, whose raw object says it.
        migrator.registerMigration("v2-content", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: "ALTER TABLE conversationMessage ADD COLUMN content TEXT")
        }
        migrator.registerMigration("v2-dead-actions", foreignKeyChecks: .immediate) { db in try JobTable.indexDead(db) }
        // Who somebody is beside their name, and who has said what in a group.
        migrator.registerMigration("v3-people", foreignKeyChecks: .immediate) { db in
            try db.execute(
                sql: """
                    ALTER TABLE conversation ADD COLUMN username TEXT;
                    ALTER TABLE conversation ADD COLUMN identityHash TEXT;
                    ALTER TABLE conversation ADD COLUMN identityAt INTEGER;
                    ALTER TABLE conversation ADD COLUMN isGroup INTEGER NOT NULL DEFAULT 0;
                    ALTER TABLE conversationMessage ADD COLUMN author TEXT;
                    ALTER TABLE conversationMessage ADD COLUMN authorName TEXT;
                    """)
        }
        // Where a message of the app's chats stood there, empty where that is not known; NULL for what came live.
        migrator.registerMigration("v3-history", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: "ALTER TABLE conversationMessage ADD COLUMN history TEXT")
        }
        // Events of a rare type are found without a look at all the others.
        migrator.registerMigration("v3-event-types", foreignKeyChecks: .immediate) { db in try EventLog.createTypeIndex(db) }
        // What was written before, WhatsApp's notices and calls are counted apart from what people write now.
        migrator.registerMigration("v3-counts", foreignKeyChecks: .immediate) { db in try db.execute(sql: counts) }
        return migrator
    }

    /// Counts all messages anew.
    private static let counts = """
        UPDATE conversationMessage SET intent = NULL, confidence = NULL WHERE type = 'call' AND intent IS NOT NULL;
        DELETE FROM conversationCount WHERE name IN ('inbound', 'outbound') OR substr(name, 1, 7) = 'intent:';
        INSERT INTO conversationCount (workspace, name, n)
        SELECT c.workspace, CASE WHEN m.history IS NOT NULL THEN 'history' WHEN m.type = 'system' THEN 'notices'
          WHEN m.type = 'call' THEN 'calls' ELSE m.direction END AS what, count(*)
        FROM conversationMessage m JOIN conversation c ON c.id = m.conversation GROUP BY c.workspace, what;
        INSERT INTO conversationCount (workspace, name, n)
        SELECT c.workspace, 'intent:' || m.intent AS what, count(*)
        FROM conversationMessage m JOIN conversation c ON c.id = m.conversation WHERE m.intent IS NOT NULL GROUP BY c.workspace, what;
        """
}
