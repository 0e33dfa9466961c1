import Foundation

/// The injected source of time.
package struct WallClock: Sendable {
    private let read: @Sendable () -> Timestamp
    private let rate: @Sendable () -> Double
    /// The longest that one real sleep may take; nil where time passes as it does.
    private let slice: Duration?

    package init(_ read: @escaping @Sendable () -> Timestamp) {
        self.read = read
        rate = { 1 }
        slice = nil
    }

    /// - Parameters:
    ///   - rate: how many milliseconds of the clock pass in a real one.
    ///   - slice: how long may be slept before the clock is looked at again, as it can jump.
    package init(read: @escaping @Sendable () -> Timestamp, rate: @escaping @Sendable () -> Double, slice: Duration) {
        self.read = read
        self.rate = rate
        self.slice = slice
    }

    package var now: Timestamp { read() }

    /// How long to wait, in real time, before the clock is looked at again for something that is due at `time`.
    ///
    /// At least a millisecond and at most a year. Under a virtual clock it may be less than what is left, as time can jump.
    package func pause(until time: Timestamp) -> Duration {
        let left = max(1, min(Self.longest, Double((time - now).count) / max(1e-6, rate())))
        return slice.map { min($0, .milliseconds(left)) } ?? .milliseconds(left)
    }

    /// A year in milliseconds: what is due at the end of all calendars does not overflow anybody's arithmetic.
    private static let longest = 31_557_600_000.0

    /// Returns once the clock shows `time`, or would if nobody had set it back meanwhile; after a year in any case.
    package func sleep(until time: Timestamp) async throws {
        guard slice != nil else {
            if now < time { try await Task.sleep(for: pause(until: time)) }
            return
        }
        while now < time { try await Task.sleep(for: pause(until: time)) }
    }

    /// Returns once the clock has gone on by so much, or was set back to before the sleep.
    package func sleep(for pause: Milliseconds) async throws {
        let start = now
        let end = start + max(1, pause)
        while case let time = now, time >= start, time < end { try await Task.sleep(for: self.pause(until: end)) }
    }

    package static let system = WallClock { Date().timestamp }
}
