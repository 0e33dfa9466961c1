import GRDB
import JobQueue
import Storage

/// poster's schema; migrations are appended, never changed.
enum PosterMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1-webhooks") { db in
            try EventLog.createTable(db)
            try EventLog.createTypeIndex(db)
            try JobTable.create(db)
            try db.execute(sql: endpoints)
            try db.execute(sql: deliveries)
        }
        return migrator
    }

    private static let endpoints = """
        CREATE TABLE endpoint (
          id TEXT NOT NULL PRIMARY KEY,
          workspace TEXT NOT NULL,
          url TEXT NOT NULL,
          description TEXT,
          -- JSON: a list, or NULL for all.
          types TEXT,
          -- JSON: an object.
          headers TEXT NOT NULL,
          rate INTEGER CHECK (rate > 0),
          isOrdered INTEGER NOT NULL CHECK (isOrdered IN (0, 1)),
          state TEXT NOT NULL CHECK (state IN ('enabled', 'paused', 'disabled')),
          reason TEXT,
          waiting INTEGER NOT NULL DEFAULT 0,
          failingSince INTEGER,
          createdAt INTEGER NOT NULL,
          updatedAt INTEGER NOT NULL,
          rotatedAt INTEGER,
          UNIQUE (workspace, url)
        ) STRICT;
        CREATE TABLE endpointSecret (
          n INTEGER PRIMARY KEY,
          endpoint TEXT NOT NULL REFERENCES endpoint ON DELETE CASCADE,
          secret TEXT NOT NULL,
          -- Until when it signs beside its successor; NULL for the one that was given last.
          until INTEGER
        ) STRICT;
        CREATE INDEX secretOfEndpoint ON endpointSecret (endpoint);
        -- How far the events of a workspace have been read.
        CREATE TABLE eventPlace (
          workspace TEXT NOT NULL PRIMARY KEY,
          cursor TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE recovery (
          job TEXT NOT NULL PRIMARY KEY,
          endpoint TEXT NOT NULL REFERENCES endpoint ON DELETE CASCADE,
          since INTEGER NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'stopped')),
          -- NULL before the first page.
          cursor TEXT,
          read INTEGER NOT NULL DEFAULT 0,
          recovered INTEGER NOT NULL DEFAULT 0,
          isCut INTEGER NOT NULL DEFAULT 0 CHECK (isCut IN (0, 1)),
          createdAt INTEGER NOT NULL,
          endedAt INTEGER
        ) STRICT;
        CREATE INDEX recoveryOfEndpoint ON recovery (endpoint);
        CREATE UNIQUE INDEX recoveryRunning ON recovery (endpoint) WHERE state = 'running';
        CREATE INDEX recoveryEnded ON recovery (endedAt) WHERE state <> 'running';
        """

    /// No key refers to the endpoint: it may go while a hundred thousand deliveries of it are still to be removed.
    private static let deliveries = """
        CREATE TABLE delivery (
          n INTEGER PRIMARY KEY AUTOINCREMENT,
          endpoint TEXT NOT NULL,
          event TEXT NOT NULL,
          type TEXT NOT NULL,
          subject TEXT NOT NULL,
          at INTEGER NOT NULL,
          data TEXT NOT NULL,
          -- What it is held in order by; NULL where it need not be.
          lane TEXT,
          state TEXT NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
          attempts INTEGER NOT NULL DEFAULT 0,
          -- Of these, those since it was last begun with.
          tries INTEGER NOT NULL DEFAULT 0,
          createdAt INTEGER NOT NULL,
          endedAt INTEGER,
          UNIQUE (endpoint, event)
        ) STRICT;
        CREATE INDEX deliveryOfEndpoint ON delivery (endpoint, n);
        CREATE INDEX deliveryByAge ON delivery (createdAt);
        CREATE INDEX deliveryByState ON delivery (endpoint, state, n);
        CREATE INDEX deliveryInLane ON delivery (endpoint, lane, n) WHERE lane IS NOT NULL AND state = 'pending';
        -- Of endpoints that are gone: their deliveries are still to be removed.
        CREATE TABLE endpointGone (endpoint TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE attempt (
          delivery INTEGER NOT NULL REFERENCES delivery ON DELETE CASCADE,
          number INTEGER NOT NULL,
          at INTEGER NOT NULL,
          status INTEGER,
          error TEXT,
          duration INTEGER NOT NULL,
          answer TEXT,
          PRIMARY KEY (delivery, number)
        ) STRICT, WITHOUT ROWID;
        """
}
