import AccountContract
import GRDB
import JobQueue
import Storage
import Vocabulary

/// Messages of which nobody knows whether Meta has them.
extension Outbox {
    /// Tries without a clear answer after which a message is given up.
    private static let unclearLimit = 4

    /// At start: what was being sent when the process ended is unknown.
    func recover() throws -> Int {
        try pool.write { db in
            let lost = try JobTable.lost(db, queues: "send:")
            for job in lost {
                try markUnknown(db, job.key, "the process ended while Meta was being asked")
                try JobTable.complete(db, id: job.id)
            }
            return lost.count
        }
    }

    /// Offers unknown messages again for which no status came, although those of what happened a grace time later did.
    ///
    /// That others arrive is not enough: after an outage old statuses come first. The statuses of the account (WABA)
    /// must have reached a moment well after the message's own would have been sent.
    ///
    /// - Parameters:
    ///   - grace: how long a status has to arrive.
    ///   - patience: after which the silence of a whole account, with nothing that speaks against it, counts
    ///     as well; nil never.
    func resendUnknown(grace: Milliseconds, patience: Milliseconds?) async throws -> Int {
        let now = clock.now
        var silent: [String] = []
        if let patience { silent = try await silentAccounts(grace: grace, patience: patience) }
        let quiet = silent
        let marks = databaseQuestionMarks(count: quiet.count)
        return try await commits.write { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT message.id, message.account, message.recipient, message.category, message.priority, message.campaign
                    FROM message INDEXED BY messageUnknown JOIN account ON account.phoneNumberID = message.account
                    WHERE state = 'unknown' AND sendingAt < ?1 - ?2
                      AND ((SELECT max(lastStatusAt) FROM account AS other WHERE other.wabaID = account.wabaID) > sendingAt + ?2
                        OR sendingAt < ?1 - ?3 AND account.wabaID IN (\(marks)))
                    LIMIT 500
                    """,
                arguments: [now, grace, patience ?? .zero] + StatementArguments(quiet)
            )
            for row in rows { try offerAgain(db, row, now) }
            return rows.count
        }
    }

    /// Accounts that have been silent for long without a sign that their webhooks do not reach us.
    ///
    /// Such a sign is a message that Meta has accepted, later than all that its statuses tell of, and that has had none
    /// either. Read beside the one writer, which it must not hold up.
    private func silentAccounts(grace: Milliseconds, patience: Milliseconds) async throws -> [String] {
        let now = clock.now
        return try await pool.read { db in
            let accounts = try Row.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT wabaID, (SELECT max(lastStatusAt) FROM account AS other WHERE other.wabaID = account.wabaID) AS heardAt
                    FROM message INDEXED BY messageUnknown JOIN account ON account.phoneNumberID = message.account
                    WHERE state = 'unknown' AND sendingAt < ?
                    """,
                arguments: [now - patience])
            return try accounts.compactMap { account -> String? in
                let sign = try Int.fetchOne(
                    db,
                    sql: """
                        SELECT 1 FROM message INDEXED BY messageBySending JOIN account ON account.phoneNumberID = message.account
                        WHERE sendingAt > ? AND sendingAt < ? AND state = 'accepted' AND wabaID = ? LIMIT 1
                        """,
                    arguments: [account["heardAt"] as Timestamp, now - grace, account["wabaID"] as String])
                return sign == nil ? account["wabaID"] : nil
            }
        }
    }

    private func offerAgain(_ db: Database, _ row: Row, _ now: Timestamp) throws {
        let (id, account) = (row["id"] as String, PhoneNumberID(row["account"]))
        let tries = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT count(*) FROM messageNote WHERE message = ? AND state = 'unknown'"), arguments: [id])
        if let tries, tries >= Self.unclearLimit {
            try advance(
                db, id, to: .failed,
                error: "Meta gave no clear answer \(tries) times and no status came; look at its status page before sending it again.")
            return
        }
        try db.execute(sql: "UPDATE message SET state = 'queued', updatedAt = ? WHERE id = ?", arguments: [now, id])
        try CampaignCounts.move(db, row["campaign"], .unknown, .queued, on: account)
        try Self.note(db, id, now, .queued, "no status came in the grace time, so Meta never had it")
        let job = SendJob(category: try row.word("category", in: "message"), contact: ContactID(row["recipient"]))
        try Self.enqueueJob(db, id, account, job, row["priority"], now)
    }

    /// How many messages that were being sent before a moment still wait for their status.
    func unknown(before time: Timestamp) async throws -> Int {
        try await pool.read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM message INDEXED BY messageUnknown WHERE state = 'unknown' AND sendingAt < ?",
                arguments: [time]) ?? 0
        }
    }
}
