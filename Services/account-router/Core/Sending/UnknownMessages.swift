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
    let logger: Logger

    func run() async throws {
        let pause = Signal()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let count = try await outbox.resendUnknown(grace: grace, patience: grace * 6)
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
