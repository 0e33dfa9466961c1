import Vocabulary

/// How everything stands, read once for all who ask at a time.
actor StatusSnapshot {
    private let clock: WallClock
    private var text = ""
    private var readAt: Timestamp?
    private var reading: Task<String, Never>?

    /// As old as the interval in which a page asks, at most.
    private static let age: Milliseconds = 1500

    init(clock: WallClock) { self.clock = clock }

    /// The present state as text; whoever asks while it is read waits for the same reading.
    func text(_ read: @escaping @Sendable () async -> String) async -> String {
        if let readAt, (0..<Self.age).contains(clock.now - readAt) { return text }
        if let reading { return await reading.value }
        let task = Task { await read() }
        reading = task
        text = await task.value
        (readAt, reading) = (clock.now, nil)
        return text
    }
}
