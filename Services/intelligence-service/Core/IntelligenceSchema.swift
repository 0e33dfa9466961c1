/// The tables of conversations and orders.
enum IntelligenceSchema {
    static let sql = """
        CREATE TABLE conversation (
          id TEXT NOT NULL PRIMARY KEY,
          workspace TEXT NOT NULL,
          account TEXT NOT NULL,
          contact TEXT NOT NULL,
          contactName TEXT,
          messages INTEGER NOT NULL DEFAULT 0,
          lastAt INTEGER NOT NULL,
          -- When the customer was last told that a person will answer; and what was said that waits for one.
          handedOverAt INTEGER,
          askedAt INTEGER,
          -- account-router's message that answers, while it is not known whether Meta takes it.
          answer TEXT,
          -- From when on the name is this customer's: whoever had it before is another conversation now.
          since INTEGER NOT NULL DEFAULT 0,
          UNIQUE (workspace, account, contact)
        ) STRICT;
        CREATE INDEX conversationByContact ON conversation (workspace, contact);
        CREATE INDEX conversationByLast ON conversation (lastAt);
        CREATE INDEX conversationWaiting ON conversation (workspace, lastAt) WHERE askedAt IS NOT NULL;
        CREATE INDEX conversationByAge ON conversation (workspace, lastAt);

        -- Conversations that have become part of another: the customer has another name now.
        CREATE TABLE conversationAlias (
          id TEXT NOT NULL PRIMARY KEY,
          conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX conversationAliasByConversation ON conversationAlias (conversation);

        CREATE TABLE conversationMessage (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          conversation TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
          direction TEXT NOT NULL CHECK (direction IN ('inbound', 'outbound')),
          -- Meta's id of an inbound message, ours of an outbound one.
          reference TEXT NOT NULL,
          type TEXT NOT NULL,
          text TEXT,
          raw TEXT,
          intent TEXT,
          confidence REAL,
          answered INTEGER NOT NULL DEFAULT 0 CHECK (answered IN (0, 1)),
          at INTEGER NOT NULL,
          -- When it reached us: Meta's own moments are whole seconds.
          receivedAt INTEGER NOT NULL,
          UNIQUE (direction, reference)
        ) STRICT;
        CREATE INDEX messageByConversation ON conversationMessage (conversation, at);

        CREATE INDEX messageByAge ON conversationMessage (at);

        -- Messages by direction and intent, kept as they come and go.
        CREATE TABLE conversationCount (
          workspace TEXT NOT NULL,
          name TEXT NOT NULL,
          n INTEGER NOT NULL,
          PRIMARY KEY (workspace, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE customerOrder (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          workspace TEXT NOT NULL,
          conversation TEXT NOT NULL REFERENCES conversation (id),
          contact TEXT NOT NULL,
          account TEXT NOT NULL,
          -- The message that asked for it: one order each.
          reference TEXT NOT NULL UNIQUE,
          lines TEXT NOT NULL,
          createdAt INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX customerOrderByConversation ON customerOrder (conversation);
        INSERT INTO sqlite_sequence (name, seq) VALUES ('customerOrder', 1000);
        """
}
