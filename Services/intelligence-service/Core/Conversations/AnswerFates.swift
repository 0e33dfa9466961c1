import AccountContract
import JobQueue
import Logging
import RPCContract
import RPCTransport
import Resilience
import Storage
import Vocabulary

/// Asks account-router what became of people's answers, until it is known.
enum AnswerFates {
    static func runner(
        of conversations: Conversations, _ accounts: RPCClient, _ clock: WallClock, _ logger: Logger
    ) -> JobRunner {
        JobRunner(
            queue: Conversations.answerQueue,
            policy: JobRunner.Policy(concurrency: 16, attempts: .max, backoff: .delivery),
            commits: conversations.commits, clock: clock, logger: logger
        ) { job in
            let answer: Conversations.PendingAnswer
            do { answer = try JSON.decode(Conversations.PendingAnswer.self, from: job.payload) } catch {
                return .dead(error: "the job's payload cannot be read: \(error)")
            }
            // Soon at first, and once a minute for what waits long.
            let pause = Duration.seconds(min(60, max(1, job.attempts / 2)))
            do throws(Fault) {
                let message = try await accounts.call(
                    GetMessage.self, MessageReference(answer.message), meta: CallMeta(workspace: answer.workspace))
                let fate = fate(of: message.state, looks: job.attempts)
                guard fate != .open else { return .retry(error: "it is \(message.state.rawValue)", after: pause) }
                return .done { db in try conversations.settle(db, answer, fate) }
            } catch {
                guard error.code == .messageUnknown else { return .retry(error: error.description, after: pause) }
                return .done { db in try conversations.settle(db, answer, .failed) }
            }
        }
    }

    /// Looks after which an answer that Meta has taken counts, whatever its statuses say: about an hour of them.
    private static let patience = 100

    /// Meta tells only some time after it has taken a message that it cannot deliver it.
    static func fate(of state: Message.State, looks: Int) -> Conversations.Fate {
        switch state {
        case .queued, .sending, .unknown: .open
        case .held, .accepted: looks < patience ? .open : .taken
        case .sent, .delivered, .read, .played: .taken
        case .failed: .failed
        }
    }
}
