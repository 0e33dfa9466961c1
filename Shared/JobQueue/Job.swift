package import GRDB
import Storage
package import Vocabulary

/// One piece of work to do later, as a row.
package struct Job: Sendable, Equatable {
    /// Where a job is in its life.
    package enum State: String, Codable, Sendable, CaseIterable {
        /// May be leased.
        case queued
        /// Not before its time.
        case held
        case leased, dead
    }

    package var id: Int64
    package var queue: String
    /// The enqueuer's name for it; at most one job of a queue has it.
    package var key: String
    package var payload: String
    /// Smaller goes first.
    package var priority: Int
    package var attempts: Int
    package var createdAt: Timestamp
    package var lastError: String?

    init(_ row: Row) {
        id = row["id"]
        queue = row["queue"]
        key = row["key"]
        payload = row["payload"]
        priority = row["priority"]
        attempts = row["attempts"]
        createdAt = row["createdAt"]
        lastError = row["lastError"]
    }
}

/// The outcome of a job.
package enum JobOutcome: Sendable {
    /// Done; `also` is written in the same transaction.
    case done(also: @Sendable (Database) throws -> Void = { _ in })
    /// To be tried again, with the pause of the queue's backoff where none is given.
    case retry(error: String, after: Duration? = nil, also: @Sendable (Database) throws -> Void = { _ in })
    /// Given up; kept as a dead letter.
    case dead(error: String, also: @Sendable (Database) throws -> Void = { _ in })
}

/// The decision on a job that is due and could be leased; asked inside the transaction that leases.
package enum JobAdmission {
    case lease
    /// Not before so much time has passed.
    case postpone(Milliseconds)
    /// It needs no work any more; `also` is written in the same transaction.
    case settle(also: (Database) throws -> Void)
}
