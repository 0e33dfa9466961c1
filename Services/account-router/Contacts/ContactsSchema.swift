/// The tables of people: what they agreed to, when they last wrote, and which number they are used to.
package enum ContactsSchema {
    package static let sql = """
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
}
