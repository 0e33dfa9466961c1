/// The tables of outgoing messages.
package enum OutboxSchema {
    package static let sql = """
        CREATE TABLE message (
          id TEXT NOT NULL PRIMARY KEY,
          workspace TEXT NOT NULL,
          requestKey TEXT NOT NULL,
          -- Of what was asked for, to tell a repeated request from a reused key.
          fingerprint INTEGER NOT NULL,
          account TEXT NOT NULL,
          recipient TEXT NOT NULL,
          -- The recipient's, as the price goes by it; unknown where the number does not tell.
          country TEXT NOT NULL DEFAULT 'unknown',
          type TEXT NOT NULL,
          category TEXT NOT NULL CHECK (category IN ('marketing', 'utility', 'authentication', 'service')),
          -- Meta's object of that type, and what stands around it.
          object TEXT NOT NULL,
          -- The account (WABA) whose template it is: Meta takes it from no other's numbers.
          wabaID TEXT,
          options TEXT,
          -- The template that is sent instead once the customer service window is closed.
          fallback TEXT,
          priority INTEGER NOT NULL,
          state TEXT NOT NULL CHECK (state IN
            ('queued', 'sending', 'unknown', 'held', 'accepted', 'sent', 'delivered', 'read', 'played', 'failed')),
          -- Why this number.
          reason TEXT NOT NULL,
          wamid TEXT,
          attempts INTEGER NOT NULL DEFAULT 0,
          createdAt INTEGER NOT NULL,
          updatedAt INTEGER NOT NULL,
          -- When the request to Meta was about to begin.
          sendingAt INTEGER,
          -- When Meta took it and held it back for quality assessment.
          heldAt INTEGER,
          acceptedAt INTEGER,
          sentAt INTEGER,
          deliveredAt INTEGER,
          readAt INTEGER,
          playedAt INTEGER,
          failedAt INTEGER,
          errorCode INTEGER,
          error TEXT,
          -- Failed tries before it is given up; NULL for single messages, which wait as long as it takes.
          attemptLimit INTEGER,
          campaign TEXT,
          -- Whether the request named the number: of a batch it then waits there, whatever other numbers could do.
          isAsked INTEGER NOT NULL DEFAULT 0 CHECK (isAsked IN (0, 1)),
          -- Failed without a clear answer: nobody knows whether Meta sent it.
          isUnclear INTEGER NOT NULL DEFAULT 0 CHECK (isUnclear IN (0, 1)),
          -- Failed, and its content goes out again as another message: once.
          isRetried INTEGER NOT NULL DEFAULT 0 CHECK (isRetried IN (0, 1)),
          -- What Meta said of the price.
          billable INTEGER CHECK (billable IN (0, 1)),
          priceCategory TEXT,
          UNIQUE (workspace, requestKey)
        ) STRICT;
        CREATE INDEX messageByCampaignQueued ON message (campaign, id) WHERE campaign IS NOT NULL AND state = 'queued';
        CREATE INDEX messageByRecipient ON message (recipient, id);
        CREATE INDEX messageByWorkspace ON message (workspace, id);
        CREATE INDEX messageFailed ON message (workspace, id) WHERE state = 'failed';
        CREATE INDEX messageByWAMID ON message (wamid) WHERE wamid IS NOT NULL;
        CREATE INDEX messageQueued ON message (account, id) WHERE state = 'queued';
        CREATE INDEX messageUnderWay ON message (account) WHERE state = 'sending';
        CREATE INDEX messageUnknown ON message (account, sendingAt) WHERE state = 'unknown';
        CREATE INDEX messageHeld ON message (account, heldAt) WHERE state = 'held';
        CREATE INDEX messageBySending ON message (sendingAt) WHERE sendingAt IS NOT NULL;

        -- Templates that Meta has moved to another category, which what waits goes by.
        CREATE TABLE templateCategory (
          wabaID TEXT NOT NULL,
          name TEXT NOT NULL,
          language TEXT NOT NULL,
          category TEXT NOT NULL CHECK (category IN ('marketing', 'utility', 'authentication')),
          movedAt INTEGER NOT NULL,
          PRIMARY KEY (wabaID, name, language)
        ) STRICT, WITHOUT ROWID;

        -- Further ids of WhatsApp for one message: it was sent twice, or, as a former one, refused before its fallback went out.
        CREATE TABLE messageWAMID (
          wamid TEXT NOT NULL PRIMARY KEY,
          message TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
          isFormer INTEGER NOT NULL CHECK (isFormer IN (0, 1)),
          at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX messageWAMIDByMessage ON messageWAMID (message);

        -- Times in which Meta's statuses may not have reached us.
        CREATE TABLE webhookGap (
          startAt INTEGER NOT NULL,
          endAt INTEGER NOT NULL,
          reason TEXT NOT NULL,
          PRIMARY KEY (endAt, startAt, reason)
        ) STRICT, WITHOUT ROWID;

        -- How far what old messages said has been forgotten.
        CREATE TABLE messageSweep (
          name TEXT NOT NULL PRIMARY KEY,
          place TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- What still waited when the sweep came by; it is looked at again.
        CREATE TABLE messageUnswept (
          message TEXT NOT NULL PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE messageCount (
          workspace TEXT NOT NULL,
          account TEXT NOT NULL,
          state TEXT NOT NULL,
          n INTEGER NOT NULL,
          PRIMARY KEY (workspace, account, state)
        ) STRICT, WITHOUT ROWID;

        -- What happened on the way besides the moments above.
        CREATE TABLE messageNote (
          message TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
          at INTEGER NOT NULL,
          state TEXT NOT NULL,
          detail TEXT NOT NULL
        ) STRICT;
        CREATE INDEX messageNoteByMessage ON messageNote (message);

        -- What came of a message, for whoever has it sent.
        CREATE VIEW messageOutcome AS
        SELECT id, account, state, type, object, updatedAt,
          coalesce(heldAt, acceptedAt, sentAt, deliveredAt, readAt) AS metAt, sentAt, deliveredAt, readAt, failedAt, errorCode,
          error, isUnclear, isRetried
        FROM message;

        """

    /// The message whose content one sends again on its own.
    package static let repeats = """
        ALTER TABLE message ADD COLUMN retryOf TEXT;
        CREATE UNIQUE INDEX messageRepeat ON message (retryOf) WHERE retryOf IS NOT NULL;

        """

    /// From when the grace time of a gap runs; NULL from its end.
    package static let gapGrace = """
        ALTER TABLE webhookGap ADD COLUMN graceFrom INTEGER;
        CREATE INDEX webhookGapByGrace ON webhookGap (coalesce(graceFrom, endAt));

        """

    /// What Meta itself said as it refused a message, as JSON.
    package static let metaErrors = "ALTER TABLE message ADD COLUMN metaErrors TEXT"

    /// What else Meta says of a message: its price in further words, and the conversation that it counts to.
    package static let price = """
        ALTER TABLE message ADD COLUMN priceType TEXT;
        ALTER TABLE message ADD COLUMN priceModel TEXT;
        ALTER TABLE message ADD COLUMN conversationID TEXT;
        ALTER TABLE message ADD COLUMN conversationOrigin TEXT;
        ALTER TABLE message ADD COLUMN conversationUntil INTEGER;

        """

    /// Statuses that move no message on.
    package static let asides = """
        CREATE TABLE messageAside (
          message TEXT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
          -- The member of a group whom it is about, - where Meta names none; empty where it is about the message.
          member TEXT NOT NULL,
          word TEXT NOT NULL,
          at INTEGER NOT NULL,
          -- The message's at that time.
          state TEXT NOT NULL,
          detail TEXT,
          PRIMARY KEY (message, member, word)
        ) STRICT, WITHOUT ROWID;

        -- How many came besides those that are kept.
        ALTER TABLE message ADD COLUMN furtherAsides INTEGER;

        """
}
