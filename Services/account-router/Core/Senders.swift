import AccountContract
import GraphAPI
import HTTPClient
import JobQueue
import Logging
import Metrics
import Resilience
import ServiceLifecycle
import Synchronization
import Vocabulary

/// One sender per enabled number; numbers come and go while the process runs.
final class Senders: Service {
    private let accounts: AccountStore
    private let outbox: Outbox
    private let graph: GraphClient
    private let pacer: Pacer
    private let concurrency: Int
    private let logger: Logger
    private let runners = Mutex<[PhoneNumberID: JobRunner]>([:])

    init(accounts: AccountStore, outbox: Outbox, graph: GraphClient, pacer: Pacer, concurrency: Int, logger: Logger) {
        self.accounts = accounts
        self.outbox = outbox
        self.graph = graph
        self.pacer = pacer
        self.concurrency = concurrency
        self.logger = logger
    }

    func nudge(_ number: PhoneNumberID) { runners.withLock { $0[number] }?.nudge() }

    func nudgeAll() {
        for runner in runners.withLock({ Array($0.values) }) { runner.nudge() }
    }

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for await accounts in accounts.follow().cancelOnGracefulShutdown() {
                for account in accounts where runners.withLock({ $0[account.phoneNumberID] == nil }) {
                    let runner = runner(account.phoneNumberID)
                    runners.withLock { $0[account.phoneNumberID] = runner }
                    group.addTask { try await runner.run() }
                }
                nudgeAll()
            }
        }
    }

    private func runner(_ number: PhoneNumberID) -> JobRunner {
        let send = MessageSender(number: number, outbox: outbox, graph: graph, pacer: pacer, logger: logger)
        return JobRunner(
            queue: Outbox.queue(number),
            policy: JobRunner.Policy(concurrency: concurrency, attempts: .max, backoff: .sending),
            commits: outbox.commits,
            clock: outbox.clock,
            logger: logger,
            allowance: { [accounts, pacer] free in
                // A disabled number keeps its queue until it is enabled again.
                accounts.account(number)?.enabled == true ? pacer.allowance(number, free: free) : .rest(milliseconds: 5000)
            },
            hold: { [pacer] job in pacer.hold(number, contact: job.payload) },
            leased: { [outbox] db, jobs in try outbox.markSending(db, jobs) },
            begins: { [pacer] _ in pacer.begins(number) },
            work: { await send.send($0) }
        )
    }
}

/// Sends one message and says what became of it.
struct MessageSender: Sendable {
    let number: PhoneNumberID
    let outbox: Outbox
    let graph: GraphClient
    let pacer: Pacer
    let logger: Logger

    func send(_ job: Job) async -> JobOutcome {
        let outbox = outbox
        let id = job.key
        let message: OutboundMessage
        do {
            guard let found = try await outbox.message(toSend: id) else {
                pacer.abandoned(number)
                return .done()
            }
            message = found
            if case .text = message.content, try await !outbox.isWindowOpen(message.to, number) {
                pacer.abandoned(number)
                let error = "The 24-hour window closed while it waited. Send a template."
                return .done { db in try outbox.advance(db, id, to: .failed, code: 131047, error: error) }
            }
        } catch {
            pacer.abandoned(number)
            return .retry(error: "\(error)", after: .seconds(1)) { db in try outbox.requeue(db, id, "the message could not be read") }
        }
        let delay = pacer.reserve(number)
        do {
            if delay > 0 { try await Task.sleep(for: .milliseconds(Int64(delay.rounded(.up)))) }
        } catch {
            // Sending before its turn would break the limit, and nothing has been posted yet.
            pacer.abandoned(number)
            return .retry(error: "\(error)", after: .zero) { db in try outbox.requeue(db, id, "the process stopped before its turn came") }
        }
        let outcome: Result<GraphClient.Accepted, GraphClient.Failure>
        do throws(GraphClient.Failure) { outcome = .success(try await graph.send(message, from: number)) } catch {
            outcome = .failure(error)
        }
        return conclude(outcome, id, job)
    }

    private func conclude(_ outcome: Result<GraphClient.Accepted, GraphClient.Failure>, _ id: String, _ job: Job) -> JobOutcome {
        let outbox = outbox
        switch outcome {
        case .success(let accepted):
            pacer.answered(number)
            Self.count("accepted")
            return .done { db in try outbox.advance(db, id, to: .accepted, wamid: accepted.wamid) }
        case .failure(.refused(let error)):
            // A fault of Meta's own counts against the number's breaker like silence.
            if error.errorClass == .ambiguous { pacer.noAnswer(number) } else { pacer.answered(number) }
            Self.count("refused")
            return refused(error, id, job)
        case .failure(.noAnswer(let failure)) where failure.mayHaveBeenSent:
            pacer.noAnswer(number)
            Self.count("unknown")
            logger.warning("no answer from Meta, waiting for the status", metadata: ["message": "\(id)", "error": "\(failure)"])
            return .done { db in try outbox.markUnknown(db, id, "\(failure)") }
        case .failure(.noAnswer(let failure)):
            pacer.noAnswer(number)
            Self.count("unreachable")
            return .retry(error: failure.description, after: .seconds(1)) { db in
                try outbox.requeue(db, id, "Meta cannot be reached: \(failure)")
            }
        }
    }

    private func refused(_ error: GraphError, _ id: String, _ job: Job) -> JobOutcome {
        let outbox = outbox
        func again(after pause: Duration) -> JobOutcome {
            .retry(error: error.description, after: pause) { db in try outbox.requeue(db, id, error.explanation) }
        }
        if error.concernsTokenOrNumber || error.status == 401 {
            // Nothing is wrong with the message: all of the number's wait until somebody has acted.
            pacer.block(number, milliseconds: 30_000)
            logger.error("Meta refuses the number, holding its messages", metadata: ["number": "\(number)", "code": "\(error.code ?? -1)"])
            return again(after: .seconds(30))
        }
        switch (error.code, error.errorClass) {
        case (130429, _):
            pacer.slowDown(number)
            return again(after: .seconds(1))
        case (131056, _):
            // Meta, pair rate limit: retry after 4^X seconds, X growing with each failure.
            return again(after: .seconds(1 << (2 * min(job.attempts - 1, 5))))
        case (131057, _): return again(after: .seconds(60))
        case (_, .retry): return again(after: Backoff.sending.pause(after: job.attempts))
        case (_, .ambiguous): return .done { db in try outbox.markUnknown(db, id, error.description) }
        case (_, .delay), (_, .never):
            return .done { db in try outbox.advance(db, id, to: .failed, code: error.code, error: error.explanation) }
        }
    }

    private static func count(_ outcome: String) {
        Counter(label: "linda_graph_sends_total", dimensions: [("outcome", outcome)]).increment()
    }
}
