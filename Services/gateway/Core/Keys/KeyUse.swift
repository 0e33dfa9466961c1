import Coordination
import Logging
import ServiceLifecycle
import Vocabulary

/// Writes down which keys, or which sessions, were used, at most once a minute.
struct KeyUse: Service {
    /// Set where something was used that nobody has written down.
    let used: Wakeup
    let flush: @Sendable () async throws -> Void
    let clock: WallClock
    let logger: Logger

    init(used: Wakeup, clock: WallClock, logger: Logger, flush: @escaping @Sendable () async throws -> Void) {
        self.used = used
        self.flush = flush
        self.clock = clock
        self.logger = logger
    }

    init(apiKeys: APIKeys, clock: WallClock, logger: Logger) {
        self.init(used: apiKeys.used, clock: clock, logger: logger) { try await apiKeys.flush() }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await used.wait()
                do {
                    try await flush()
                    try await clock.sleep(for: .minutes(1))
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning("the use of keys or sessions could not be written down, retrying", metadata: ["error": "\(error)"])
                    await used.wait(atMost: .seconds(5), clock: clock)
                }
            }
        }
        // The last minute's.
        do { try await flush() } catch {
            logger.warning("the use of keys or sessions could not be written down", metadata: ["error": "\(error)"])
        }
    }
}
