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
    /// The last look before the start.
    let lastLook: Timestamp?
    let logger: Logger

    /// Messages whose status should have come long ago.
    func countOverdue() async throws -> Int { try await outbox.unknown(before: clock.now - grace * 7) }

    func run() async throws {
        let pause = Wakeup()
        await cancelWhenGracefulShutdown {
            var attention = attention
            while !Task.isCancelled {
                await pause.wait(atMost: clock.pause(until: attention.next))
                do { try await look(&attention) } catch {
                    logger.warning("unknown messages could not be looked at, retrying", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// Nobody has looked since the last look before the start, nor while the clock was ahead.
    var attention: Attention {
        let now = clock.now
        return Attention(since: min(lastLook ?? now, now), every: max(500, grace / 10))
    }

    func look(_ attention: inout Attention) async throws {
        let now = clock.now
        guard attention.looks(at: now) else { return }
        try await outbox.noteLook(at: now, absence: attention.absence, gaps: gaps, gapGrace: gapGrace)
        attention.hasRecordedAbsence()
        let isSilent = isResentInSilence && attention.span > grace * 6
        let count = try await outbox.resendUnknown(
            numbers, at: now, gaps: gaps, grace: grace, patience: isSilent ? grace * 6 : nil, gapGrace: gapGrace)
        guard count > 0 else { return }
        logger.notice("unknown messages are offered again", metadata: ["count": "\(count)"])
        senders.nudgeAll()
    }
}
