import Vocabulary

/// When a delivery that failed is tried again: over 28 hours, and then no more.
///
/// Source: Standard Webhooks, "Deliverability and reliability": 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h, with jitter.
enum RetrySchedule {
    static let pauses: [Milliseconds] = [.seconds(5), .minutes(5), .minutes(30), .hours(2), .hours(5), .hours(10), .hours(10)]

    /// How far a pause is spread, so that what failed together does not come again together.
    private static let spread = 0.1

    /// No pause is longer, whatever a receiver asks for.
    static let longest = Milliseconds.hours(11)

    /// - Parameters:
    ///   - tries: tries that have failed, 1 or more.
    ///   - asked: how long the receiver has asked to be left alone.
    /// - Returns: nil where it is given up.
    static func pause(after tries: Int, asked: Milliseconds?, using chance: inout some RandomNumberGenerator) -> Milliseconds? {
        guard tries >= 1, tries <= pauses.count else { return nil }
        let pause = pauses[tries - 1] * Double.random(in: (1 - spread)...(1 + spread), using: &chance)
        return max(pause, asked ?? 0)
    }
}
