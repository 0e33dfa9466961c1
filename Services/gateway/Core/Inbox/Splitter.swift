import Coordination
import JobQueue
import Logging
import ServiceLifecycle
import Vocabulary

/// Takes stored payloads apart, in the order in which they came.
///
/// While deliveries come in its steps are small, because they travel in the
/// same transactions: those wait for 8 payloads at most, and in a flood these
/// still get their turn in every transaction.
struct Splitter: Service {
    let inbox: Inbox
    let lanes: [Wakeup]
    /// Set once it may begin; nil where it may at once.
    var start: Wakeup?
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await start?.wait()
            guard !Task.isCancelled else { return }
            // One by one where the process may have died of a payload, so that the next start knows of which.
            var careful = 0
            do { careful = try await inbox.noteStart() } catch {
                logger.warning("starts could not be counted", metadata: ["error": "\(error)"])
            }
            while !Task.isCancelled {
                do {
                    let count = try await inbox.splitNext(careful > 0 ? 1 : inbox.isTakingDeliveries ? 8 : 64)
                    careful = max(0, careful - 1)
                    lanes.forEach { $0.set() }
                    if count == 0 { await inbox.arrived.wait() }
                } catch {
                    guard !Task.isCancelled else { return }
                    logger.warning("payloads could not be split, retrying", metadata: ["error": "\(error)"])
                    await inbox.arrived.wait(atMost: .seconds(1), clock: inbox.clock)
                }
            }
        }
    }
}
