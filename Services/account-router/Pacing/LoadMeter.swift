/// The messages that one number sends: how many, and the most of them in any one second.
package struct LoadMeter: Sendable, Equatable {
    /// Messages, and the most of them in one second.
    package struct Load: Sendable, Equatable {
        package var messages = 0
        /// The most in one second.
        package var peak = 0

        package static func + (one: Load, other: Load) -> Load {
            Load(messages: one.messages + other.messages, peak: max(one.peak, other.peak))
        }
    }

    private var second: Int64 = 0
    private var inSecond = 0
    private var load = Load()

    /// - Parameter time: Unix milliseconds at which the message is posted.
    mutating func count(at time: Double) {
        let now = Int64(time / 1000)
        if now != second { (second, inSecond) = (now, 0) }
        inSecond += 1
        load = load + Load(messages: 1, peak: inSecond)
    }

    /// The load since it was last asked; nil where there was none.
    ///
    /// A second that goes on keeps its count.
    mutating func drain() -> Load? {
        guard load.messages > 0 else { return nil }
        defer { load = Load() }
        return load
    }
}
