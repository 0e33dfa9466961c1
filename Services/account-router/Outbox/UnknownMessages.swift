import AccountNumbers
import Coordination
import Logging
import ServiceLifecycle
import Storage
import Vocabulary

/// Looks after messages of which nobody knows whether Meta has them.
struct UnknownMessages: Service {
    let clock: WallClock
    let outbox: Outbox
    let numbers: Numbers
    let senders: Senders
    let gaps: WebhookGaps
    /// How long a status has to arrive.
    let grace: Milliseconds
    /// How long Meta may still bring what it could not deliver in a gap.
    let gapGrace: Milliseconds
    /// Whether the silence of a whole account ends the waiting, too.
    let isResentInSilence: Bool
    let logger: Logger

    /// Messages whose status should have come long ago.
    func countOverdue() async throws -> Int { try await outbox.unknown(before: clock.now - grace * 7) }

    func run() async throws {
        let pause = Wakeup()
        let interval = max(500, grace / 10)
        await cancelWhenGracefulShutdown {
            var attention = Attention(since: clock.now, every: interval)
            while !Task.isCancelled {
                await pause.wait(atMost: clock.pause(until: attention.next))
                guard attention.looks(at: clock.now) else { continue }
                do {
                    let isSilent = isResentInSilence && attention.span > grace * 6
                    let count = try await outbox.resendUnknown(
                        numbers, gaps: gaps, grace: grace, patience: isSilent ? grace * 6 : nil, gapGrace: gapGrace)
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
