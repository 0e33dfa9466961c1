/// The tables of campaigns and batches, and of what they are planned from.
package enum CampaignsSchema {
    package static let sql = """
        CREATE TABLE broadcastList (
          id TEXT NOT NULL PRIMARY KEY,
          workspace TEXT NOT NULL,
          name TEXT NOT NULL,
          members INTEGER NOT NULL,
          -- The recipients of one campaign that were given with it.
          isHidden INTEGER NOT NULL CHECK (isHidden IN (0, 1)),
          createdAt INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX broadcastListName ON broadcastList (workspace, name, isHidden);

        CREATE TABLE broadcastListMember (
          list TEXT NOT NULL REFERENCES broadcastList (id),
          contact TEXT NOT NULL,
          variables TEXT,
          timeZone TEXT,
          -- Of the file that it came from.
          line INTEGER,
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
          report TEXT,
          -- Recipients that were left out when it was planned.
          skipped INTEGER NOT NULL DEFAULT 0,
          -- Whether the deadline was seen to be at risk.
          isAtRisk INTEGER NOT NULL DEFAULT 0 CHECK (isAtRisk IN (0, 1)),
          -- Of the promise, once there is nothing more to be done about it.
          verdict TEXT CHECK (verdict IN ('kept', 'missed')),
          createdAt INTEGER NOT NULL,
          startedAt INTEGER,
          finishedAt INTEGER,
          UNIQUE (workspace, requestKey)
        ) STRICT;
        CREATE INDEX campaignByExperiment ON campaign (experiment) WHERE experiment IS NOT NULL;
        CREATE INDEX campaignByWorkspace ON campaign (workspace, kind, id);
        CREATE INDEX campaignByList ON campaign (list) WHERE list IS NOT NULL;
        CREATE INDEX campaignByName ON campaign (workspace, name, id);
        CREATE INDEX campaignByState ON campaign (state, priority, id);

        -- Frozen when the campaign is planned; the message has the rest of the story.
        CREATE TABLE campaignRecipient (
          campaign TEXT NOT NULL REFERENCES campaign (id),
          n INTEGER NOT NULL,
          contact TEXT NOT NULL,
          -- Of the file that it came from, and what the file calls them.
          line INTEGER,
          name TEXT,
          state TEXT NOT NULL CHECK (state IN ('planned', 'skipped', 'queued', 'cancelled')),
          -- Why it was left out.
          problem TEXT,
          -- A batch message's own request key, by which it counts once in its workspace.
          key TEXT,
          -- Of what was asked for, to tell a repeated message from a reused key.
          fingerprint INTEGER,
          account TEXT,
          -- Whether the request named the number: then no other takes its place.
          isAsked INTEGER NOT NULL DEFAULT 0 CHECK (isAsked IN (0, 1)),
          reason TEXT,
          template TEXT,
          type TEXT,
          category TEXT,
          -- Meta's components, or its object for a batch.
          object TEXT,
          -- The account (WABA) whose template it is: Meta takes it from no other's numbers.
          wabaID TEXT,
          options TEXT,
          fallback TEXT,
          language TEXT,
          -- What a number whose quality is YELLOW sends instead.
          cautious TEXT,
          -- What it was estimated to cost when it was handed over, in millionths of a currency.
          charged INTEGER NOT NULL DEFAULT 0,
          currency TEXT,
          sendAt INTEGER NOT NULL DEFAULT 0,
          -- Whose quiet hours count; and by when it should be with Meta, in their own zone.
          zone TEXT,
          deadline INTEGER,
          message TEXT,
          tries INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (campaign, n)
        ) STRICT, WITHOUT ROWID;
        -- By number and category, each of which may be unable to send while others can.
        CREATE INDEX campaignDue ON campaignRecipient (campaign, account, category, sendAt, n) WHERE state = 'planned';
        CREATE INDEX campaignSkipped ON campaignRecipient (campaign, problem) WHERE state = 'skipped';
        CREATE INDEX campaignMessage ON campaignRecipient (message) WHERE message IS NOT NULL;
        CREATE UNIQUE INDEX campaignKey ON campaignRecipient (key, campaign) WHERE key IS NOT NULL;

        -- Estimated cost of what has been handed over, in millionths of each currency.
        CREATE TABLE campaignSpent (
          campaign TEXT NOT NULL REFERENCES campaign (id),
          currency TEXT NOT NULL,
          micros INTEGER NOT NULL,
          PRIMARY KEY (campaign, currency)
        ) STRICT, WITHOUT ROWID;

        -- Recipients by where they are, kept as they move; the number is empty before one has taken them over.
        CREATE TABLE campaignCount (
          campaign TEXT NOT NULL REFERENCES campaign (id),
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
          window TEXT NOT NULL REFERENCES deliveryWindow (id),
          name TEXT NOT NULL,
          plan TEXT NOT NULL,
          list TEXT,
          nextAt INTEGER NOT NULL,
          -- The opening that was left out last: a window that is moved does not open in its time.
          skippedAt INTEGER
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

    /// Any number of openings can be left out; before, a row kept the last of them.
    package static let skips = """
        CREATE TABLE recurrenceSkip (
          recurrence TEXT NOT NULL REFERENCES recurrence (id) ON DELETE CASCADE,
          opening INTEGER NOT NULL,
          -- When what was planned for it would have begun; NULL where nothing was.
          begins INTEGER,
          PRIMARY KEY (recurrence, opening)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO recurrenceSkip (recurrence, opening) SELECT id, skippedAt FROM recurrence WHERE skippedAt IS NOT NULL;
        ALTER TABLE recurrence DROP COLUMN skippedAt;

        """

    /// When the first of a campaign's people is due: in everybody's own zone no clock tells it before they are known.
    package static let firstDue = """
        ALTER TABLE campaign ADD COLUMN firstAt INTEGER;
        UPDATE campaign SET firstAt = (SELECT min(sendAt) FROM campaignRecipient AS r WHERE r.campaign = campaign.id AND r.state <> 'skipped')
        WHERE window ->> 'timeZone' = 'recipient';

        """

    /// A campaign that recurs, or is being planned, keeps the language of each template; before, a chunk took the one created first.
    ///
    /// A row has them from its newest campaign that has recipients: the first may be forgotten.
    package static let recurringLanguage = """
        UPDATE recurrence AS r SET plan = json_set(r.plan, '$.languages', json(
          \(languages(of: newest))));
        UPDATE campaign SET plan = json_set(plan, '$.languages', json(\(languages(of: "campaign.id"))))
        WHERE state = 'planning' AND cursor <> '' AND plan IS NOT NULL;

        """

    private static let newest = """
        (SELECT max(c.id) FROM campaign c WHERE c.workspace = r.workspace AND \(WindowStore.ofRow)
          AND EXISTS (SELECT 1 FROM campaignRecipient AS p WHERE p.campaign = c.id AND p.language IS NOT NULL))
        """

    /// The language of each template of a campaign as a JSON object; the cautious template's is in its message.
    private static func languages(of campaign: String) -> String {
        """
        (SELECT json_group_object(template, language) FROM (
          SELECT template, language, max(n) FROM (
            SELECT n, template, language FROM campaignRecipient AS p WHERE p.campaign = \(campaign)
            UNION ALL SELECT * FROM (
              SELECT n, cautious ->> '$.object' ->> '$.name', cautious ->> '$.object' ->> '$.language.code'
              FROM campaignRecipient AS p WHERE p.campaign = \(campaign) AND cautious IS NOT NULL ORDER BY n DESC LIMIT 1)
          ) WHERE template IS NOT NULL AND language IS NOT NULL GROUP BY template))
        """
    }

    /// Recipients in the order of the file that they came from: where results are read, page by page.
    package static let resultOrder =
        "CREATE INDEX campaignLine ON campaignRecipient (campaign, coalesce(line, n + 1), n);"

    /// What screens and loops read, in the order in which they read it; and what is deleted finds what refers to it.
    package static let listOrders = """
        CREATE INDEX broadcastListShown ON broadcastList (workspace, id) WHERE isHidden = 0;
        CREATE INDEX campaignPromised ON campaign (workspace, startAt) WHERE deadline IS NOT NULL;
        CREATE INDEX campaignStanding ON campaign (deadline)
          WHERE state IN ('planning', 'paused') AND deadline IS NOT NULL AND verdict IS NULL;
        CREATE INDEX recurrenceByWindow ON recurrence (window, name);
        CREATE INDEX recurrenceByList ON recurrence (list, name) WHERE list IS NOT NULL;
        CREATE INDEX recurrenceByWorkspace ON recurrence (workspace, nextAt, id);

        """

    /// When a batch was last added to.
    ///
    /// Of one that was open before nobody knows it: it counts from the moment that is given, that of the latest event.
    package static let filling = """
        ALTER TABLE campaign ADD COLUMN filledAt INTEGER;
        UPDATE campaign SET filledAt = max(createdAt, ?) WHERE state = 'open';

        """

    /// Reports tell how long sending takes in whole milliseconds; before, they told it in seconds and fractions of them.
    package static let reportDurations = """
        UPDATE campaign SET report = \(duration(in: "campaign.report", and: numbers))
        WHERE CASE WHEN json_valid(report) THEN json_type(report, '$.seconds') IN ('integer', 'real') AND json_type(report, '$.numbers') = 'array' END;

        """

    private static let numbers = """
        , '$.numbers', json((SELECT json_group_array(\(duration(in: "n.value"))) FROM json_each(campaign.report, '$.numbers') AS n))
        """

    private static func duration(in object: String, and more: String = "") -> String {
        """
        json_set(json_remove(\(object), '$.seconds'), '$.duration', CAST(round(\(object) ->> '$.seconds' * 1000) AS INTEGER)\(more))
        """
    }
}
