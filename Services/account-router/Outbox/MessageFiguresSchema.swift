import AccountContract
import Vocabulary

/// What messages came to, by the half hour in which they were sent: kept by triggers as they move, since a month may have
/// ten million messages, and nothing that moves one can forget it.
package enum MessageFiguresSchema {
    package static let sql = """
        CREATE TABLE messageFigure (
          workspace TEXT NOT NULL,
          account TEXT NOT NULL,
          -- The half hour: every time zone but three begins its hours with one.
          startAt INTEGER NOT NULL,
          messages INTEGER NOT NULL DEFAULT 0,
          accepted INTEGER NOT NULL DEFAULT 0,
          sent INTEGER NOT NULL DEFAULT 0,
          delivered INTEGER NOT NULL DEFAULT 0,
          read INTEGER NOT NULL DEFAULT 0,
          failed INTEGER NOT NULL DEFAULT 0,
          PRIMARY KEY (workspace, account, startAt)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX messageFigureByStart ON messageFigure (startAt);

        \(figures)

        -- What was delivered, as far as its price goes.
        CREATE TABLE messageCost (
          workspace TEXT NOT NULL,
          startAt INTEGER NOT NULL,
          country TEXT NOT NULL,
          category TEXT NOT NULL,
          billing TEXT NOT NULL CHECK (billing IN ('billable', 'free', 'unsaid')),
          n INTEGER NOT NULL,
          PRIMARY KEY (workspace, startAt, country, category, billing)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX messageCostByStart ON messageCost (startAt);

        \(costs)

        -- Why what was sent has failed.
        CREATE TABLE messageFailure (
          workspace TEXT NOT NULL,
          startAt INTEGER NOT NULL,
          errorCode INTEGER,
          error TEXT NOT NULL,
          n INTEGER NOT NULL
        ) STRICT;
        -- By Meta's code with its latest words, which may differ each time; without a code by our own.
        CREATE UNIQUE INDEX messageFailureByReason ON messageFailure (workspace, startAt, coalesce(errorCode, error));
        CREATE INDEX messageFailureByStart ON messageFailure (startAt);
        CREATE TRIGGER messageFailed AFTER UPDATE OF state ON message
        WHEN new.state = 'failed' AND old.state != 'failed' AND new.sendingAt IS NOT NULL BEGIN
          INSERT INTO messageFailure (workspace, startAt, errorCode, error, n)
          VALUES (new.workspace, \(start("new")), new.errorCode, coalesce(new.error, ''), 1)
          ON CONFLICT DO UPDATE SET n = n + 1, error = excluded.error;
        END;

        -- How long Meta's acceptance took from queueing, by day and class of a SpanHistogram.
        CREATE TABLE messageWait (
          workspace TEXT NOT NULL,
          account TEXT NOT NULL,
          day INTEGER NOT NULL,
          class INTEGER NOT NULL,
          n INTEGER NOT NULL,
          PRIMARY KEY (workspace, account, day, class)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX messageWaitByDay ON messageWait (day);

        """

    /// The half hour of a version of the row.
    private static func start(_ row: String) -> String { "\(row).sendingAt - \(row).sendingAt % \(MessageFigures.span.count)" }

    /// A later state includes the earlier ones: Meta leaves out `delivered` where a message is read at once.
    private static func flags(_ row: String) -> [(name: String, value: String)] {
        let read = "\(row).readAt, \(row).playedAt"
        let delivered = "\(row).deliveredAt, \(read)"
        let sent = "\(row).sentAt, \(delivered)"
        return [
            ("accepted", "coalesce(\(row).acceptedAt, \(row).heldAt, \(sent)) IS NOT NULL"),
            ("sent", "coalesce(\(sent)) IS NOT NULL"),
            ("delivered", "coalesce(\(delivered)) IS NOT NULL"),
            ("read", "coalesce(\(read)) IS NOT NULL"),
            ("failed", "\(row).failedAt IS NOT NULL"),
        ].map { (name: $0.0, value: "(\($0.1))") }
    }

    /// A message changes within its half hour, leaves it, or comes into one.
    private static var figures: String {
        let columns = "account, sendingAt, heldAt, acceptedAt, sentAt, deliveredAt, readAt, playedAt, failedAt"
        let (old, new) = (flags("old"), flags("new"))
        let stays = "(old.sendingAt, old.account) IS (new.sendingAt, new.account)"
        func place(_ row: String) -> String {
            "workspace = \(row).workspace AND account = \(row).account AND startAt = \(start(row))"
        }
        let changes = zip(old, new).map { "\($0.name) = \($0.name) + \($1.value) - \($0.value)" }.joined(separator: ", ")
        let leaving = old.map { "\($0.name) = \($0.name) - \($0.value)" }.joined(separator: ", ")
        let names = new.map(\.name).joined(separator: ", ")
        let coming = new.map { "\($0.name) = \($0.name) + excluded.\($0.name)" }.joined(separator: ", ")
        return """
            CREATE TRIGGER messageChanged AFTER UPDATE OF \(columns) ON message WHEN old.sendingAt IS NOT NULL AND \(stays) BEGIN
              UPDATE messageFigure SET \(changes) WHERE \(place("new"));
            END;
            CREATE TRIGGER messageLeft AFTER UPDATE OF \(columns) ON message WHEN old.sendingAt IS NOT NULL AND NOT \(stays) BEGIN
              UPDATE messageFigure SET messages = messages - 1, \(leaving) WHERE \(place("old"));
            END;
            CREATE TRIGGER messageCame AFTER UPDATE OF \(columns) ON message WHEN new.sendingAt IS NOT NULL AND NOT \(stays) BEGIN
              INSERT INTO messageFigure (workspace, account, startAt, messages, \(names))
              VALUES (new.workspace, new.account, \(start("new")), 1, \(new.map(\.value).joined(separator: ", ")))
              ON CONFLICT DO UPDATE SET messages = messages + 1, \(coming);
            END;
            """
    }

    /// A delivered message leaves one price and comes to another.
    private static var costs: String {
        let columns = "sendingAt, deliveredAt, readAt, playedAt, country, category, priceCategory, billable"
        func isDelivered(_ row: String) -> String {
            "(\(row).sendingAt IS NOT NULL AND coalesce(\(row).deliveredAt, \(row).readAt, \(row).playedAt) IS NOT NULL)"
        }
        // Meta has words for prices that are no category of a message.
        let words = Message.Category.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        func price(_ row: String) -> String {
            """
            \(row).country, CASE WHEN \(row).priceCategory IN (\(words)) THEN \(row).priceCategory ELSE \(row).category END,
            CASE \(row).billable WHEN 1 THEN 'billable' WHEN 0 THEN 'free' ELSE 'unsaid' END
            """
        }
        let differs =
            "(\(isDelivered("old")), old.sendingAt, \(price("old"))) IS NOT (\(isDelivered("new")), new.sendingAt, \(price("new")))"
        return """
            CREATE TRIGGER messageUncharged AFTER UPDATE OF \(columns) ON message WHEN \(isDelivered("old")) AND \(differs) BEGIN
              UPDATE messageCost SET n = n - 1
              WHERE (workspace, startAt, country, category, billing) = (old.workspace, \(start("old")), \(price("old")));
            END;
            CREATE TRIGGER messageCharged AFTER UPDATE OF \(columns) ON message WHEN \(isDelivered("new")) AND \(differs) BEGIN
              INSERT INTO messageCost (workspace, startAt, country, category, billing, n)
              VALUES (new.workspace, \(start("new")), \(price("new")), 1)
              ON CONFLICT DO UPDATE SET n = n + 1;
            END;
            """
    }
}
