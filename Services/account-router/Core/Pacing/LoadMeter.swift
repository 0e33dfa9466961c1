/// What one number sends: how much, and the most of it in any one second.
struct LoadMeter: Sendable, Equatable {
    private var second: Int64 = 0
    private var inSecond = 0
    private var messages = 0
    private var peak = 0

    /// - Parameter time: Unix milliseconds at which the message is posted.
    mutating func count(at time: Double) {
        let now = Int64(time / 1000)
        if now != second { (second, inSecond) = (now, 0) }
        inSecond += 1
        messages += 1
        peak = max(peak, inSecond)
    }

    /// What has come since it was last asked; nil where nothing has.
    ///
    /// A second that goes on keeps its count.
    mutating func drain() -> (messages: Int, peak: Int)? {
        guard messages > 0 else { return nil }
        defer { (messages, peak) = (0, 0) }
        return (messages, peak)
    }
}
