/// The tables of what came in, of what is owed, of keys and of users.
enum GatewaySchema {
    static let sql = """
        -- Rows up to counter 'splitTo' have been taken apart: they are never written again.
        CREATE TABLE payload (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          receivedAt INTEGER NOT NULL,
          body BLOB NOT NULL
        ) STRICT;

        CREATE TABLE inboundEvent (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          payloadID INTEGER NOT NULL,
          lane TEXT NOT NULL CHECK (lane IN ('message', 'status', 'management')),
          kind TEXT NOT NULL,
          -- Events of one key are handled one after the other; statuses have none, their whole lane goes in order.
          orderKey TEXT,
          dedupeKey TEXT NOT NULL,
          entryID TEXT NOT NULL,
          phoneNumberID TEXT,
          contact TEXT,
          contactName TEXT,
          userIDs TEXT,
          raw TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'dead')),
          -- 1 where no earlier event of the same key is pending; statuses, which have none, always 0.
          ready INTEGER NOT NULL CHECK (ready IN (0, 1)),
          attempts INTEGER NOT NULL DEFAULT 0,
          nextAt INTEGER NOT NULL,
          receivedAt INTEGER NOT NULL,
          error TEXT
        ) STRICT;
        -- Few, because each costs every delivery; the rest is found by id, which grows with time.
        CREATE INDEX inboundReady ON inboundEvent (lane, nextAt, id) WHERE state = 'pending' AND ready = 1;
        CREATE INDEX inboundOrder ON inboundEvent (orderKey, id) WHERE state = 'pending' AND orderKey IS NOT NULL;
        CREATE INDEX inboundStatus ON inboundEvent (id, nextAt) WHERE state = 'pending' AND lane = 'status';
        CREATE INDEX inboundDead ON inboundEvent (id) WHERE state = 'dead';

        CREATE TABLE deadLetter (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          source TEXT NOT NULL CHECK (source IN ('payload', 'event')),
          reference INTEGER NOT NULL,
          lane TEXT NOT NULL CHECK (lane IN ('payload', 'message', 'status', 'management')),
          kind TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('open', 'retried', 'resolved')),
          reason TEXT NOT NULL,
          error TEXT NOT NULL,
          attempts INTEGER NOT NULL,
          firstAt INTEGER NOT NULL,
          lastAt INTEGER NOT NULL,
          UNIQUE (source, reference)
        ) STRICT;
        CREATE INDEX deadLetterByState ON deadLetter (state, id);

        -- Times in which deliveries may not have reached us.
        CREATE TABLE deliveryGap (
          id INTEGER PRIMARY KEY,
          startAt INTEGER NOT NULL,
          endAt INTEGER NOT NULL,
          reason TEXT NOT NULL CHECK (reason IN ('refused', 'down', 'silent')),
          -- Whether account-router knows.
          isTold INTEGER NOT NULL CHECK (isTold IN (0, 1)),
          UNIQUE (startAt, reason)
        ) STRICT;
        CREATE INDEX deliveryGapUntold ON deliveryGap (id) WHERE isTold = 0;

        CREATE TABLE apiKey (
          id TEXT NOT NULL PRIMARY KEY,
          -- NULL where it is of the whole host.
          workspace TEXT,
          name TEXT NOT NULL,
          role TEXT NOT NULL CHECK (role IN ('ingest', 'viewer', 'agent', 'admin', 'owner')),
          -- As JSON; NULL for all.
          numbers TEXT,
          createdAt INTEGER NOT NULL,
          expiresAt INTEGER,
          rotatedAt INTEGER,
          formerUntil INTEGER,
          lastUsedAt INTEGER,
          revokedAt INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX apiKeyByWorkspace ON apiKey (workspace, id);

        CREATE TABLE apiSecret (
          digest BLOB NOT NULL PRIMARY KEY,
          key TEXT NOT NULL REFERENCES apiKey (id) ON DELETE CASCADE,
          -- NULL while it is the key's present one.
          until INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX apiSecretByKey ON apiSecret (key);

        CREATE TABLE counter (
          name TEXT NOT NULL PRIMARY KEY,
          value INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// Users, and where they are logged in.
    static let users = """
        CREATE TABLE apiUser (
          id TEXT NOT NULL PRIMARY KEY,
          -- NULL where the user is of the whole host.
          workspace TEXT,
          -- In small letters.
          email TEXT NOT NULL UNIQUE,
          name TEXT NOT NULL,
          role TEXT NOT NULL CHECK (role IN ('viewer', 'agent', 'admin', 'owner')),
          -- As argon2 writes it, with its costs and its salt.
          hash TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
          createdAt INTEGER NOT NULL,
          lastLoginAt INTEGER
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX apiUserByWorkspace ON apiUser (workspace, id);

        CREATE TABLE session (
          id TEXT NOT NULL PRIMARY KEY,
          -- Of the token, which is kept nowhere.
          digest BLOB NOT NULL UNIQUE,
          user TEXT NOT NULL REFERENCES apiUser (id) ON DELETE CASCADE,
          createdAt INTEGER NOT NULL,
          lastUsedAt INTEGER NOT NULL,
          endsAt INTEGER NOT NULL,
          -- NULL where the user logged in on the host.
          address TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sessionByUser ON session (user);
        CREATE INDEX sessionByEnd ON session (endsAt);
        """
}
