package import Vocabulary

/// When Meta has answered requests of a number, as far as is needed to tell whether silence proves something.
package struct Reach: Sendable {
    /// The first and the last answer since a request had none.
    private var current: (first: Timestamp, last: Timestamp)?
    /// The last answer before that.
    private var before: Timestamp?

    package init() {}

    /// A request had an answer.
    package mutating func answered(at time: Timestamp) { current = (current?.first ?? time, time) }

    /// A request had no answer.
    package mutating func lost() {
        before = current?.last ?? before
        current = nil
    }

    /// Whether an answer is known to have come after one moment and not after another.
    package func hasAnswer(after start: Timestamp, upTo end: Timestamp) -> Bool {
        [before, current?.first, current?.last].contains { time in time.map { $0 > start && $0 <= end } ?? false }
    }
}
