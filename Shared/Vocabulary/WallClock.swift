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

    init(read: @escaping @Sendable () -> Timestamp, rate: @escaping @Sendable () -> Double, slice: Duration) {
        self.read = read
        self.rate = rate
        self.slice = slice
    }

    package var now: Timestamp { read() }

    /// How long to wait, in real time, before the clock is looked at again for something that is due at `time`.
    ///
    /// At least a millisecond. Under a virtual clock it may be less than what is left, as time can jump.
    package func pause(until time: Timestamp) -> Duration {
        let left = Duration.milliseconds(max(1, Double((time - now).count) / max(rate(), 1e-6)))
        return slice.map { min($0, left) } ?? left
    }

    /// Returns once the clock shows `time`, or would if nobody had set it back meanwhile.
    package func sleep(until time: Timestamp) async throws {
        guard slice != nil else {
            if now < time { try await Task.sleep(for: pause(until: time)) }
            return
        }
        while now < time { try await Task.sleep(for: pause(until: time)) }
    }

    package static let system = WallClock { Date().timestamp }
}
