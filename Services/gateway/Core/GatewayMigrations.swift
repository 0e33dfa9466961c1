import GRDB
import Storage

/// The gateway's schema; migrations are appended, never changed.
enum GatewayMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1-inbox") { db in
            try db.execute(
                sql: """
                    CREATE TABLE payload (
                      id INTEGER PRIMARY KEY AUTOINCREMENT,
                      receivedAt INTEGER NOT NULL,
                      state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'split', 'dead')),
                      body BLOB NOT NULL
                    ) STRICT;
                    CREATE INDEX payloadNew ON payload (id) WHERE state = 'new';
                    CREATE INDEX payloadByAge ON payload (receivedAt);

                    CREATE TABLE inboundEvent (
                      id INTEGER PRIMARY KEY AUTOINCREMENT,
                      payloadID INTEGER NOT NULL REFERENCES payload (id) ON DELETE CASCADE,
                      lane TEXT NOT NULL CHECK (lane IN ('message', 'status', 'management')),
                      kind TEXT NOT NULL,
                      -- Events of one key are handled one after the other.
                      orderKey TEXT NOT NULL,
                      dedupeKey TEXT NOT NULL,
                      entryID TEXT NOT NULL,
                      phoneNumberID TEXT,
                      contactName TEXT,
                      raw TEXT NOT NULL,
                      state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'dead')),
                      -- 1 where no earlier event of the same key is pending.
                      ready INTEGER NOT NULL CHECK (ready IN (0, 1)),
                      attempts INTEGER NOT NULL DEFAULT 0,
                      nextAt INTEGER NOT NULL,
                      receivedAt INTEGER NOT NULL,
                      error TEXT
                    ) STRICT;
                    CREATE INDEX inboundReady ON inboundEvent (lane, nextAt, id) WHERE state = 'pending' AND ready = 1;
                    CREATE INDEX inboundByAge ON inboundEvent (lane, id) WHERE state = 'pending' AND ready = 1;
                    CREATE INDEX inboundOrder ON inboundEvent (lane, orderKey, id) WHERE state = 'pending';
                    CREATE INDEX inboundPayload ON inboundEvent (payloadID);
                    CREATE INDEX inboundState ON inboundEvent (state, receivedAt);

                    CREATE TABLE deadLetter (
                      id INTEGER PRIMARY KEY AUTOINCREMENT,
                      source TEXT NOT NULL CHECK (source IN ('payload', 'event')),
                      reference INTEGER NOT NULL,
                      kind TEXT NOT NULL,
                      state TEXT NOT NULL CHECK (state IN ('open', 'retried', 'resolved')),
                      reason TEXT NOT NULL,
                      error TEXT NOT NULL,
                      attempts INTEGER NOT NULL,
                      firstAt INTEGER NOT NULL,
                      lastAt INTEGER NOT NULL,
                      UNIQUE (source, reference)
                    ) STRICT;

                    CREATE TABLE counter (
                      name TEXT NOT NULL PRIMARY KEY,
                      value INTEGER NOT NULL
                    ) STRICT, WITHOUT ROWID;
                    """
            )
            try IdempotencyKeys.createTable(db)
            try EventLog.createTable(db)
        }
        return migrator
    }
}
