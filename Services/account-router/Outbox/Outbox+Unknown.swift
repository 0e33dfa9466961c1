import AccountContract
import AccountNumbers
import GRDB
import JobQueue
import RPCContract
import Storage
import Vocabulary

/// Messages of which nobody knows whether Meta has them.
extension Outbox {
    /// Tries without a clear answer after which a message is given up.
    private static let unclearLimit = 4

    /// When somebody last looked after unknown messages; nil before the first look.
    func lastLook() throws -> Timestamp? {
        try store.readNow { db in
            try Int64.fetchOne(db, sql: "SELECT CAST(place AS INTEGER) FROM messageSweep WHERE name = 'unknown'").map(
                Timestamp.init(milliseconds:))
        }
    }

    /// Notes a look, and for how long nobody had looked before it.
    func noteLook(at now: Timestamp, absence: Range<Timestamp>?, gaps: WebhookGaps, gapGrace: Milliseconds) async throws {
        try await store.write { db in
            try db.execute(
                sql: "INSERT INTO messageSweep (name, place) VALUES ('unknown', ?) ON CONFLICT DO UPDATE SET place = excluded.place",
                arguments: ["\(now)"])
            if let absence { try gaps.record(db, absence: absence, openFor: gapGrace) }
            // The clock was set back: what was sent then waits from now on, and not until that moment comes again.
            try db.execute(
                sql: "UPDATE message INDEXED BY messageUnknown SET sendingAt = ?1 WHERE state = 'unknown' AND sendingAt > ?1",
                arguments: [store.now])
        }
    }

    /// Offers unknown messages again for which no status came, although those of what happened a grace time later did.
    ///
    /// The arrival of others is not enough: after an outage old statuses come first. The statuses of the account (WABA)
    /// must have reached a moment well after the message's own would have been sent.
    ///
    /// - Parameters:
    ///   - now: as of the look; a clock that is put forward after it must not end a grace time.
    ///   - grace: how long a status has to arrive.
    ///   - patience: after which the silence of a whole account, with nothing that speaks against it, counts
    ///     as well; nil never. Where the way to Meta was cut, Meta could not tell either: an answer to anything must have come
    ///     since, a grace time ago. Where none has come, Meta is asked.
    ///   - gapGrace: how long Meta may still bring what it could not deliver in a gap.
    func resendUnknown(
        _ numbers: Numbers, at now: Timestamp, gaps: WebhookGaps, grace: Milliseconds, patience: Milliseconds?, gapGrace: Milliseconds
    ) async throws -> Int {
        var silent: Set<WABAID> = []
        if let patience { silent = try await silentAccounts(numbers, at: now, grace: grace, patience: patience) }
        let quiet = silent
        return try await store.write { db in
            var (count, toAsk) = (0, Set<PhoneNumberID>())
            let open = try gaps.open(db, at: now, for: gapGrace)
            let known = try numbers.heard(db)
            func mayCome(_ sentAt: Timestamp) -> Bool { open.contains { $0.overlaps(sentAt..<(sentAt + grace)) } }
            try giveUpOrphans(db, of: Set(known.values.flatMap(\.numbers)), before: now - gapGrace, unless: mayCome)
            for (account, heard) in known {
                let proven = min(now, heard.at) - grace
                var before = proven
                if let patience, quiet.contains(account) { before = max(before, now - patience) }
                for number in heard.numbers where count < 500 {
                    let rows = try Row.fetchAll(
                        db.cachedStatement(
                            sql: """
                                SELECT id, account, recipient, category, priority, sendingAt FROM message INDEXED BY messageUnknown
                                WHERE account = ? AND state = 'unknown' AND sendingAt < ? ORDER BY sendingAt LIMIT 5000
                                """),
                        arguments: [number, before])
                    // Its status may have been due in a gap, and comes when Meta tries again.
                    let silent = rows.filter { row in
                        let sentAt = row["sendingAt"] as Timestamp
                        if sentAt >= proven, !numbers.wereAnswered(heard.numbers, after: sentAt, upTo: now - grace) {
                            if !numbers.wereAnswered(heard.numbers, after: sentAt, upTo: now) { toAsk.insert(number) }
                            return false
                        }
                        return !mayCome(sentAt)
                    }
                    .prefix(500 - count)
                    for row in silent { try offerAgain(db, row, now) }
                    count += silent.count
                }
            }
            for number in toAsk { numbers.ask(about: number) }
            return count
        }
    }

