import AccountContacts
import AccountContract
import AccountNumbers
import AccountPacing
import GRDB
import GraphAPI
import HTTPClient
import JobQueue
import Logging
import Metrics
import Resilience
import Vocabulary

/// Sends one message and says what became of it.
struct MessageSender: Sendable {
    let number: PhoneNumberID
    let outbox: Outbox
    let graph: GraphClient
    let pacer: Pacer
    let logger: Logger
    /// What has been leased, by message id; filled in the transaction that leases.
    let prepared: Mutexed<[String: Outbox.Prepared]>

    func send(_ job: Job) async -> JobOutcome {
        let outbox = outbox
        let id = job.key
        guard let prepared = prepared.with({ $0.removeValue(forKey: id) }) else {
            pacer.abandoned(number)
            return .done()
        }
        do {
            try await pacer.turn(number)
        } catch {
            // Sending before its turn would break the limit, and nothing has been posted yet.
            pacer.abandoned(number, hadTurn: true)
            return .retry(error: "\(error)", after: .zero) { db in try outbox.requeue(db, id, "the process stopped before its turn came") }
        }
        let outcome: Result<GraphClient.Accepted, GraphClient.Failure>
        do throws(GraphClient.Failure) { outcome = .success(try await graph.send(prepared.message, from: number)) } catch {
            outcome = .failure(error)
        }
        return conclude(outcome, id, job, to: prepared.message.to, isLast: prepared.attemptLimit.map { job.attempts > $0 } ?? false)
    }

    /// - Parameter isLast: a failure of the way to Meta is the message's last.
    private func conclude(
        _ outcome: Result<GraphClient.Accepted, GraphClient.Failure>,
        _ id: String,
        _ job: Job,
        to contact: ContactID,
        isLast: Bool
    ) -> JobOutcome {
        let outbox = outbox
        switch outcome {
        case .success(let accepted):
            pacer.answered(number)
            Self.count("accepted")
            return .done { db in try outbox.advance(db, id, to: .accepted, wamid: accepted.wamid) }
        case .failure(.refused(let error)):
            // A fault of Meta's own counts against the number's breaker like silence.
            if error.errorClass == .ambiguous { pacer.noAnswer(number, isHost: false) } else { pacer.answered(number) }
            Self.count("refused")
            return refused(error, id, job, to: contact)
        case .failure(.noAnswer(let failure)) where failure.mayHaveBeenSent:
            pacer.noAnswer(number)
            Self.count("unknown")
            logger.warning("no answer from Meta, waiting for the status", metadata: ["message": "\(id)", "error": "\(failure)"])
            return .done { db in try outbox.markUnknown(db, id, "\(failure)") }
        case .failure(.noAnswer(let failure)):
            pacer.noAnswer(number)
            Self.count("unreachable")
            if isLast {
                let error = "Meta could not be reached in \(job.attempts) tries: \(failure)"
                return .done { db in try outbox.advance(db, id, to: .failed, error: error) }
            }
            return .retry(error: failure.description, after: Backoff.sending.pause(after: job.attempts)) { db in
                try outbox.requeue(db, id, "Meta cannot be reached: \(failure)")
            }
        }
    }

    private func refused(_ error: GraphError, _ id: String, _ job: Job, to contact: ContactID) -> JobOutcome {
        let outbox = outbox
        func again(after pause: Duration) -> JobOutcome {
            .retry(error: error.description, after: pause) { db in try outbox.requeue(db, id, error.explanation) }
        }
        if error.holdsNumber {
            // Nothing is wrong with the message: all of the number's wait until somebody has acted.
            pacer.block(number, for: .seconds(30))
            logger.error("Meta refuses the number, holding its messages", metadata: ["number": "\(number)", "code": "\(error.code ?? -1)"])
            return again(after: .seconds(30))
        }
        switch (error.code, error.errorClass) {
        case (130429, _):
            pacer.slowDown(number)
            return again(after: .seconds(1))
        case (131056, _):
            // Meta, pair rate limit: retry after 4^X seconds, X growing with each failure.
            let pause = 1 << (2 * min(job.attempts - 1, 5))
            pacer.hold(number, contact: contact, for: .seconds(pause))
            return again(after: .seconds(pause))
        case (131057, _):
            pacer.block(number, for: error.pause ?? .minutes(1))
            return again(after: .seconds(60))
        case (4, _):
            pacer.restAll(for: error.pause ?? .minutes(1))
            return again(after: .seconds(60))
        case (80007, _), (17, _), (613, _):
            pacer.rest(of: number, for: error.pause ?? .minutes(1))
            return again(after: .seconds(60))
        case (_, .retry): return again(after: Backoff.sending.pause(after: job.attempts))
        case (_, .ambiguous): return .done { db in try outbox.markUnknown(db, id, error.description) }
        case (_, .delay) where error.scope == .number || error.scope == .account:
            pacer.block(number, for: min(error.pause ?? .minutes(1), .minutes(5)))
            return again(after: (error.pause ?? .minutes(1)).duration)
        case (_, .delay), (_, .never):
            return .done { db in try outbox.refuse(db, id, error) }
        }
    }

    private static func count(_ outcome: String) {
        Counter(label: "linda_graph_sends_total", dimensions: [("outcome", outcome)]).increment()
    }
}

extension GraphError {
    /// Nothing that the number sends can succeed before somebody has acted, so its messages wait.
    var holdsNumber: Bool {
        // No word of Meta's own but a refusal: something on the way to it is wrong, not the message.
        if code == nil, (400..<500).contains(status), errorClass == .never { return true }
        return switch scope {
        case .token, .account: errorClass == .never
        case .number: errorClass == .never && code != 131048
        case .message, .template: false
        }
    }
}
