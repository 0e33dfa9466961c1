import AccountContacts
import AccountContract
import AccountNumbers
import AccountPacing
import GRDB
import JobQueue
import Storage
package import Vocabulary

/// What must be known again before the first message goes out.
extension Outbox {
    /// At start: what was being sent when the process ended is unknown.
    ///
    /// - Returns: how many messages that were.
    func recover() throws -> Int {
        try store.writeNow { db in
            let lost = try JobTable.lost(db, queues: Self.queuePrefix)
            for job in lost {
                try markUnknown(db, job.key, "the process ended while Meta was being asked")
                try JobTable.complete(db, id: job.id)
            }
            return lost.count
        }
    }

    /// The limits must know what was sent before: the messages themselves tell.
    func restore(_ pacer: Pacer, _ numbers: Numbers) throws {
        let now = store.now
        try store.readNow { db in
            let isCounted = numbers.all().contains { pacer.limitsUsers($0.phoneNumberID) }
            // A pair owes at most 45 × 6.2 s, a portfolio a day.
            let since = now - (isCounted ? Milliseconds(PortfolioLedger.period) : .minutes(5))
            let rows = try Row.fetchCursor(
                db, sql: "SELECT account, workspace, recipient, category, sendingAt FROM message WHERE sendingAt > ? ORDER BY sendingAt",
                arguments: [since])
            while let row = try rows.next() {
                let person = try People.person(db, row["recipient"], workspace: row["workspace"])
                pacer.restore(
                    (row["account"] as PhoneNumberID), contact: person.name, at: row["sendingAt"],
                    opensConversation: row["category"] != Message.Category.service.rawValue)
            }
            try numbers.set(waiting: waiting(db))
        }
    }

    /// How many messages wait on each number.
    func waiting(_ db: Database) throws -> [PhoneNumberID: Int] { try count(db, .queued) }

    /// What waits on each number, and what each is sending right now.
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
