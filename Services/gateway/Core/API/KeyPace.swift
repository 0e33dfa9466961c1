import HTTPTypes
import RPCContract
import Resilience
import Synchronization
import Vocabulary

/// How many requests each key, or each session, may make: one that asks for more is refused, and no other waits for it.
///
/// Bounded by the keys and sessions that are in force: only these have a pace.
final class KeyPace: Sendable {
    /// Requests a second, and at once from a key that has rested.
    private let rate: Int
    private let state: Mutex<State>

    private struct State {
        /// From which time is counted: of large numbers little is left for the fractions.
        var start: Timestamp
        var limiters: [String: RateLimiter] = [:]
    }

    /// Paces that are kept before those that have rested are let go.
    private static let kept = 1000

    init(perSecond rate: Int, from start: Timestamp) {
        self.rate = rate
        state = Mutex(State(start: start))
    }

    /// Takes a request's place.
    ///
    /// - Returns: how many more the key may make now.
    /// - Throws: where it has made as many as it may.
    func take(_ key: String, at now: Timestamp) throws(Fault) -> Int {
        let (left, wait) = state.withLock { state -> (Int, Double) in
            // The clock was set back: what was owed is of a time that has not come.
            if now < state.start { state = State(start: now) }
            let time = Double((now - state.start).count)
            let rested = RateLimiter(perSecond: Double(rate), burst: Double(rate))
            var limiter = state.limiters[key] ?? rested
            // Likewise: by itself nobody waits longer than a second.
            if limiter.wait(at: time) > 1000 { limiter = rested }
            let wait = limiter.take(at: time) ? 0 : limiter.wait(at: time)
            state.limiters[key] = limiter
            if state.limiters.count > Self.kept { state.limiters = state.limiters.filter { !$0.value.isRested(at: time) } }
            return (limiter.left(at: time), wait)
        }
        guard wait <= 0 else {
            throw Fault(
                .overloaded, "The key or the session makes more than \(rate) requests a second; the setting api.keyRate allows more.",
                retry: .after(.milliseconds(Int64(wait.rounded(.up)))))
        }
        return left
    }

    /// The rate of a key, and how much of it is left; nil where nobody has shown one.
    ///
    /// Source: IETF, draft-ietf-httpapi-ratelimit-headers.
    func fields(left: Int?) -> HTTPFields {
        guard let left else { return [:] }
        var fields = HTTPFields()
        if let name = Self.policy { fields[name] = "\"key\";q=\(rate);w=1" }
        if let name = Self.limit { fields[name] = "\"key\";r=\(left);t=1" }
        return fields
    }

    private static let policy = HTTPField.Name("RateLimit-Policy")
    private static let limit = HTTPField.Name("RateLimit")
}
