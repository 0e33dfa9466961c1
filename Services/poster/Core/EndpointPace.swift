import Resilience
import Vocabulary

/// How many requests an endpoint is sent at once, and when it is left alone.
///
/// It begins with one, has one more with each success, half as many with each failure. After a few failures in a row it is left
/// alone for longer and longer, and one request at a time tries whether it is back: an endpoint that is dead costs no more than that.
struct EndpointPace: Sendable {
    private let most: Int
    private(set) var window = 1
    private(set) var failures = 0
    private(set) var inFlight = 0
    private var heldUntil: Timestamp?
    private var limiter: RateLimiter?
    private var rate: Int?
    /// The last reading of the clock.
    private var readAt: Timestamp?

    /// Failures in a row after which an endpoint is left alone.
    private static let threshold = 5
    private static let rests = Backoff([.seconds(5)], limit: .seconds(300))

    /// - Parameter most: requests at once, however well it goes.
    init(most: Int) { self.most = most }

    /// Whether the last answer was a success: others that are not known to be alive share few places.
    var isProven: Bool { window > 1 && failures == 0 }

    /// What may begin now: so many requests, or none before so much time has passed.
    enum Room: Sendable, Equatable {
        case places(Int)
        case rest(Milliseconds)
    }

    /// - Parameter rate: requests a second; nil for no limit.
    mutating func room(at now: Timestamp, rate: Int?) -> Room {
        follow(now)
        set(rate)
        // Of a clock that was ahead when this began, nobody is held for longer than anybody may ask for.
        if let until = heldUntil {
            if until > now, until - now <= RetryAfter.most { return .rest(until - now) }
            heldUntil = nil
        }
        let free = max(0, window - inFlight)
        guard free > 0, let limiter else { return .places(free) }
        let time = Double(now.milliseconds)
        let left = limiter.left(at: time)
        if left == 0 { return .rest(max(1, Milliseconds(limiter.wait(at: time).rounded(.up)))) }
        return .places(min(free, left))
    }

    /// A clock that was set back holds nobody for longer than it would have.
    private mutating func follow(_ now: Timestamp) {
        defer { readAt = now }
        guard let last = readAt, now < last else { return }
        heldUntil = heldUntil.map { $0 - (last - now) }
        limiter = rate.map(Self.limiter)
    }

    private mutating func set(_ rate: Int?) {
        guard rate != self.rate else { return }
        self.rate = rate
        limiter = rate.map(Self.limiter)
    }

    private static func limiter(_ rate: Int) -> RateLimiter {
        // A tenth of a second's at once, so that loops need not be exact.
        RateLimiter(perSecond: Double(rate), burst: max(1, Double(rate) / 10))
    }

    mutating func begins(at now: Timestamp) {
        follow(now)
        inFlight += 1
        _ = limiter?.take(at: Double(now.milliseconds))
    }

    mutating func succeeded() {
        inFlight -= 1
        failures = 0
        window = min(most, window + 1)
    }

    /// - Parameter asked: how long the receiver has asked to be left alone.
    mutating func failed(at now: Timestamp, asked: Milliseconds?, using chance: inout some RandomNumberGenerator) {
        follow(now)
        inFlight -= 1
        failures += 1
        window = max(1, window / 2)
        var rest = asked ?? .zero
        if failures >= Self.threshold {
            window = 1
            let pause = Milliseconds(Self.rests.pause(after: failures - Self.threshold + 1))
            rest = max(rest, pause * Double.random(in: 0.8...1, using: &chance))
        }
        if rest > .zero { heldUntil = max(heldUntil ?? now, now + rest) }
    }

    /// A request that neither proved nor disproved anything.
    mutating func abandoned() { inFlight -= 1 }

    /// Somebody says that it is well: the next request need not wait.
    mutating func release() {
        heldUntil = nil
        failures = 0
    }
}
