import AccountContacts
import AccountContract
import AccountNumbers
import AccountPacing
package import GRDB
import JobQueue
import Storage
package import Vocabulary

/// Restores what must be known again before the first message goes out.
extension Outbox {
    /// Meta assesses what it holds within an hour.
    ///
    /// Source: Meta, template pacing.
    static let assessment = Milliseconds.hours(1)

    /// At start: what was being sent when the process ended is unknown.
    ///
    /// - Returns: how many messages that were.
    func recover() throws -> Int {
        try store.writeNow { db in
            let lost = try JobTable.lost(db, queues: Self.queuePrefix)
            for job in lost {
                try markUnknown(db, job.message, "the process ended while Meta was being asked")
                try JobTable.complete(db, id: job.id)
            }
            return lost.count
        }
    }

    /// At start: the clock was set back meanwhile, and what is held waits as long as it would have.
    package func rebase(_ db: Database, by step: Milliseconds) throws {
        try JobTable.rebase(db, queues: Self.queuePrefix, by: step, at: store.now)
    }

    /// The limits must know what was sent before: the messages themselves tell.
    func restore(_ pacer: Pacer, _ numbers: Numbers) throws {
        let now = store.now
        pacer.awaitPast()
        try store.readNow { db in
            // A pair owes at most 45 × 6.2 s.
            let rows = try Row.fetchCursor(
                db, sql: "SELECT account, workspace, recipient, sendingAt FROM message WHERE sendingAt > ? ORDER BY sendingAt",
                arguments: [now - .minutes(5)])
            while let row = try rows.next() {
                let person = try People.person(db, row["recipient"], workspace: row["workspace"])
                pacer.restore(row["account"], contact: person.name, at: row["sendingAt"])
            }
            let held = try Row.fetchAll(
                db, sql: "SELECT account, max(heldAt) AS at FROM message INDEXED BY messageHeld WHERE state = 'held' GROUP BY account")
            for row in held { pacer.brake(row["account"], for: max(0, min(row["at"], now) + Self.assessment - now)) }
            try numbers.set(waiting: waiting(db))
        }
    }

    /// The people whom the portfolios wrote to first in the last 24 hours; until they are known, nobody is written to first.
    ///
    /// It is read while the process runs already, newest first, so that a start takes as long after a day of ten million
    /// messages as after one of ten.
    func restorePortfolios(_ pacer: Pacer) async throws {
        let since = store.now - Milliseconds(PortfolioLedger.period)
        let former = try await store.read { try People.formerNames($0) }
        var before: (at: Timestamp, row: Int64)? = (.latest, .max)
        while let place = before, !Task.isCancelled {
            let (found, next) = try await store.read { db in try Self.opened(db, since: since, before: place, former) }
            pacer.absorb(found)
            before = next
        }
        pacer.knowsPast()
    }

    /// One page of whom numbers wrote to first, and where the next begins.
    private static func opened(_ db: Database, since: Timestamp, before place: (at: Timestamp, row: Int64), _ former: Set<ContactID>) throws
        -> (
            found: [(number: PhoneNumberID, contact: ContactID, at: Timestamp)], next: (at: Timestamp, row: Int64)?
        )
    {
        let page = 20_000
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT rowid, account, workspace, recipient, category, sendingAt FROM message INDEXED BY messageBySending
                    WHERE sendingAt > ? AND (sendingAt, rowid) < (?, ?) ORDER BY sendingAt DESC, rowid DESC LIMIT ?
                    """), arguments: [since, place.at, place.row, page])
        let found = try rows.filter { $0["category"] != Message.Category.service.rawValue }.map { row in
            var contact = row["recipient"] as ContactID
            // Few names stand for another: a phone number that was left, a BSUID.
            if contact.isBSUID || former.contains(contact) {
                contact = try People.person(db, contact, workspace: row["workspace"]).name
            }
            return (row["account"] as PhoneNumberID, contact, row["sendingAt"] as Timestamp)
        }
        return (found, rows.count == page ? rows.last.map { ($0["sendingAt"], $0["rowid"]) } : nil)
    }

    /// How many messages wait on each number.
    func waiting(_ db: Database) throws -> [PhoneNumberID: Int] { try count(db, .queued) }

    /// The number of messages that wait on each number, and that each is sending right now.
    package func load() async throws -> (waiting: [PhoneNumberID: Int], underWay: [PhoneNumberID: Int]) {
        try await store.read { [self] db in (try waiting(db), try count(db, .sending)) }
    }

    private func count(_ db: Database, _ state: Message.State) throws -> [PhoneNumberID: Int] {
        // The state stands in the statement, so that its partial index serves it.
        let rows = try Row.fetchAll(
            db, sql: "SELECT account, count(*) AS n FROM message WHERE state = '\(state.rawValue)' GROUP BY account")
        return Dictionary(uniqueKeysWithValues: rows.map { (($0["account"] as PhoneNumberID), $0["n"]) })
    }

    /// At start: numbers that were removed just before the process ended.
    ///
    /// - Parameter known: the numbers that there are.
    package func orphanedNumbers(known: Set<PhoneNumberID>) throws -> [PhoneNumberID] {
        try store.readNow { db in try String.fetchAll(db, sql: "SELECT DISTINCT account FROM message WHERE state = 'queued'") }
            .map { PhoneNumberID($0) }.filter { !known.contains($0) }
    }
}
