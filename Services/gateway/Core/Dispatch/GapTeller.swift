import Coordination
import JobQueue
import Logging
import ServiceLifecycle
import Vocabulary

/// Tells account-router of gaps also where no status comes that would take them along.
struct GapTeller: Service {
    let gaps: DeliveryGaps
    let handlers: EventHandlers
    let clock: WallClock
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await handlers.tellGaps()
                    await gaps.found.wait()
                } catch {
                    logger.warning("gaps in the deliveries could not be told, retrying", metadata: ["error": "\(error)"])
                    await gaps.found.wait(atMost: .seconds(5), clock: clock)
                }
            }
        }
    }
}
