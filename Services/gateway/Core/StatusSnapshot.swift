/// How everything stands, read once for all who ask at a time.
actor StatusSnapshot {
    private var text = ""
    /// Machine time: a page asks at real intervals.
    private var readAt: ContinuousClock.Instant?
    private var reading: Task<String, Never>?

    /// As old as the interval in which a page asks, at most.
    private static let age = Duration.milliseconds(1500)

    /// The present state as text; whoever asks while it is read waits for the same reading.
    func text(_ read: @escaping @Sendable () async -> String) async -> String {
        if let readAt, .now - readAt < Self.age { return text }
        if let reading { return await reading.value }
        let task = Task { await read() }
        reading = task
        text = await task.value
        (readAt, reading) = (.now, nil)
        return text
    }
}
