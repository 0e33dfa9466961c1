package import AccountContract
import AccountPacing
package import GRDB
import JobQueue
import Storage
package import Vocabulary

/// Takes queued messages away from where they wait.
extension Outbox {
    /// Rows of one transaction.
    private static let batch = 500

    /// A queued message, for whoever decides where it goes.
    package struct Waiting: Sendable {
        package var id: MessageID
        package var workspace: String
        package var number: PhoneNumberID
        package var contact: ContactID
        package var category: Message.Category
        /// The account (WABA) whose template it is.
        package var wabaID: WABAID?
        package var campaign: CampaignID?
        /// Whether the request named the number.
        package var isAsked: Bool
    }

    /// Whether a campaign has messages that wait and were never posted.
    package static func hasUnposted(_ db: Database, campaign: CampaignID) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: """
                SELECT 1 FROM message INDEXED BY messageByCampaignQueued
                WHERE campaign = ? AND state = 'queued' AND sendingAt IS NULL LIMIT 1
                """)
        return try Int.fetchOne(statement, arguments: [campaign]) != nil
    }

    /// Takes a campaign's queued messages that were never posted back out, a batch in the caller's transaction.
    ///
    /// - Parameter after: the last message of the batch before; empty at first.
    /// - Returns: what was taken out and is gone, and the last message that was looked at; nil after the end.
    package func withdraw(_ db: Database, campaign: CampaignID, after: MessageID) throws -> (gone: [Waiting], last: MessageID?) {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT id, workspace, account, recipient, category, wabaID, campaign, isAsked FROM message INDEXED BY messageByCampaignQueued
                WHERE campaign = ? AND state = 'queued' AND sendingAt IS NULL AND id > ? ORDER BY id LIMIT \(Self.batch)
                """,
            arguments: [campaign, after])
        var gone: [Waiting] = []
        for message in try rows.map(Self.waiting) {
            guard try JobTable.cancel(db, queue: Self.queue(message.number), key: message.id.rawValue) else { continue }
            try db.cachedStatement(sql: "DELETE FROM message WHERE id = ?").execute(arguments: [message.id])
            try MessageCounts.add(db, -1, .queued, on: message.number, workspace: message.workspace)
            gone.append(message)
        }
        let numbers = gone.map(\.number)
        db.afterCommit { [loads] in for number in numbers { loads.add(number, -1) } }
        return (gone, rows.last?["id"])
    }

    /// Fails a campaign's queued messages that may not go out any more, a batch in the caller's transaction.
    ///
    /// A sender does so when their turn comes; on a number that cannot send it never comes.
    ///
    /// - Parameter after: the last message of the batch before; empty at first.
    /// - Returns: the last message that was looked at; nil after the end.
    package func failLate(_ db: Database, campaign: CampaignID, after: MessageID) throws -> MessageID? {
        let ids = try MessageID.fetchAll(
            db,
            sql: """
                SELECT id FROM message INDEXED BY messageByCampaignQueued
                WHERE campaign = ? AND state = 'queued' AND id > ? ORDER BY id LIMIT \(Self.batch)
                """,
            arguments: [campaign, after])
        for id in ids {
            guard case .never(let reason)? = try hold(db, id, campaign: campaign) else { continue }
            try advance(db, id, to: .failed, error: reason)
        }
        return ids.last
    }

    /// Moves what waits on a number to others, a batch in one transaction; what is being sent is Meta's and stays.
    ///
    /// - Parameters:
    ///   - after: the last message of the batch before; empty at first.
    ///   - targets: where each message goes, in their order; nil where it stays.
    /// - Returns: the numbers that the moved messages went to, and the last message that was looked at; nil after the end.
    package func reassign(
        from number: PhoneNumberID,
        after: MessageID,
        reason: String,
        targets: @escaping @Sendable (Database, [Waiting]) throws -> [PhoneNumberID?]
    ) async throws -> (moved: [PhoneNumberID], last: MessageID?) {
        let now = store.now
        return try await store.write { [self] db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, workspace, account, recipient, category, wabaID, campaign, isAsked FROM message
                    WHERE account = ? AND state = 'queued' AND id > ? ORDER BY id LIMIT \(Self.batch)
                    """,
                arguments: [number, after]
            )
            var moved: [PhoneNumberID] = []
            let messages = try rows.map(Self.waiting)
            for (message, to) in zip(messages, try targets(db, messages)) {
                guard let to, to != number else { continue }
                guard try JobTable.move(db, key: message.id.rawValue, from: Self.queue(number), to: Self.queue(to), now: now) else {
                    continue
                }
                try db.cachedStatement(sql: "UPDATE message SET account = ?, updatedAt = ? WHERE id = ?")
                    .execute(arguments: [to, now, message.id])
                try Self.note(db, on: message.id, .queued, at: now, "moved to another number: \(reason)")
                try announce(
                    db,
                    MessageMove(
                        message: message.id, campaign: message.campaign, from: .init(state: .queued, number: number),
                        to: .init(state: .queued, number: to), at: now),
                    in: message.workspace)
                moved.append(to)
            }
            let taken = moved
            db.afterCommit { [loads] in
                loads.add(number, -taken.count)
                for target in taken { loads.add(target, 1) }
            }
            return (moved, rows.count == Self.batch ? rows.last?["id"] : nil)
        }
    }

    /// Fails what waits on a number that is not there any more, a few at a time.
    ///
    /// Messages that Meta may have already keep waiting for their status.
    package func failWaiting(on number: PhoneNumberID) async throws {
        while true {
            let count = try await store.write { [self] db in
                let rows = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT id FROM message WHERE account = ? AND state = 'queued' LIMIT 500
                        """,
                    arguments: [number])
                for row in rows { try advance(db, row["id"], to: .failed, error: "The number was removed.") }
                return rows.count
            }
            if count == 0 { return }
        }
    }

    private static func waiting(_ row: Row) throws -> Waiting {
        Waiting(
            id: row["id"], workspace: row["workspace"], number: row["account"], contact: row["recipient"],
            category: try row.word("category", in: "message"), wabaID: row["wabaID"], campaign: row["campaign"],
            isAsked: row["isAsked"] == 1)
    }
}
