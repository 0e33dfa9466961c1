package import AccountContract
package import GRDB
import Storage
package import Vocabulary

/// Figures over a span of time, read from the messages themselves.
extension Outbox {
    /// What was sent of each number, how long Meta took to accept it, and why what failed has failed.
    package func delivery(_ db: Database, from: Timestamp, to: Timestamp, workspace: String) throws -> DeliveryAnalytics.Reply {
        // Read once, whatever there is to be said of it: a period may have millions.
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT account, coalesce(acceptedAt, heldAt) - createdAt AS wait, sentAt IS NOT NULL AS isSent, deliveredAt IS NOT NULL AS isDelivered,
                  readAt IS NOT NULL AS isRead, failedAt IS NOT NULL AS isFailed
                FROM message INDEXED BY messageBySending WHERE sendingAt BETWEEN ? AND ? AND workspace = ?
                """,
            arguments: [from, to, workspace])
        var figures: [PhoneNumberID: NumberFigures] = [:]
        while let row = try rows.next() { figures[row["account"], default: NumberFigures()].add(row) }
        let items = figures.sorted { $0.key.rawValue < $1.key.rawValue }.map { $1.item(of: $0) }
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

    /// What is counted of one number in one reading.
    private struct NumberFigures {
        private var (messages, accepted, sent, delivered, read, failed) = (0, 0, 0, 0, 0, 0)
        private var waits = SpanHistogram()

        mutating func add(_ row: Row) {
            messages += 1
            if let wait = row["wait"] as Int64? {
                accepted += 1
                waits.record(Milliseconds(wait))
            }
            sent += row["isSent"]
            delivered += row["isDelivered"]
            read += row["isRead"]
            failed += row["isFailed"]
        }

        func item(of number: PhoneNumberID) -> DeliveryAnalytics.Item {
            DeliveryAnalytics.Item(
                account: number, messages: messages, accepted: accepted, sent: sent, delivered: delivered, read: read, failed: failed,
                acceptP50: waits.percentile(0.5), acceptP99: waits.percentile(0.99))
        }
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
