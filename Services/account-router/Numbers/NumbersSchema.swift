/// The tables of numbers: what they are, what was done with them, what they have sent, and what they share.
package enum NumbersSchema {
    package static let sql = """
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
          health TEXT NOT NULL CHECK (health IN ('ready', 'cautious', 'resting', 'recovering', 'restricted', 'held', 'banned')),
          marketingShare INTEGER NOT NULL CHECK (marketingShare BETWEEN 0 AND 100),
          -- Whether an operator holds it below what Meta gives; Meta's word does not raise it then.
          isCapped INTEGER NOT NULL DEFAULT 0 CHECK (isCapped IN (0, 1)),
          -- When Meta's restriction ends, where Meta says so.
          restrictedUntil INTEGER,
          -- Until when it may begin nothing at all.
          barredUntil INTEGER,
          -- Of Meta's rate, as refusals have taught.
          learnedShare REAL NOT NULL DEFAULT 1,
          -- When health last changed: recovering numbers grow from there.
          healthAt INTEGER NOT NULL DEFAULT 0,
          -- The latest moment of which a status has reached us: how far Meta's webhooks have caught up.
          lastStatusAt INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        -- Numbers that were removed: what people write to them still counts for the workspace.
        CREATE TABLE formerNumber (
          phoneNumberID TEXT NOT NULL PRIMARY KEY,
          workspace TEXT NOT NULL,
          displayName TEXT NOT NULL,
          removedAt INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE UNIQUE INDEX oneMaster ON account (workspace) WHERE role = 'master';

        -- What was done with a number and why; a step is never changed but for being taken back.
        CREATE TABLE accountStep (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          phoneNumberID TEXT NOT NULL,
          at INTEGER NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('quality', 'health', 'link', 'rate', 'operator', 'notice')),
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
          messagingLimit INTEGER CHECK (messagingLimit > 0),
          -- Whether Meta, or an operator, has said it; else the smallest holds.
          isKnown INTEGER NOT NULL CHECK (isKnown IN (0, 1)),
          -- What Meta said last in a word that is not known.
          word TEXT
        ) STRICT;

        CREATE TABLE strategy (
          workspace TEXT NOT NULL PRIMARY KEY,
          name TEXT NOT NULL,
          isGeographic INTEGER NOT NULL CHECK (isGeographic IN (0, 1))
        ) STRICT, WITHOUT ROWID;

        """

    /// Each bar of a number has its own end; of those from before only the last end is known.
    package static let bars = """
        CREATE TABLE accountBar (
          phoneNumberID TEXT NOT NULL,
          -- Meta's word for what the number may not do.
          word TEXT NOT NULL,
          until INTEGER NOT NULL,
          -- What helps, as Meta says.
          remedy TEXT,
          PRIMARY KEY (phoneNumberID, word)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO accountBar (phoneNumberID, word, until)
        SELECT phoneNumberID, coalesce(
          (SELECT substr(reason, length('Meta lets the number begin nothing: ') + 1) FROM accountStep
           WHERE accountStep.phoneNumberID = account.phoneNumberID AND kind = 'health' AND reason LIKE 'Meta lets the number begin nothing: _%'
           ORDER BY id DESC LIMIT 1), 'RESTRICTED_BIZ_INITIATED_MESSAGING'), barredUntil
        FROM account WHERE barredUntil IS NOT NULL;
        """

    /// Of an account (WABA) whose numbers were removed Meta tells as before; of those removed earlier it is not known.
    package static let formerAccounts = """
        ALTER TABLE formerNumber ADD COLUMN wabaID TEXT;
        CREATE INDEX formerNumberByAccount ON formerNumber (wabaID);
        """
}
