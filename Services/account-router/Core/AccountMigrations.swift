import GRDB
import JobQueue
import Storage

/// account-router's schema; from the first release on migrations are appended, never changed.
enum AccountMigrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1-sending") { db in
            try db.execute(sql: accounts + messages + consent)
            try JobTable.create(db)
            try IdempotencyKeys.createTable(db)
            try EventLog.createTable(db)
        }
        return migrator
    }

    private static let accounts = """
        CREATE TABLE account (
          phoneNumberID TEXT NOT NULL PRIMARY KEY,
          wabaID TEXT NOT NULL,
          portfolio TEXT NOT NULL,
          displayPhoneNumber TEXT NOT NULL,
          displayName TEXT NOT NULL,
          role TEXT NOT NULL CHECK (role IN ('master', 'secondary')),
          duty TEXT NOT NULL CHECK (duty IN ('active', 'spare', 'draining')),
          weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 100),
          enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
          workspace TEXT NOT NULL,
          messagesPerSecond INTEGER NOT NULL CHECK (messagesPerSecond BETWEEN 1 AND 1000),
          link TEXT NOT NULL CHECK (link IN ('unlinked', 'codeRequested', 'verified', 'registered')),
          quality TEXT NOT NULL CHECK (quality IN ('unknown', 'green', 'yellow', 'red')),
          health TEXT NOT NULL CHECK (health IN ('ready', 'cautious', 'resting', 'recovering', 'banned')),
          marketingShare INTEGER NOT NULL CHECK (marketingShare BETWEEN 0 AND 100),
          -- Of Meta's rate, as refusals have taught.
          learnedShare REAL NOT NULL DEFAULT 1,
          -- When health last changed: recovering numbers grow from there.
          healthAt INTEGER NOT NULL DEFAULT 0,
          -- The latest moment of which a status has reached us: how far Meta's webhooks have caught up.
          lastStatusAt INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE UNIQUE INDEX oneMaster ON account (workspace) WHERE role = 'master';

        -- What was done with a number and why; a step is never changed but for being taken back.
        CREATE TABLE accountStep (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          phoneNumberID TEXT NOT NULL,
          at INTEGER NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('quality', 'health', 'link', 'rate', 'operator')),
          "from" TEXT NOT NULL,
          "to" TEXT NOT NULL,
          reason TEXT NOT NULL,
          -- What it was before: quality, health and share, to go back to.
          before TEXT,
          reverted INTEGER NOT NULL DEFAULT 0 CHECK (reverted IN (0, 1))
        ) STRICT;
        CREATE INDEX accountStepByNumber ON accountStep (phoneNumberID, id);

        CREATE TABLE portfolio (
          id TEXT NOT NULL PRIMARY KEY,
          -- People in 24 hours; NULL where Meta has lifted the limit.
          messagingLimit INTEGER CHECK (messagingLimit > 0)
        ) STRICT;

        CREATE TABLE strategy (
          workspace TEXT NOT NULL PRIMARY KEY,
          name TEXT NOT NULL,
          isGeographic INTEGER NOT NULL CHECK (isGeographic IN (0, 1))
        ) STRICT, WITHOUT ROWID;

        """

    private static let messages = """
        CREATE TABLE message (
          id TEXT NOT NULL PRIMARY KEY,
          workspace TEXT NOT NULL,
          requestKey TEXT NOT NULL,
          -- Of what was asked for, to tell a repeated request from a reused key.
          fingerprint INTEGER NOT NULL,
          account TEXT NOT NULL,
          recipient TEXT NOT NULL,
          type TEXT NOT NULL,
          category TEXT NOT NULL CHECK (category IN ('marketing', 'utility', 'authentication', 'service')),
          -- Meta's object of that type, and what stands around it.
          object TEXT NOT NULL,
          options TEXT,
          -- The template that is sent instead once the customer service window is closed.
          fallback TEXT,
          priority INTEGER NOT NULL,
          state TEXT NOT NULL CHECK (state IN
            ('queued', 'sending', 'unknown', 'accepted', 'sent', 'delivered', 'read', 'played', 'failed')),
          -- Why this number.
          reason TEXT NOT NULL,
          wamid TEXT,
          attempts INTEGER NOT NULL DEFAULT 0,
          createdAt INTEGER NOT NULL,
          updatedAt INTEGER NOT NULL,
          -- When the request to Meta was about to begin.
          sendingAt INTEGER,
          acceptedAt INTEGER,
          sentAt INTEGER,
          deliveredAt INTEGER,
          readAt INTEGER,
          playedAt INTEGER,
          failedAt INTEGER,
          errorCode INTEGER,
          error TEXT,
          campaign TEXT,
          UNIQUE (workspace, requestKey)
        ) STRICT;
        CREATE INDEX messageByWAMID ON message (wamid) WHERE wamid IS NOT NULL;
        CREATE INDEX messagePending ON message (account, state) WHERE state IN ('queued', 'sending', 'unknown');
        CREATE INDEX messageUnknown ON message (sendingAt) WHERE state = 'unknown';
        CREATE INDEX messageBySending ON message (sendingAt) WHERE sendingAt IS NOT NULL;

        -- What happened on the way besides the moments above.
        CREATE TABLE messageNote (
          message TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
          at INTEGER NOT NULL,
          state TEXT NOT NULL,
          detail TEXT NOT NULL
        ) STRICT;
        CREATE INDEX messageNoteByMessage ON messageNote (message);

        CREATE TABLE conversationWindow (
          contact TEXT NOT NULL,
          account TEXT NOT NULL,
          expiresAt INTEGER NOT NULL,
          PRIMARY KEY (contact, account)
        ) STRICT, WITHOUT ROWID;

        -- The number a contact is used to, and the one that is preferred for them.
        CREATE TABLE contactRoute (
          workspace TEXT NOT NULL,
          contact TEXT NOT NULL,
          sticky TEXT,
          preferred TEXT,
          at INTEGER NOT NULL,
          PRIMARY KEY (workspace, contact)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX contactRouteBySticky ON contactRoute (sticky);

        """

    private static let consent = """
        CREATE TABLE consent (
          workspace TEXT NOT NULL,
          contact TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('granted', 'stopped', 'paused')),
          at INTEGER NOT NULL,
          PRIMARY KEY (workspace, contact)
        ) STRICT, WITHOUT ROWID;

        -- Who agreed or stopped, when, how, and the proof; never changed, only added to.
        CREATE TABLE consentStep (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          workspace TEXT NOT NULL,
          contact TEXT NOT NULL,
          state TEXT NOT NULL,
          at INTEGER NOT NULL,
          source TEXT NOT NULL,
          actor TEXT,
          proof TEXT,
          recordedAt INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX consentStepByContact ON consentStep (workspace, contact);

        """
}
