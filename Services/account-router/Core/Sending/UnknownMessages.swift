import JobQueue
import Logging
import ServiceLifecycle
import Vocabulary

/// Looks after messages of which nobody knows whether Meta has them.
struct UnknownMessages: Service {
    let outbox: Outbox
    let senders: Senders
    /// How long a status has to arrive.
    let grace: Milliseconds
    /// Whether the silence of a whole account ends the waiting, too.
    let isResentInSilence: Bool
    let logger: Logger

    func run() async throws {
        let pause = Signal()
        let interval = max(500, grace / 10)
        await cancelWhenGracefulShutdown {
            var last = outbox.clock.now
            // For how long there has been somebody to hear Meta, without a gap: after an outage what was missed comes first.
            var heard = Milliseconds.zero
            while !Task.isCancelled {
                await pause.wait(atMost: outbox.clock.pause(until: last + interval))
                let now = outbox.clock.now
                guard now < last || now >= last + interval else { continue }
                let gap = now - last
                heard = (.zero...interval * 3).contains(gap) ? heard + gap : .zero
                last = now
                do {
                    let count = try await outbox.resendUnknown(
                        grace: grace, patience: isResentInSilence && heard > grace * 6 ? grace * 6 : nil)
                    if count > 0 {
                        logger.notice("unknown messages are offered again", metadata: ["count": "\(count)"])
                        senders.nudgeAll()
                    }
                } catch {
                    logger.warning("unknown messages could not be looked at, retrying", metadata: ["error": "\(error)"])
                }
            }
        }
    }
}
