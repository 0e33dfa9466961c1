import Coordination
import Logging
import ServiceLifecycle
import Vocabulary

/// Writes down which keys were used, at most once a minute.
struct KeyUse: Service {
    let apiKeys: APIKeys
    let clock: WallClock
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await apiKeys.used.wait()
                do {
                    try await apiKeys.flush()
                    try await clock.sleep(for: .minutes(1))
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("the use of keys could not be written down, retrying", metadata: ["error": "\(error)"])
                    await apiKeys.used.wait(atMost: .seconds(5), clock: clock)
                }
            }
        }
        // The last minute's.
        do { try await apiKeys.flush() } catch {
            logger.warning("the use of keys could not be written down", metadata: ["error": "\(error)"])
        }
    }
}
