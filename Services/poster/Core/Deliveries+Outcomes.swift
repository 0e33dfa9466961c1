import Foundation
import GRDB
import JobQueue
import PosterContract
import RPCContract
import Storage
import Vocabulary

/// What became of one request.
struct AttemptOutcome: Sendable {
    var at: Timestamp
    var duration: Milliseconds
    /// Nil where there was no whole answer.
    var status: Int?
    /// Nil where the event counts as delivered.
    var error: String?
    /// The beginning of the answer's body.
    var answer: String?
    /// How long the receiver has asked to be left alone.
    var asked: Milliseconds?

    /// Source: Standard Webhooks: 410 Gone says that the endpoint is to be disabled.
    var isGone: Bool { status == 410 }

    static let answerBytes = 1024
}

/// From attempts to the ends of deliveries.
extension Deliveries {
    /// Of a delivery that is sent again and again, the latest are enough.
    static let keptAttempts = 50

    /// Writes what became of a request, in the caller's transaction.
    ///
    /// - Parameters:
    ///   - pause: after which it is tried again; nil where it has ended.
    ///   - tries: those that had been made when this one began.
    ///   - limit: an endpoint whose every attempt has failed for so long is disabled.
    func settle(
        _ db: Database, _ n: Int64, of endpoint: String, _ outcome: AttemptOutcome, again pause: Milliseconds?,
        after tries: Int, disableAfter limit: Milliseconds
    ) throws {
        let statement = try db.cachedStatement(sql: "SELECT attempts, tries, lane FROM delivery WHERE n = ?")
        // Removed meanwhile, for its age or with its endpoint.
        guard let row = try Row.fetchOne(statement, arguments: [n]) else { return }
        let number = (row["attempts"] as Int) + 1
        try db.cachedStatement(
            sql: "INSERT INTO attempt (delivery, number, at, status, error, duration, answer) VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        .execute(arguments: [n, number, outcome.at, outcome.status, outcome.error, outcome.duration, outcome.answer])
        if number > Self.keptAttempts {
            try db.execute(sql: "DELETE FROM attempt WHERE delivery = ? AND number <= ?", arguments: [n, number - Self.keptAttempts])
        }
        // Sent again by somebody while this one was under way: what it had behind it counts no more.
        let isAnew = outcome.error != nil && row["tries"] < tries
        let state: EventDelivery.State = outcome.error == nil ? .delivered : pause == nil && !isAnew ? .failed : .pending
        try db.cachedStatement(sql: "UPDATE delivery SET state = ?, attempts = ?, tries = tries + 1, endedAt = ? WHERE n = ?")
            .execute(arguments: [state.rawValue, number, state == .pending ? nil : store.now, n])
        if state != .pending {
            try db.count(Self.waiting(endpoint), by: -1)
            try release(db, endpoint, lane: row["lane"])
        }
        if isAnew {
            _ = try JobTable.cancel(db, queue: Self.queue(endpoint), key: String(n))
            try enqueue(db, n, endpoint)
        }
        guard outcome.error != nil else {
            try db.cachedStatement(sql: "UPDATE endpoint SET failingSince = NULL WHERE id = ? AND failingSince IS NOT NULL")
                .execute(arguments: [endpoint])
            return
        }
        try failed(db, endpoint, outcome, disableAfter: limit)
    }

    private func failed(_ db: Database, _ endpoint: String, _ outcome: AttemptOutcome, disableAfter limit: Milliseconds) throws {
        // The earlier of both: a clock that was set back would make it last longer by the step.
        try db.cachedStatement(
            sql: "UPDATE endpoint SET failingSince = ?1 WHERE id = ?2 AND (failingSince IS NULL OR failingSince > ?1)"
        )
        .execute(arguments: [outcome.at, endpoint])
        let row = try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM endpoint WHERE id = ?"), arguments: [endpoint])
        guard let row, try row.word("state", in: "endpoint") == WebhookEndpoint.State.enabled else { return }
        if outcome.isGone {
            return try endpoints.disable(db, row, because: "The receiver answered 410: it is gone, and wants nothing any more.")
        }
        let since: Timestamp = try row.value("failingSince", in: "endpoint")
        guard outcome.at - since >= limit else { return }
        let reason = "Every attempt has failed since \(Date(since).ISO8601Format()). The last one: \(outcome.error ?? "")"
        try endpoints.disable(db, row, because: String(reason.prefix(512)))
    }
}
