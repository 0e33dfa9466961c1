import AccountCampaigns
import AccountContacts
import AccountNumbers
import AccountOutbox
package import GRDB
import JobQueue
import Storage
import Vocabulary

/// account-router's schema, put together from its modules'; from the first release on migrations are appended, never changed.
package enum AccountMigrations {
    package static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1-skips") { db in
            try db.execute(sql: NumbersSchema.sql + ContactsSchema.sql + OutboxSchema.sql + MessageFiguresSchema.sql + CampaignsSchema.sql)
            try JobTable.create(db)
            try IdempotencyKeys.createTable(db)
            try EventLog.createTable(db)
        }
        // No row gets another parent: ten million rows need not be looked through for one that has none.
        migrator.registerMigration("v2-many-skips", foreignKeyChecks: .immediate) { db in try db.execute(sql: CampaignsSchema.skips) }
        migrator.registerMigration("v2-result-order", foreignKeyChecks: .immediate) { db in try db.execute(sql: CampaignsSchema.resultOrder)
        }
        migrator.registerMigration("v2-first-due", foreignKeyChecks: .immediate) { db in try db.execute(sql: CampaignsSchema.firstDue) }
        migrator.registerMigration("v2-recurring-language", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: CampaignsSchema.recurringLanguage)
        }
        migrator.registerMigration("v3-list-orders", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: ContactsSchema.stepOrder + CampaignsSchema.listOrders)
        }
        migrator.registerMigration("v3-repeats", foreignKeyChecks: .immediate) { db in try db.execute(sql: OutboxSchema.repeats) }
        migrator.registerMigration("v3-filling", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: CampaignsSchema.filling, arguments: [EventLog.lastAt(db) ?? .zero])
        }
        migrator.registerMigration("v4-report-durations", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: CampaignsSchema.reportDurations)
        }
        migrator.registerMigration("v5-meta-errors", foreignKeyChecks: .immediate) { db in try db.execute(sql: OutboxSchema.metaErrors) }
        migrator.registerMigration("v5-message-price", foreignKeyChecks: .immediate) { db in try db.execute(sql: OutboxSchema.price) }
        migrator.registerMigration("v5-status-asides", foreignKeyChecks: .immediate) { db in try db.execute(sql: OutboxSchema.asides) }
        migrator.registerMigration("v5-bars", foreignKeyChecks: .immediate) { db in try db.execute(sql: NumbersSchema.bars) }
        migrator.registerMigration("v5-history-imports", foreignKeyChecks: .immediate) { db in try db.execute(sql: HistoryImport.schema) }
        // Events of a rare type are found without a look at all the others.
        migrator.registerMigration("v5-event-types", foreignKeyChecks: .immediate) { db in try EventLog.createTypeIndex(db) }
        migrator.registerMigration("v5-gap-grace", foreignKeyChecks: .immediate) { db in try db.execute(sql: OutboxSchema.gapGrace) }
        migrator.registerMigration("v5-former-accounts", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: NumbersSchema.formerAccounts)
        }
        return migrator
    }
}