    /// Accounts that have been silent for long without a sign that their webhooks do not reach us.
    ///
    /// Such a sign is a message that Meta has accepted, later than all that its statuses tell of, and that has had none
    /// either. Read beside the one writer, which it must not hold up.
    private func silentAccounts(
        _ numbers: Numbers, at now: Timestamp, grace: Milliseconds, patience: Milliseconds
    ) async throws -> Set<WABAID> {
        try await store.read { db in
            var silent: Set<WABAID> = []
            for (account, heard) in try numbers.heard(db) {
                let own = heard.numbers.map(\.rawValue)
                let marks = databaseQuestionMarks(count: own.count)
                let waits = try Int.fetchOne(
                    db,
                    sql: """
                        SELECT 1 FROM message INDEXED BY messageUnknown
                        WHERE account IN (\(marks)) AND state = 'unknown' AND sendingAt < ? LIMIT 1
                        """,
                    arguments: StatementArguments(own) + [now - patience])
                guard waits != nil else { continue }
                let sign = try Int.fetchOne(
                    db,
                    sql: """
                        SELECT 1 FROM message INDEXED BY messageBySending
                        WHERE sendingAt > ? AND sendingAt < ? AND state = 'accepted' AND account IN (\(marks)) LIMIT 1
                        """,
                    arguments: [heard.at, now - grace] + StatementArguments(own))
                if sign == nil { silent.insert(account) }
            }
            return silent
        }
    }

    private func offerAgain(_ db: Database, _ row: Row, _ now: Timestamp) throws {
        let (id, account) = (row["id"] as MessageID, (row["account"] as PhoneNumberID))
        let tries = try Int.fetchOne(
            db.cachedStatement(sql: "SELECT count(*) FROM messageNote WHERE message = ? AND state = 'unknown'"), arguments: [id])
        if let tries, tries >= Self.unclearLimit {
            try advance(
                db, id, to: .failed,
                error: "Meta gave no clear answer \(tries) times and no status came; look at its status page before sending it again.")
            try markUnclear(db, id)
            return
        }
        try db.execute(sql: "UPDATE message SET state = 'queued', updatedAt = ? WHERE id = ?", arguments: [now, id])
        try announce(db, id, from: .unknown, to: .queued)
        try Self.note(db, on: id, .queued, at: now, "no status came in the grace time, so Meta never had it")
        let job = SendJob(category: try row.word("category", in: "message"), contact: row["recipient"])
        try Self.enqueue(db, job, of: id, on: account, priority: row["priority"], at: now)
    }

    /// Unknown messages of numbers that were removed: nobody can send them again, and their statuses had time to come.
    private func giveUpOrphans(
        _ db: Database, of known: Set<PhoneNumberID>, before time: Timestamp, unless mayCome: (Timestamp) -> Bool
    ) throws {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql:
                    "SELECT id, account, sendingAt FROM message INDEXED BY messageUnknown WHERE state = 'unknown' AND sendingAt < ? LIMIT 5000"
            ),
            arguments: [time])
        for row in rows where !known.contains(row["account"] as PhoneNumberID) && !mayCome(row["sendingAt"]) {
            try advance(db, row["id"], to: .failed, error: "The number was removed, and no status told whether Meta had sent it.")
            try markUnclear(db, row["id"])
        }
    }

    /// Whether Meta holds a message of any of some numbers.
    func hasHeld(_ db: Database, _ numbers: [PhoneNumberID]) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM message INDEXED BY messageHeld WHERE account = ? AND state = 'held' LIMIT 1")
        return try numbers.contains { try Int.fetchOne(statement, arguments: [$0]) != nil }
    }

    /// Keeps a further id of WhatsApp for a message: Meta has it twice.
    func noteSecond(_ db: Database, _ wamid: WAMID, of id: MessageID, workspace: String) throws {
        try db.cachedStatement(sql: "INSERT INTO messageWAMID (wamid, message, isFormer, at) VALUES (?, ?, 0, ?) ON CONFLICT DO NOTHING")
            .execute(arguments: [wamid, id, store.now])
        guard db.changesCount == 1 else { return }
        try store.append(db, "message.doubled", workspace: workspace, subject: id, data: ["wamid": .string(wamid.rawValue)])
    }

    /// How many messages that were being sent before a moment still wait for their status.
    func unknown(before time: Timestamp) async throws -> Int {
        try await store.read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM message INDEXED BY messageUnknown WHERE state = 'unknown' AND sendingAt < ?",
                arguments: [time]) ?? 0
        }
    }
}
