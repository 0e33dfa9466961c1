/// A generic cell rate algorithm: the exact pace of one resource, in two numbers.
///
/// `interval` is the time one unit takes; up to `burst` units may be taken at
/// once from a rested limiter. Time is given by the caller, in milliseconds as a Double.
package struct RateLimiter: Sendable, Equatable {
    private var interval: Double
    private var tolerance: Double
    /// Theoretical arrival time of the next unit.
    private var due: Double = 0

    package init(perSecond rate: Double, burst: Double) {
        interval = 1000 / rate
        tolerance = interval * max(0, burst - 1)
    }

    /// Milliseconds until one more unit conforms; 0 means now.
    package func wait(at now: Double) -> Double {
        max(0, due - tolerance - now)
    }

    /// Takes a unit if it conforms.
    package mutating func take(at now: Double) -> Bool {
        // Thirds of a second do not add up to one exactly.
        guard wait(at: now) <= interval / 1000 else { return false }
        due = max(due, now) + interval
        return true
    }

    /// Takes a unit in any case and tells after how many milliseconds it may be used.
    package mutating func reserve(at now: Double) -> Double {
        let delay = wait(at: now)
        due = max(due, now) + interval
        return delay
    }

    /// A unit that was taken was not used after all.
    package mutating func giveBack() { due -= interval }

    /// How many units conform until `time`, counted from now.
    package func units(from now: Double, until time: Double) -> Int {
        let first = max(due - tolerance, now)
        return first > time ? 0 : Int((time - first) / interval) + 1
    }

    /// How many units may be taken at once.
    package func left(at now: Double) -> Int {
        max(0, Int(((now + tolerance - max(due, now)) / interval + 1.001).rounded(.down)))
    }

    /// Another pace from now on; what is owed stays owed.
    package mutating func set(perSecond rate: Double, burst: Double) {
        interval = 1000 / rate
        tolerance = interval * max(0, burst - 1)
    }

    /// Nothing is owed any more, so the limiter need not be kept.
    package func isRested(at now: Double) -> Bool { due <= now }

    /// Holds everything back until `time`: the other side has said that it is too much.
    package mutating func hold(until time: Double) {
        due = max(due, time + tolerance)
    }
}
