package import AccountContract
package import GRDB
import Storage
package import Vocabulary

/// Figures over a span of time, read from the messages themselves.
extension Outbox {
    /// What was sent of each number, how long Meta took to accept it, and why what failed has failed.
    package func delivery(_ db: Database, from: Timestamp, to: Timestamp, workspace: String) throws -> DeliveryAnalytics.Reply {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT account, count(*) AS n, count(acceptedAt) AS accepted, count(sentAt) AS sent, count(deliveredAt) AS delivered,
                  count(readAt) AS "read", count(failedAt) AS failed
                FROM message INDEXED BY messageBySending WHERE sendingAt BETWEEN ? AND ? AND workspace = ? GROUP BY account ORDER BY account
                """,
            arguments: [from, to, workspace])
        let items = try rows.map { row in
            func percentile(_ share: Double) throws -> Milliseconds? {
                let count: Int = row["accepted"]
                guard count > 0 else { return nil }
                return try Milliseconds.fetchOne(
                    db,
                    sql: """
                        SELECT acceptedAt - createdAt FROM message INDEXED BY messageBySending
                        WHERE sendingAt BETWEEN ? AND ? AND workspace = ? AND account = ? AND acceptedAt IS NOT NULL
                        ORDER BY acceptedAt - createdAt LIMIT 1 OFFSET ?
                        """,
                    arguments: [from, to, workspace, row["account"] as String, min(count - 1, Int(Double(count) * share))])
            }
            return DeliveryAnalytics.Item(
                account: row["account"], messages: row["n"], accepted: row["accepted"], sent: row["sent"],
                delivered: row["delivered"], read: row["read"], failed: row["failed"], acceptP50: try percentile(0.5),
                acceptP99: try percentile(0.99))
        }
        let failures = try Row.fetchAll(
            db,
            sql: """
                SELECT errorCode, error, count(*) AS n FROM message INDEXED BY messageBySending
                WHERE sendingAt BETWEEN ? AND ? AND workspace = ? AND state = 'failed' GROUP BY errorCode, error ORDER BY n DESC LIMIT 50
                """,
            arguments: [from, to, workspace]
        )
        .map { MessageStatistics.Failure(code: $0["errorCode"], reason: $0["error"] as String? ?? "", count: $0["n"]) }
        return DeliveryAnalytics.Reply(items: items, failures: failures)
    }

    /// A delivered message, as far as its price goes.
    package struct Delivered: Sendable {
        package var contact: ContactID
        /// Meta's, where it has said one.
        package var category: Message.Category
        /// Whether Meta charges for it; nil where it has not said.
        package var isBillable: Bool?
        package var sendingAt: Timestamp
    }

    /// Every message that was delivered, one at a time.
    package func forEachDelivered(
        _ db: Database,
        from: Timestamp,
        to: Timestamp,
        workspace: String,
        _ body: (Delivered) throws -> Void
    ) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT recipient, category, priceCategory, billable, sendingAt FROM message INDEXED BY messageBySending
                WHERE sendingAt BETWEEN ? AND ? AND workspace = ? AND (deliveredAt IS NOT NULL OR readAt IS NOT NULL)
                """,
            arguments: [from, to, workspace])
        while let row = try rows.next() {
            let own: Message.Category = try row.word("category", in: "message")
            try body(
                Delivered(
                    contact: row["recipient"],
                    category: (row["priceCategory"] as String?).flatMap { Message.Category(rawValue: $0) } ?? own,
                    isBillable: (row["billable"] as Int?).map { $0 == 1 },
                    sendingAt: row["sendingAt"]))
        }
    }

    /// Messages that wait on a number and belong to no campaign.
    package func waitingSingly(_ db: Database, on number: PhoneNumberID) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM message WHERE account = ? AND state = 'queued' AND campaign IS NULL",
            arguments: [number]) ?? 0
    }

    /// Messages that wait on a number.
    package func waiting(on number: PhoneNumberID) async throws -> Int {
        try await store.read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM message WHERE account = ? AND state = 'queued'", arguments: [number]) ?? 0
        }
    }
}
