/// Stops calling what keeps failing, and tries it again carefully.
///
/// closed → open after `threshold` failures in a row → half-open after
/// `rest` → closed on a success, open again on a failure. Time is in milliseconds.
package struct CircuitBreaker: Sendable, Equatable {
    /// Whether calls go through.
    package enum State: String, Codable, Sendable { case closed, open, halfOpen }

    private let threshold: Int
    private let rest: Double
    private var failures = 0
    private var openedAt: Double?
    /// Whether the one call of half-open is under way.
    private var isProbing = false

    package init(threshold: Int = 5, rest: Duration = .seconds(10)) {
        self.threshold = threshold
        self.rest = Double(rest.components.seconds) * 1000 + Double(rest.components.attoseconds) / 1e15
    }

    /// The state at a moment, in milliseconds.
    package func state(at now: Double) -> State {
        guard let openedAt else { return .closed }
        return now - openedAt >= rest ? .halfOpen : .open
    }

    /// Whether a call may be made now; in half-open, one at a time.
    package func allows(at now: Double) -> Bool {
        switch state(at: now) {
        case .closed: true
        case .open: false
        case .halfOpen: !isProbing
        }
    }

    /// A call is made; `succeeded`, `failed` or `abandoned` follows.
    package mutating func begins(at now: Double) {
        if state(at: now) == .halfOpen { isProbing = true }
    }

    /// A call succeeded: the breaker closes.
    package mutating func succeeded() {
        failures = 0
        openedAt = nil
        isProbing = false
    }

    /// A call failed: the breaker opens at the threshold, and again after a failed try.
    package mutating func failed(at now: Double) {
        isProbing = false
        failures += 1
        if failures >= threshold || openedAt != nil { openedAt = now }
    }

    /// The other side is known to be in trouble: the next call tries alone, without a rest before it.
    package mutating func doubt() {
        openedAt = -.infinity
        isProbing = false
    }

    /// A call that neither proved nor disproved the other side's health.
    package mutating func abandoned() { isProbing = false }
}
