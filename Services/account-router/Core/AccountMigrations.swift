package import GRDB
import JobQueue
import Storage

/// account-router's schema; from the first release on migrations are appended, never changed.
package enum AccountMigrations {
    package static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("v1-money") { db in
            try db.execute(sql: accounts + messages + consent + campaigns)
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

        -- What a number has sent, hour by hour, and the most of it in one second.
        CREATE TABLE accountLoad (
          account TEXT NOT NULL,
          hour INTEGER NOT NULL,
          messages INTEGER NOT NULL,
          peak INTEGER NOT NULL,
          PRIMARY KEY (account, hour)
        ) STRICT, WITHOUT ROWID;

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
          -- Failed tries before it is given up; NULL for single messages, which wait as long as it takes.
          attemptLimit INTEGER,
          campaign TEXT,
          -- What Meta said of the price.
          billable INTEGER CHECK (billable IN (0, 1)),
          priceCategory TEXT,
          UNIQUE (workspace, requestKey)
        ) STRICT;
        CREATE INDEX messageByCampaignQueued ON message (campaign) WHERE campaign IS NOT NULL AND state = 'queued';
        CREATE INDEX messageByRecipient ON message (recipient, id);
        CREATE INDEX messageByWAMID ON message (wamid) WHERE wamid IS NOT NULL;
        CREATE INDEX messageQueued ON message (account, id) WHERE state = 'queued';
        CREATE INDEX messageUnderWay ON message (account) WHERE state = 'sending';
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

    private static let campaigns = """
        CREATE TABLE broadcastList (
          id TEXT NOT NULL PRIMARY KEY,
          workspace TEXT NOT NULL,
          name TEXT NOT NULL,
          members INTEGER NOT NULL,
          -- The recipients of one campaign that were given with it.
          isHidden INTEGER NOT NULL CHECK (isHidden IN (0, 1)),
          createdAt INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX broadcastListName ON broadcastList (workspace, name) WHERE isHidden = 0;

        CREATE TABLE broadcastListMember (
          list TEXT NOT NULL,
          contact TEXT NOT NULL,
          variables TEXT,
          timeZone TEXT,
          PRIMARY KEY (list, contact)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE campaign (
          id TEXT NOT NULL PRIMARY KEY,
          workspace TEXT NOT NULL,
          requestKey TEXT NOT NULL,
          fingerprint INTEGER NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('campaign', 'batch')),
          name TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN
            ('open', 'planning', 'planned', 'scheduled', 'running', 'paused', 'finished', 'cancelled', 'refused')),
          reason TEXT,
          template TEXT,
          -- Of template-service, instead of one template.
          experiment TEXT,
          -- When its results were last told.
          reportedAt INTEGER NOT NULL DEFAULT 0,
          language TEXT,
          version INTEGER,
          category TEXT,
          -- What was asked for, as JSON.
          plan TEXT,
          list TEXT,
          -- The last recipient of the list that has been planned.
          cursor TEXT NOT NULL DEFAULT '',
          priority INTEGER NOT NULL,
          rate INTEGER,
          attempts INTEGER NOT NULL,
          window TEXT,
          startAt INTEGER,
          deadline INTEGER,
          target REAL,
          budget INTEGER,
          currency TEXT,
          -- Estimated cost of what has been handed over, in millionths.
          spent INTEGER NOT NULL DEFAULT 0,
          report TEXT,
          -- Whether the deadline was seen to be at risk.
          isAtRisk INTEGER NOT NULL DEFAULT 0 CHECK (isAtRisk IN (0, 1)),
          createdAt INTEGER NOT NULL,
          startedAt INTEGER,
          finishedAt INTEGER,
          UNIQUE (workspace, requestKey)
        ) STRICT;
        CREATE INDEX campaignByExperiment ON campaign (experiment) WHERE experiment IS NOT NULL;
        CREATE INDEX campaignAlive ON campaign (state) WHERE state IN ('planning', 'scheduled', 'running');

        -- Frozen when the campaign is planned; the message has the rest of the story.
        CREATE TABLE campaignRecipient (
          campaign TEXT NOT NULL,
          n INTEGER NOT NULL,
          contact TEXT NOT NULL,
          state TEXT NOT NULL CHECK (state IN ('planned', 'skipped', 'queued', 'cancelled')),
          -- Why it was left out.
          problem TEXT,
          -- A batch message's own request key, by which it counts once.
          key TEXT,
          account TEXT,
          reason TEXT,
          template TEXT,
          type TEXT,
          category TEXT,
          -- Meta's components, or its object for a batch.
          object TEXT,
          options TEXT,
          fallback TEXT,
          language TEXT,
          -- What a number whose quality is YELLOW sends instead.
          cautious TEXT,
          -- What it was estimated to cost when it was handed over, in millionths.
          charged INTEGER NOT NULL DEFAULT 0,
          sendAt INTEGER NOT NULL DEFAULT 0,
          message TEXT,
          tries INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (campaign, n)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX campaignDue ON campaignRecipient (campaign, sendAt, n) WHERE state = 'planned';
        CREATE INDEX campaignMessage ON campaignRecipient (message) WHERE message IS NOT NULL;
        CREATE UNIQUE INDEX campaignKey ON campaignRecipient (campaign, key) WHERE key IS NOT NULL;

        -- Recipients by where they are, kept as they move; the number is empty before one has taken them over.
        CREATE TABLE campaignCount (
          campaign TEXT NOT NULL,
          account TEXT NOT NULL,
          state TEXT NOT NULL,
          n INTEGER NOT NULL,
          PRIMARY KEY (campaign, account, state)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE deliveryWindow (
          id TEXT NOT NULL PRIMARY KEY,
          workspace TEXT NOT NULL,
          name TEXT NOT NULL,
          definition TEXT NOT NULL,
          UNIQUE (workspace, name)
        ) STRICT;

        -- A campaign that is planned anew for each opening of a window.
        CREATE TABLE recurrence (
          id TEXT NOT NULL PRIMARY KEY,
          workspace TEXT NOT NULL,
          window TEXT NOT NULL,
          name TEXT NOT NULL,
          plan TEXT NOT NULL,
          list TEXT,
          nextAt INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE tariff (
          workspace TEXT NOT NULL,
          country TEXT NOT NULL,
          category TEXT NOT NULL,
          validFrom INTEGER NOT NULL,
          currency TEXT NOT NULL,
          -- Millionths of the currency, for one message.
          amount INTEGER NOT NULL,
          PRIMARY KEY (workspace, country, category, validFrom)
        ) STRICT, WITHOUT ROWID;

        """
}
