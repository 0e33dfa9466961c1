import JobQueue
import Logging
import ServiceLifecycle
import Vocabulary

/// Removes what has been handled and is older than the retention, once an hour.
struct Pruner: Service {
    let inbox: Inbox
    /// Milliseconds.
    let retention: Int64
    let logger: Logger

    func run() async throws {
        let pause = Signal()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    while try await inbox.prune(before: inbox.clock.now - retention), !Task.isCancelled {}
                } catch {
                    logger.warning("old events could not be pruned, retrying in an hour", metadata: ["error": "\(error)"])
                }
                await pause.wait(atMost: .seconds(3600))
            }
        }
    }
}
