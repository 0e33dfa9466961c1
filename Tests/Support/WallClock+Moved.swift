package import Vocabulary

extension WallClock {
    /// A clock that a test moves; whoever sleeps by it looks at it every millisecond.
    ///
    /// - Parameter looked: called with each look.
    package static func moved(_ now: MutexBox<Timestamp>, looked: @escaping @Sendable () -> Void = {}) -> WallClock {
        WallClock(
            read: {
                looked()
                return now.value
            }, rate: { 1 }, slice: .milliseconds(1))
    }
}
