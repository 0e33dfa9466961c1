import Resilience

/// How fast one number may send: Meta's throughput, what was learned of it, and why it may have to rest.
///
/// Source: Meta, throughput: 80 messages a second, 1,000 after an upgrade, 20 with the Business app, inbound and
/// outbound together. Time is in milliseconds.
package struct NumberPace: Sendable {
    /// Of the allowed rate; the rest is for clocks that do not quite agree.
    package static let margin = 0.99
    /// How far ahead of their turn messages are taken up: long enough to work in batches, short enough that a reply does not wait.
    static let horizon = 200.0
    /// How far ahead moments are given out.
    private static let promises = 10_000.0

    var allowed: Int
    /// Of the allowed rate, as 130429 taught it: 0.5 to 1.
    private(set) var share: Double
    private var limiter: RateLimiter
    /// Of the rate, what marketing may use: less while the number's quality is low.
    private var marketingShare = 1.0
    private var marketing: RateLimiter?
    /// The moment that the last marketing message which had to wait was given.
    private var promised = 0.0
    private var blockedUntil = 0.0
    private var breaker = CircuitBreaker()
    private var raisedAt = 0.0
    /// Taken up, and still before their turn.
    private var pending = 0
    private var meter = LoadMeter()

    init(allowed: Int, share: Double = 1) {
        self.allowed = allowed
        self.share = share
        limiter = RateLimiter(perSecond: Double(allowed) * Self.margin * share, burst: 1)
    }

    mutating func set(allowed: Int) {
        guard allowed != self.allowed else { return }
        self.allowed = allowed
        share = 1
        adjust()
    }

    /// The limiters follow the rate.
    private mutating func adjust() {
        limiter.set(perSecond: rate, burst: 1)
        let share = max(0.001, rate * marketingShare)
        marketing?.set(perSecond: share, burst: 2)
    }

    mutating func set(marketingShare: Double) {
        guard marketingShare != self.marketingShare else { return }
        self.marketingShare = marketingShare
        marketing = marketingShare < 1 ? RateLimiter(perSecond: max(0.001, rate * marketingShare), burst: 2) : nil
    }

    /// Milliseconds until one more marketing message conforms; 0 means now.
    ///
    /// Each that has to wait gets a moment of its own, so that not all come back for the same place.
    mutating func marketingWait(at now: Double) -> Double {
        guard marketingShare > 0 else { return 60_000 }
        guard let wait = marketing?.wait(at: now), wait > 0 else { return 0 }
        promised += 1000 / max(0.001, rate * marketingShare)
        if promised < now + wait || promised > now + Self.promises { promised = now + wait }
        return promised - now
    }

    mutating func takeMarketing(at now: Double) { _ = marketing?.reserve(at: now) }

    /// A marketing message for which a place was taken does not go out after all.
    mutating func giveBackMarketing() { marketing?.giveBack() }

    /// Messages a second.
    var rate: Double { Double(allowed) * Self.margin * share }

    /// Whether it is tried whether Meta answers the number again.
    func isTrying(at now: Double) -> Bool { breaker.state(at: now) != .closed }

    func isBlocked(at now: Double) -> Bool { blockedUntil > now || breaker.state(at: now) == .open }

    /// Messages that may be taken up now, or milliseconds to rest.
    mutating func allowance(at now: Double, isLimited: Bool) -> (places: Int, rest: Double) {
        if blockedUntil > now { return (0, blockedUntil - now + 1) }
        switch breaker.state(at: now) {
        case .open: return (0, 500)
        case .halfOpen: return breaker.allows(at: now) ? (1, 0) : (0, 500)
        case .closed: break
        }
        guard isLimited else { return (.max, 0) }
        recover(at: now)
        let places = limiter.units(from: now, until: now + Self.horizon) - pending
        return places > 0 ? (places, 0) : (0, Self.horizon / 4)
    }

    mutating func begins(at now: Double) {
        pending += 1
        breaker.begins(at: now)
    }

    /// Takes the next place; returns the milliseconds until it comes.
    mutating func reserve(at now: Double) -> Double {
        pending = max(0, pending - 1)
        let wait = limiter.reserve(at: now)
        meter.count(at: now + wait)
        return wait
    }

    mutating func drainMeter() -> LoadMeter.Load? { meter.drain() }

    mutating func abandoned(hadTurn: Bool) {
        if !hadTurn { pending = max(0, pending - 1) }
        breaker.abandoned()
    }

    /// A customer's message uses throughput too; never more than a second's debt.
    mutating func countInbound(at now: Double) {
        if limiter.wait(at: now) < 1000 { _ = limiter.reserve(at: now) }
    }

    /// Meta said 130429: a rest, and a tenth less from then on.
    mutating func refused(at now: Double) {
        // Several answers to the same excess teach once.
        if now - raisedAt > 1000 { share = max(0.5, share * 0.9) }
        raisedAt = now
        adjust()
        limiter.hold(until: now + 1000)
    }

    /// A hundredth more for every 30 quiet seconds.
    private mutating func recover(at now: Double) {
        guard share < 1, now - raisedAt > 30_000 else { return }
        share = min(1, share + 0.01)
        raisedAt = now
        adjust()
    }

    mutating func unblock() { blockedUntil = 0 }

    /// After a refusal for the number, one message tries once the rest is over, and not a crowd.
    mutating func block(until time: Double) {
        blockedUntil = max(blockedUntil, time)
        breaker.doubt()
    }

    mutating func succeeded() { breaker.succeeded() }
    mutating func failed(at now: Double) { breaker.failed(at: now) }

    mutating func restore(share: Double, at now: Double) {
        self.share = min(1, max(0.5, share))
        raisedAt = now
        adjust()
    }

    /// After a restart: when it sent last.
    mutating func restore(lastAt: Double) { limiter.hold(until: lastAt + 1000 / rate) }
}
