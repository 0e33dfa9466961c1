import AccountContacts
import AccountContract
import AccountPacing
import Coordination
import GRDB
import GraphAPI
import HTTPClient
import JobQueue
import Logging
import Metrics
import Resilience
import Storage
import Vocabulary

/// Sends one message and says what became of it.
struct MessageSender: Sendable {
    let number: PhoneNumberID
    let outbox: Outbox
    var graph: GraphClient
    let pacer: Pacer
    let logger: Logger
    /// The messages that have been leased, by id; filled in the transaction that leases.
    let prepared: Mutexed<[MessageID: Outbox.Prepared]>

    func send(_ job: Job) async -> JobOutcome {
        let outbox = outbox
        let id = job.message
        guard let prepared = prepared.with({ $0.removeValue(forKey: id) }) else {
            pacer.abandoned(number)
            return .done()
        }
        do {
            try await pacer.waitForTurn(of: number)
        } catch {
            // Sending before its turn would break the limit, and nothing has been posted yet.
            pacer.abandoned(number, hadTurn: true)
            return .retry(error: "\(error)", after: .zero) { db in
                try outbox.requeue(db, id, "the process stopped before its turn came", isOwn: false)
            }
        }
        let (isTrying, token) = (pacer.isTrying(number), pacer.token)
        let outcome: Result<GraphClient.Accepted, GraphClient.Failure>
        do throws(GraphClient.Failure) { outcome = .success(try await graph.send(prepared.message, from: number)) } catch {
            outcome = .failure(error)
        }
        return conclude(
            outcome, id, job, of: prepared, token: token, isLast: !isTrying && prepared.attemptLimit.map { job.attempts > $0 } ?? false)
    }

    /// - Parameter isLast: a failure of the way to Meta is the message's last; never one that only tried whether Meta answers.
    private func conclude(
        _ outcome: Result<GraphClient.Accepted, GraphClient.Failure>,
        _ id: MessageID,
        _ job: Job,
        of prepared: Outbox.Prepared,
        token: Int,
        isLast: Bool
    ) -> JobOutcome {
        let outbox = outbox
        switch outcome {
        case .success(let accepted):
            pacer.answered(number)
            (accepted.isHeld ? Self.held : Self.accepted).increment()
            return .done { db in
                if prepared.hasFallback, try outbox.fallBackIfFormer(db, id, accepted.wamid) { return }
                if try outbox.advance(db, id, to: accepted.isHeld ? .held : .accepted, wamid: accepted.wamid), accepted.isHeld {
                    db.afterCommit { [pacer, number] in pacer.brake(number, for: Outbox.assessment) }
                }
                try outbox.learn(db, accepted, of: prepared)
            }
        case .failure(.refused(let error)):
            // A fault of Meta's own counts against the number's breaker like silence.
            if error.errorClass == .ambiguous { pacer.noAnswer(number, isHost: false) } else { pacer.answered(number) }
            Self.refused.increment()
            return refused(error, id, job, to: prepared.person.name, token: token)
        case .failure(.noAnswer(let failure)) where failure.mayHaveBeenSent:
            pacer.noAnswer(number)
            Self.unknown.increment()
            logger.warning("no answer from Meta, waiting for the status", metadata: ["message": "\(id)", "error": "\(failure)"])
            return .done { db in try outbox.markUnknown(db, id, "\(failure)") }
        case .failure(.noAnswer(let failure)):
            pacer.noAnswer(number)
            Self.unreachable.increment()
            if isLast {
                let error = "Meta could not be reached in \(job.attempts) tries: \(failure)"
                return .done { db in try outbox.advance(db, id, to: .failed, error: error) }
            }
            return .retry(error: failure.description, after: Backoff.sending.pause(after: job.attempts)) { db in
                try outbox.requeue(db, id, "Meta cannot be reached: \(failure)")
            }
        }
    }

    private func refused(_ error: GraphError, _ id: MessageID, _ job: Job, to contact: ContactID, token: Int) -> JobOutcome {
        let outbox = outbox
        // Meta knows that the window has closed: the template that was given for that goes out.
        if error.measures.contains(.sendFallback) {
            return .done { db in if try !outbox.fallBack(db, id) { try outbox.refuse(db, id, error) } }
        }
        if error.measures.contains(.holdNumber) {
            logger.error("Meta refuses the number, holding its messages", metadata: ["number": "\(number)", "code": "\(error.code ?? -1)"])
        }
        let refusal = PaceRefusal(error: error, number: number, contact: contact, attempts: job.attempts, token: token)
        let pause = error.measures.compactMap { refusal.take($0, pacer) }.max()
        switch error.fate {
        case .again:
            return .retry(error: error.description, after: pause?.duration ?? Backoff.sending.pause(after: job.attempts)) { db in
                try outbox.requeue(db, id, error.explanation, isOwn: error.isOfMessage)
            }
        case .awaitsStatus: return .done { db in try outbox.markUnknown(db, id, error.description) }
        case .fails: return .done { db in try outbox.refuse(db, id, error) }
        }
    }

    private static let (accepted, held, refused) = (sends("accepted"), sends("held"), sends("refused"))
    private static let (unknown, unreachable) = (sends("unknown"), sends("unreachable"))

    private static func sends(_ outcome: String) -> Counter {
        Counter(label: "linda_graph_sends_total", dimensions: [("outcome", outcome)])
    }
}
