import Vocabulary

/// How a promise for a moment stands, and whether it is in danger.
struct DeadlineOutlook: Sendable, Equatable {
    /// Everybody to whom it was made.
    var all: Int
    /// The promised share, in percent.
    var target: Double
    /// Of them, who cannot be with Meta in time any more: late, failed, left out.
    var lost: Int
    /// Due, and not with Meta.
    var backlog: Int
    /// The first deadline of the backlog that has not passed.
    var dueBy: Timestamp
    /// Since when more were due at every look than may be late.
    var busySince: Timestamp?
    /// Not due yet: in a later zone, or later in the spread.
    var coming: Int
    /// The last one of all.
    var deadline: Timestamp
    /// Messages a second, as it has gone in the last seconds.
    var rate: Double
    /// Messages a second that the numbers may send.
    var capacity: Double

    /// For so long after a crowd became due, the measured rate still has the quiet before it in it.
    static let settling = Milliseconds.seconds(15)

    /// How many more may be late, by the verdict's own measure; below 0 the promise is broken.
    private var slack: Int {
        guard all > 0 else { return 0 }
        return (0...1).map { Int(Double(all) * (100 - target) / 100) + $0 }.last { Double(all - $0) * 100 / Double(all) >= target }
            .map { $0 - lost } ?? -lost
    }

    /// Whether more are due than may be late.
    var isBusy: Bool { backlog > max(0, slack) }

    private func pace(at now: Timestamp) -> Double {
        guard let busySince, now - busySince >= Self.settling else { return capacity }
        return rate
    }

    /// When the backlog will be with Meta, as it is going; nil while nothing moves.
    func expected(at now: Timestamp) -> Timestamp? { Self.expected(left: backlog, rate: pace(at: now), now: now) }

    static func expected(left: Int, rate: Double, now: Timestamp) -> Timestamp? {
        guard left > 0 else { return now }
        return rate > 0 ? now + .seconds(Double(left) / rate) : nil
    }

    func isAtRisk(at now: Timestamp) -> Bool {
        if slack < 0 { return true }
        // Not even if the numbers were busy to the end.
        if Double(backlog + coming - slack) > capacity * max(0, (deadline - now).seconds) { return true }
        guard isBusy else { return false }
        return Self.expected(left: backlog - slack, rate: pace(at: now), now: now) ?? .latest > dueBy
    }
}
