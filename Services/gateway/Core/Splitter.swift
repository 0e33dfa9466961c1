import JobQueue
import Logging
import ServiceLifecycle

/// Takes stored payloads apart, in the order in which they came.
struct Splitter: Service {
    let inbox: Inbox
    let lanes: [Signal]
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let count = try await inbox.splitNext(256)
                    lanes.forEach { $0.set() }
                    if count == 0 { await inbox.arrived.wait() }
                } catch {
                    logger.warning("payloads could not be split, retrying", metadata: ["error": "\(error)"])
                    await inbox.arrived.wait(atMost: .seconds(1))
                }
            }
        }
    }
}
