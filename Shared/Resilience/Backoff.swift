/// How long to wait before attempt n + 1.
package struct Backoff: Sendable, Equatable {
    private let fixed: [Duration]
    private let limit: Duration

    /// - Parameters:
    ///   - fixed: the first pauses in order; after them the last one doubles.
    ///   - limit: no pause is longer.
    package init(_ fixed: [Duration], limit: Duration) {
        self.fixed = fixed
        self.limit = limit
    }

    /// 1 s, 5 s, 15 s, then doubling up to an hour.
    package static let delivery = Backoff([.seconds(1), .seconds(5), .seconds(15)], limit: .seconds(3600))
    /// 1 s, 2 s, 4 s, … up to a minute.
    package static let sending = Backoff([.seconds(1)], limit: .seconds(60))

    /// - Parameter attempts: attempts that have failed, 1 or more.
    package func pause(after attempts: Int) -> Duration {
        guard attempts > 0, let last = fixed.last else { return .zero }
        if attempts <= fixed.count { return min(fixed[attempts - 1], limit) }
        let doublings = min(attempts - fixed.count, 30)
        return min(last * (1 << doublings), limit)
    }
}
