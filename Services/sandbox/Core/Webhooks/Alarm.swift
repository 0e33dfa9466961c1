/// When the next timer rings: of those that are set, only the earliest counts.
struct Alarm {
    /// Milliseconds since 1970; nil if no timer is set.
    private var due: Double?

    /// Whether a timer is to be set for a moment; the one that is there may ring before it.
    mutating func set(for moment: Double) -> Bool {
        if let due, due <= moment { return false }
        due = moment
        return true
    }

    /// The timer of a moment has rung, which may come again: a clock can be set back.
    mutating func hasRung(for moment: Double) {
        if due == moment { due = nil }
    }
}
