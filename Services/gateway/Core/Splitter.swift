import JobQueue
import Logging
import ServiceLifecycle

/// Takes stored payloads apart, in the order in which they came.
struct Splitter: Service {
    let inbox: Inbox
    let lanes: [Signal]
    let logger: Logger

    func run() async throws {
        let breath = Signal()
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    // Deliveries wait for the same disk: while they come in a flood, the work behind takes small steps.
                    let isFlooded = inbox.isTakingDeliveries
                    let count = try await inbox.splitNext(isFlooded ? 16 : 256)
                    lanes.forEach { $0.set() }
                    if count == 0 {
                        await inbox.arrived.wait()
                    } else if isFlooded {
                        await breath.wait(atMost: .milliseconds(4))
                    }
                } catch {
                    logger.warning("payloads could not be split, retrying", metadata: ["error": "\(error)"])
                    await inbox.arrived.wait(atMost: .seconds(1))
                }
            }
        }
    }
}
