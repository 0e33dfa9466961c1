/// The tables of people: what they agreed to, when they last wrote, and which number they are used to.
package enum ContactsSchema {
    package static let sql = """
        CREATE TABLE consent (
          workspace TEXT NOT NULL,
          contact TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('granted', 'stopped', 'paused', 'marketing_stopped', 'resumed')),
          at INTEGER NOT NULL,
          PRIMARY KEY (workspace, contact)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX consentByState ON consent (workspace, state, contact);

        -- How many people stand where, so that a list's figures cost the same for a million of them.
        CREATE TABLE consentCount (
          workspace TEXT NOT NULL,
          state TEXT NOT NULL,
          n INTEGER NOT NULL,
          PRIMARY KEY (workspace, state)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER consentCounted AFTER INSERT ON consent BEGIN
          INSERT INTO consentCount (workspace, state, n) VALUES (new.workspace, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
        END;
        CREATE TRIGGER consentUncounted AFTER DELETE ON consent BEGIN
          UPDATE consentCount SET n = n - 1 WHERE workspace = old.workspace AND state = old.state;
        END;
        CREATE TRIGGER consentRecounted AFTER UPDATE OF state ON consent WHEN new.state <> old.state BEGIN
          UPDATE consentCount SET n = n - 1 WHERE workspace = old.workspace AND state = old.state;
          INSERT INTO consentCount (workspace, state, n) VALUES (new.workspace, new.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
        END;

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

        -- What a person was told or asked about consent, so that no machine on their side can make us say it without end.
        CREATE TABLE consentNotice (
          workspace TEXT NOT NULL,
          contact TEXT NOT NULL,
          kind TEXT NOT NULL,
          since INTEGER NOT NULL,
          at INTEGER NOT NULL,
          times INTEGER NOT NULL,
          PRIMARY KEY (workspace, contact, kind)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX consentNoticeByTime ON consentNotice (since);

        -- Names besides the one under which everything else here is kept: BSUIDs, and phone numbers that their owner has left.
        CREATE TABLE contactAlias (
          workspace TEXT NOT NULL,
          alias TEXT NOT NULL,
          person TEXT NOT NULL,
          isFormer INTEGER NOT NULL CHECK (isFormer IN (0, 1)),
          at INTEGER NOT NULL,
          source TEXT NOT NULL,
          PRIMARY KEY (workspace, alias)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX contactAliasByPerson ON contactAlias (workspace, person);
        CREATE INDEX contactAliasFormer ON contactAlias (alias) WHERE isFormer = 1;

        CREATE TABLE conversationWindow (
          workspace TEXT NOT NULL,
          contact TEXT NOT NULL,
          account TEXT NOT NULL,
          expiresAt INTEGER NOT NULL,
          PRIMARY KEY (workspace, contact, account)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX conversationWindowByEnd ON conversationWindow (expiresAt);

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

    /// A person's steps in the order in which they were taken, however many there are.
    package static let stepOrder = """
        DROP INDEX consentStepByContact;
        CREATE INDEX consentStepByContact ON consentStep (workspace, contact, at);

        """
}
