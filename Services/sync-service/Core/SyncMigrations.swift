import GRDB
import Storage
import Vocabulary

/// sync-service's schema; migrations are appended, never changed.
enum SyncMigrations {
    /// - Parameter clock: when somebody was deleted of whom it was not written down.
    static func migrator(_ clock: WallClock) -> DatabaseMigrator {
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
        migrator.registerMigration("v2-search") { db in
            db.add(function: searchKey)
            defer { db.remove(function: searchKey) }
            // The index has all that a search reads of contacts that it does not show.
            try db.execute(
                sql: """
                    ALTER TABLE contact ADD COLUMN search TEXT NOT NULL DEFAULT '';
                    UPDATE contact SET search = searchKey(name, firstName, email, phone);
                    CREATE INDEX contactSearch ON contact (workspace, id, search);
                    """
            )
        }
        // What the address books of apps say: each entry by itself, also of who was removed, and beside the contact what holds.
        migrator.registerMigration("v3-app") { db in try db.execute(sql: app) }
        // Events of a rare type are found without a look at all the others.
        migrator.registerMigration("v3-event-types", foreignKeyChecks: .immediate) { db in try EventLog.createTypeIndex(db) }
        // Of who was removed from an app, or deleted here, no name stays.
        migrator.registerMigration("v3-forgotten", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: forgotten, arguments: ["now": clock.now])
        }
        return migrator
    }

    /// Each entry of an app's address book, and beside the contact what holds of it.
    private static let app = """
        CREATE TABLE appContact (
          workspace TEXT NOT NULL,
          contact TEXT NOT NULL,
          account TEXT NOT NULL,
          name TEXT,
          firstName TEXT,
          isRemoved INTEGER NOT NULL CHECK (isRemoved IN (0, 1)),
          at INTEGER NOT NULL,
          PRIMARY KEY (workspace, contact, account)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX appContactRemoved ON appContact (at) WHERE isRemoved = 1;
        -- Whether nobody but an app has given the contact.
        ALTER TABLE contact ADD COLUMN isFromApp INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE contact ADD COLUMN appName TEXT;
        ALTER TABLE contact ADD COLUMN appFirstName TEXT;
        ALTER TABLE contact ADD COLUMN appAt INTEGER;
        """

    /// A contact that is in an app and not in the mirror was deleted by a person: from now on it is remembered for as long as any other.
    private static let forgotten = """
        UPDATE appContact SET isRemoved = 1, at = max(at, :now)
        WHERE isRemoved = 0
          AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.workspace = appContact.workspace AND phone = appContact.contact)
          AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.workspace = appContact.workspace AND bsuid = appContact.contact);
        UPDATE appContact SET name = NULL, firstName = NULL WHERE isRemoved = 1;
        """

    /// The words by which older contacts are found.
    private static var searchKey: DatabaseFunction {
        DatabaseFunction("searchKey", argumentCount: 4, pure: true) { values in
            ContactSearch.key(
                name: String.fromDatabaseValue(values[0]) ?? "", firstName: String.fromDatabaseValue(values[1]),
                email: String.fromDatabaseValue(values[2]), phone: String.fromDatabaseValue(values[3]))
        }
    }
}
