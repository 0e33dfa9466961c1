import GRDB
import JobQueue
import Storage

/// account-router's schema; from the first release on migrations are appended, never changed.
enum AccountMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1-outbox") { db in
            try db.execute(
                sql: """
                    CREATE TABLE account (
                      phoneNumberID TEXT NOT NULL PRIMARY KEY,
                      wabaID TEXT NOT NULL,
                      displayPhoneNumber TEXT NOT NULL,
                      displayName TEXT NOT NULL,
                      role TEXT NOT NULL CHECK (role IN ('master', 'secondary')),
                      weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 100),
                      enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
                      workspace TEXT NOT NULL,
                      messagesPerSecond INTEGER NOT NULL CHECK (messagesPerSecond BETWEEN 1 AND 1000),
                      -- The latest moment of which a status has reached us: how far Meta's webhooks have caught up.
                      lastStatusAt INTEGER NOT NULL DEFAULT 0
                    ) STRICT;
                    CREATE UNIQUE INDEX oneMaster ON account (workspace) WHERE role = 'master';

                    CREATE TABLE message (
                      id TEXT NOT NULL PRIMARY KEY,
                      workspace TEXT NOT NULL,
                      requestKey TEXT NOT NULL,
                      -- What was asked for, to tell a repeated request from a reused key.
                      request TEXT NOT NULL,
                      account TEXT NOT NULL,
                      recipient TEXT NOT NULL,
                      type TEXT NOT NULL,
                      content TEXT NOT NULL,
                      replyTo TEXT,
                      priority INTEGER NOT NULL,
                      state TEXT NOT NULL CHECK (state IN
                        ('queued', 'sending', 'unknown', 'accepted', 'sent', 'delivered', 'read', 'played', 'failed')),
                      wamid TEXT,
                      attempts INTEGER NOT NULL DEFAULT 0,
                      createdAt INTEGER NOT NULL,
                      updatedAt INTEGER NOT NULL,
                      -- When the request to Meta was about to begin.
                      sendingAt INTEGER,
                      errorCode INTEGER,
                      error TEXT,
                      UNIQUE (workspace, requestKey)
                    ) STRICT;
                    CREATE INDEX messageByWAMID ON message (wamid) WHERE wamid IS NOT NULL;
                    CREATE INDEX messageByState ON message (state, account);
                    CREATE INDEX messageUnknown ON message (sendingAt) WHERE state = 'unknown';

                    CREATE TABLE messageStep (
                      message TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
                      at INTEGER NOT NULL,
                      state TEXT NOT NULL,
                      detail TEXT
                    ) STRICT;
                    CREATE INDEX messageStepByMessage ON messageStep (message);

                    CREATE TABLE conversationWindow (
                      contact TEXT NOT NULL,
                      account TEXT NOT NULL,
                      expiresAt INTEGER NOT NULL,
                      PRIMARY KEY (contact, account)
                    ) STRICT, WITHOUT ROWID;

                    -- The number a contact is used to.
                    CREATE TABLE stickySender (
                      workspace TEXT NOT NULL,
                      contact TEXT NOT NULL,
                      account TEXT NOT NULL,
                      at INTEGER NOT NULL,
                      PRIMARY KEY (workspace, contact)
                    ) STRICT, WITHOUT ROWID;
                    """
            )
            try JobTable.create(db)
            try IdempotencyKeys.createTable(db)
            try EventLog.createTable(db)
        }
        return migrator
    }
}
