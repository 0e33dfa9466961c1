import Vocabulary

/// What the promise of a window is held against: whom it was made to, and who was with Meta in time.
///
/// It is made to the people whom the pre-flight report tells. Who was left out before that was promised nothing, and who opts out
/// afterwards has it as they wish: neither counts. All others do, whatever became of them.
struct CampaignPromise: Sendable {
    /// Everybody to whom it is made.
    let people: Int
    /// With Meta by the deadline.
    let inside: Int
    /// Somebody still has to be written to.
    let left: Int
    let target: Double
    private let optedOut: Int
    /// Why the others were not reached, the commonest first.
    private let causes: [(count: Int, words: String)]

    /// - Parameter leftOut: recipients that were left out when it was planned.
    init(_ counts: CampaignCounts, leftOut: Int, target: Double?) {
        let skipped = max(0, counts.skipped - leftOut - counts.skippedOptOuts)
        people = max(0, counts.places.values.reduce(0, +) - leftOut - counts.optedOut)
        (inside, left, optedOut) = (counts.inside, counts.left, counts.optedOut)
        self.target = target ?? CampaignRow.usualTarget
        causes = [
            (counts.failures, "failed"), (skipped, "left out"), (counts.outside, "after the deadline"), (counts.cancelled, "cancelled"),
        ]
        .filter { $0.0 > 0 }.sorted { $0.0 > $1.0 }
    }

    /// Who cannot be with Meta in time any more.
    var lost: Int { max(0, people - inside - left) }

    /// Of everybody to whom it is made, how many were with Meta in time, in percent.
    private var exactShare: Double { people == 0 ? 0 : Double(inside) * 100 / Double(people) }

    /// The same with two digits, not rounded up to a target that was missed.
    var share: Double { people == 0 ? 0 : Double(inside * 10_000 / people) / 100 }

    var isKept: Bool { people > 0 && exactShare >= target }

    /// Whether everybody to whom it was made has opted out: there is nothing to keep or to miss.
    var isVoid: Bool { people == 0 && optedOut > 0 }

    /// How many were not reached and why, such as `3 not reached in time: 2 failed, 1 left out`; nil where nobody is missing.
    ///
    /// - Parameter isOver: whether those who are left are too late.
    func shortfall(isOver: Bool) -> String? {
        let waiting = isOver && left > 0 ? [(count: left, words: "not sent yet")] : []
        let count = lost + (isOver ? left : 0)
        guard count > 0 else { return nil }
        let told = (causes + waiting).map { "\($0.count) \($0.words)" }.joined(separator: ", ")
        return "\(count) not reached in time: \(told)"
    }
}
