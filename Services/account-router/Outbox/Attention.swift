import Vocabulary

/// For how long somebody has looked without a gap: what Meta tells during one comes afterwards.
struct Attention {
    private var last: Timestamp
    private let interval: Milliseconds
    /// Starts anew with each gap.
    private(set) var span = Milliseconds.zero
    /// Gaps that are not recorded yet: nobody looked, or the clock was put forward.
    private(set) var absence: Range<Timestamp>?

    init(since start: Timestamp, every interval: Milliseconds) {
        last = start
        self.interval = interval
    }

    /// When to look next.
    var next: Timestamp { last + interval }

    /// Notes a look, if it is time for one; a clock that was set back counts as a gap.
    mutating func looks(at now: Timestamp) -> Bool {
        guard now < last || now >= next else { return false }
        let gap = now - last
        span = (.zero...interval * 3).contains(gap) ? span + gap : .zero
        if gap > interval * 3 { absence = min(absence?.lowerBound ?? last, last)..<max(absence?.upperBound ?? now, now) }
        last = now
        return true
    }

    mutating func hasRecordedAbsence() { absence = nil }
}
