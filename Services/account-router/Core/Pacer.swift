import JobQueue
import Resilience
import Synchronization
import Vocabulary

/// Holds each number to what Meta allows: messages a second, and one in six seconds to the same person.
///
/// Source: Meta, throughput (inbound and outbound count together) and pair
/// rate limit (a burst of up to 45 is borrowed from the time that follows).
final class Pacer: Sendable {
    private struct Number {
        var perSecond: Int
        var limiter: RateLimiter
        var blockedUntil = 0.0
        var breaker = CircuitBreaker()
    }

    private struct Pair: Hashable {
        var number: PhoneNumberID
        var contact: String
    }

    private struct State {
        var numbers: [PhoneNumberID: Number] = [:]
        var pairs: [Pair: RateLimiter] = [:]
        var prunedAt = 0
    }

    /// Of the allowed rate; the rest is for clocks that do not quite agree.
    private static let share = 0.99
    private let clock: WallClock
    private let state = Mutex(State())
    private let isLimited: Bool

    /// - Parameter isLimited: off only for measuring.
    init(clock: WallClock, isLimited: Bool = true) {
        self.clock = clock
        self.isLimited = isLimited
    }

    func configure(_ number: PhoneNumberID, perSecond: Int) {
        state.withLock { state in
            guard state.numbers[number]?.perSecond != perSecond else { return }
            let limiter = RateLimiter(perSecond: Double(perSecond) * Self.share, burst: 1)
            state.numbers[number] = Number(perSecond: perSecond, limiter: limiter)
        }
    }

    /// How many messages the number may take up now; one while Meta, having been silent, is tried again.
    func allowance(_ number: PhoneNumberID, free: Int) -> JobAllowance {
        let now = Double(clock.now)
        return state.withLock { state in
            guard let known = state.numbers[number] else { return .places(free) }
            if known.blockedUntil > now { return .rest(milliseconds: Int64(known.blockedUntil - now) + 1) }
            return switch known.breaker.state(at: now) {
            case .closed: .places(free)
            case .open: .rest(milliseconds: 500)
            case .halfOpen: known.breaker.allows(at: now) ? .places(min(1, free)) : .rest(milliseconds: 500)
            }
        }
    }

    /// A message is about to be posted; `answered`, `noAnswer` or `abandoned` follows.
    func begins(_ number: PhoneNumberID) {
        let now = Double(clock.now)
        state.withLock { $0.numbers[number]?.breaker.begins(at: now) }
    }

    /// It was not posted after all.
    func abandoned(_ number: PhoneNumberID) { state.withLock { $0.numbers[number]?.breaker.abandoned() } }

    /// Milliseconds to keep a message back, or nil where it may go; then the pair's place is taken.
    func hold(_ number: PhoneNumberID, contact: String) -> Int64? {
        let now = Double(clock.now)
        return state.withLock { state in
            guard isLimited else { return nil }
            prune(&state, now)
            let pair = Pair(number: number, contact: contact)
            // A little slower than 6 s: what is leased now is posted a moment later.
            var limiter = state.pairs[pair] ?? RateLimiter(perSecond: 1 / 6.2, burst: 44)
            let wait = limiter.wait(at: now)
            guard wait <= 0 else { return Int64(wait.rounded(.up)) }
            _ = limiter.take(at: now)
            state.pairs[pair] = limiter
            return nil
        }
    }

    /// Milliseconds until the number's next message may be posted; the place is taken.
    func reserve(_ number: PhoneNumberID) -> Double {
        guard isLimited else { return 0 }
        return state.withLock { $0.numbers[number]?.limiter.reserve(at: Double(clock.now)) ?? 0 }
    }

    /// A customer's message uses the number's throughput too.
    ///
    /// Only what came just now, and never more than a second's debt: old messages of a catch-up use nothing.
    func countInbound(_ number: PhoneNumberID, at time: Int64) {
        let now = Double(clock.now)
        guard isLimited, now - Double(time) < 3000 else { return }
        state.withLock { state in
            guard let known = state.numbers[number], known.limiter.wait(at: now) < 1000 else { return }
            _ = state.numbers[number]?.limiter.reserve(at: now)
        }
    }

    /// Meta said 130429: the number rests.
    func slowDown(_ number: PhoneNumberID) {
        let now = Double(clock.now)
        state.withLock { $0.numbers[number]?.limiter.hold(until: now + 1000) }
    }

    /// Nothing of this number can be sent for a while: its token or registration is at fault.
    func block(_ number: PhoneNumberID, milliseconds: Int64) {
        let now = Double(clock.now)
        state.withLock { $0.numbers[number]?.blockedUntil = now + Double(milliseconds) }
    }

    func isBlocked(_ number: PhoneNumberID) -> Bool {
        let now = Double(clock.now)
        return state.withLock { $0.numbers[number].map { $0.blockedUntil > now || $0.breaker.state(at: now) == .open } ?? false }
    }

    func answered(_ number: PhoneNumberID) { state.withLock { $0.numbers[number]?.breaker.succeeded() } }

    func noAnswer(_ number: PhoneNumberID) {
        let now = Double(clock.now)
        state.withLock { $0.numbers[number]?.breaker.failed(at: now) }
    }

    /// Pairs that owe nothing are forgotten, so memory follows the traffic of a few minutes.
    private func prune(_ state: inout State, _ now: Double) {
        guard state.pairs.count > max(10_000, state.prunedAt * 2) else { return }
        state.pairs = state.pairs.filter { !$0.value.isRested(at: now) }
        state.prunedAt = state.pairs.count
    }
}
