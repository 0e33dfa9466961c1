package import AccountContract
package import GRDB
import Storage
package import Vocabulary

/// Reads what messages came to over a span of time; the triggers of MessageFiguresSchema keep it.
package enum MessageFigures {
    /// The grain of the figures.
    static let span = Milliseconds.minutes(30)

    /// The half hours that the period touches, all of which are counted.
    package static func widened(from: Timestamp, to: Timestamp) -> Span {
        let start = from.floored(to: span)
        return Span(from: start, to: to < from ? start : min(.latest, to.floored(to: span) + span))
    }

    /// From a moment up to another, which is not part of it.
    package struct Span: Sendable {
        package var from: Timestamp
        package var to: Timestamp
    }

    /// The messages sent from each number, how long Meta took to accept them, and why failed ones have failed.
    package static func delivery(_ db: Database, over span: Span, workspace: String) throws -> DeliveryAnalytics.Reply {
        let numbers = try PhoneNumberID.fetchAll(
            db, sql: "SELECT DISTINCT account FROM messageCount WHERE workspace = ? ORDER BY account", arguments: [workspace])
        let items = try numbers.compactMap { try item(db, of: $0, over: span, workspace: workspace) }
        let failures = try Row.fetchAll(
            db,
            sql: """
                SELECT errorCode, error, sum(n) AS n, max(startAt) FROM messageFailure WHERE workspace = ? AND startAt >= ? AND startAt < ?
                GROUP BY coalesce(errorCode, error) HAVING sum(n) > 0 ORDER BY sum(n) DESC LIMIT 50
                """,
            arguments: [workspace, span.from, span.to]
        )
        .map { MessageStatistics.Failure(code: $0["errorCode"], reason: $0["error"], count: $0["n"]) }
        return DeliveryAnalytics.Reply(from: span.from, to: span.to, items: items, failures: failures)
    }

    /// Of one number, whose half hours stand beside each other; nil where it has sent nothing.
    private static func item(_ db: Database, of number: PhoneNumberID, over span: Span, workspace: String) throws -> DeliveryAnalytics.Item?
    {
        let statement = try db.cachedStatement(
            sql: """
                SELECT sum(messages) AS messages, sum(accepted) AS accepted, sum(sent) AS sent, sum(delivered) AS delivered,
                  sum(read) AS read, sum(failed) AS failed
                FROM messageFigure WHERE workspace = ? AND account = ? AND startAt >= ? AND startAt < ? HAVING sum(messages) > 0
                """)
        guard let row = try Row.fetchOne(statement, arguments: [workspace, number, span.from, span.to]) else { return nil }
        let waits = try waits(db, of: number, over: span, workspace: workspace)
        return DeliveryAnalytics.Item(
            account: number, messages: row["messages"], accepted: row["accepted"], sent: row["sent"], delivered: row["delivered"],
            read: row["read"], failed: row["failed"], acceptP50: waits.percentile(0.5), acceptP99: waits.percentile(0.99))
    }

    private static func waits(_ db: Database, of number: PhoneNumberID, over span: Span, workspace: String) throws -> SpanHistogram {
        var waits = SpanHistogram()
        let statement = try db.cachedStatement(
            sql: "SELECT class, n FROM messageWait WHERE workspace = ? AND account = ? AND day >= ? AND day < ?")
        let rows = try Row.fetchCursor(statement, arguments: [workspace, number, span.from.floored(to: .days(1)), span.to])
        while let row = try rows.next() { waits.record(row[1], in: row[0]) }
        return waits
    }

    /// Meta has taken a message that it was asked to send at that time.
    static func accepted(_ db: Database, after wait: Milliseconds, sentAt: Timestamp, on number: PhoneNumberID, workspace: String) throws {
        let counter = RowCounter(
            sql:
                "INSERT INTO messageWait (workspace, account, day, class, n) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            key: [workspace, number, sentAt.floored(to: .days(1)), SpanHistogram.index(of: wait)])
        try db.count(counter, by: 1)
    }

    /// A message has not failed after all, or for another reason; before anything of it is changed.
    static func takeFailureBack(_ db: Database, of message: MessageID) throws {
        try db.cachedStatement(
            sql: """
                UPDATE messageFailure SET n = n - 1 WHERE (workspace, startAt, coalesce(errorCode, error)) = (
                  SELECT workspace, sendingAt - sendingAt % \(span.count), coalesce(errorCode, error, '') FROM message WHERE id = ?)
                """
        )
        .execute(arguments: [message])
    }

    /// Delivered messages of one price, sent in one half hour.
    package struct Delivered: Sendable {
        package var startAt: Timestamp
        package var country: String
        /// Meta's, where it has said one.
        package var category: Message.Category
        /// Whether Meta charges for them; nil where it has not said.
        package var isBillable: Bool?
        package var count: Int
    }

    /// Whether Meta charges for a message, as the table writes it.
    private enum Billing: String {
        case billable, free, unsaid

        var isBillable: Bool? {
            switch self {
            case .billable: true
            case .free: false
            case .unsaid: nil
            }
        }
    }

    /// The delivered messages, by their price.
    package static func forEachDelivered(
        _ db: Database,
        over span: Span,
        workspace: String,
        _ body: (Delivered) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT * FROM messageCost WHERE workspace = ? AND startAt >= ? AND startAt < ? AND n != 0",
            arguments: [workspace, span.from, span.to])
        while let row = try rows.next() {
            let billing: Billing = try row.word("billing", in: "messageCost")
            try body(
                Delivered(
                    startAt: row["startAt"], country: row["country"], category: try row.word("category", in: "messageCost"),
                    isBillable: billing.isBillable, count: row["n"]))
        }
    }

    /// Forgets what was sent before a moment.
    static func prune(_ db: Database, before time: Timestamp) throws {
        let start = time.floored(to: .days(1))
        for table in ["messageFigure", "messageCost", "messageFailure"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE startAt < ?", arguments: [start])
        }
        try db.execute(sql: "DELETE FROM messageWait WHERE day < ?", arguments: [start])
    }
}
