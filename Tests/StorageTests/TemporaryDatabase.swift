import Foundation
import GRDB
import JobQueue
import Storage
import Support

/// A real database in a folder of its own.
struct TemporaryDatabase {
    let pool: DatabasePool
    let folder: String

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1") { db in
            try db.execute(sql: "CREATE TABLE item (n INTEGER PRIMARY KEY CHECK (n < 1000)) STRICT")
            try JobTable.create(db)
            try IdempotencyKeys.createTable(db)
            try EventLog.createTable(db)
            try EventLog.createTypeIndex(db)
        }
        return migrator
    }

    init() throws {
        folder = try Machine.temporaryFolder()
        pool = try ServiceDatabase.open(path: "\(folder)/t.sqlite", migrator: Self.migrator)
    }

    func end() throws {
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
