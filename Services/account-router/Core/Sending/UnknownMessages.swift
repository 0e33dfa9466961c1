import JobQueue
import Logging
import ServiceLifecycle
import Vocabulary

/// Looks after messages of which nobody knows whether Meta has them.
struct UnknownMessages: Service {
    let outbox: Outbox
    let senders: Senders
    /// Milliseconds a status has to arrive.
    let grace: Int64
    /// Whether the silence of a whole account ends the waiting, too.
    let isResentInSilence: Bool
    let logger: Logger

    func run() async throws {
        let pause = Signal()
        let started = outbox.clock.now
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    // Silence counts only while there was somebody to hear it: after an outage what was missed comes first.
                    let isLongEnough = outbox.clock.now - started > grace * 6
                    let count = try await outbox.resendUnknown(grace: grace, patience: isResentInSilence && isLongEnough ? grace * 6 : nil)
                    if count > 0 {
                        logger.notice("unknown messages are offered again", metadata: ["count": "\(count)"])
                        senders.nudgeAll()
                    }
                } catch {
                    logger.warning("unknown messages could not be looked at, retrying", metadata: ["error": "\(error)"])
                }
                await pause.wait(atMost: .milliseconds(max(500, grace / 10)))
            }
        }
    }
}
