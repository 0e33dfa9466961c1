package import Vocabulary

/// When Meta has answered requests of a number, as far as is needed to tell whether silence proves something.
package struct Reach: Sendable {
    /// Answers of late, oldest first, at most one of each second.
    private var answers: [Timestamp] = []

    /// Seconds of answers that are kept: nobody asks for what is older than the longest grace at one answer a minute.
    private static let kept = 1024

    package init() {}

    /// A request had an answer.
    package mutating func answered(at time: Timestamp) {
        // The clock was set back.
        while let last = answers.last, last > time { answers.removeLast() }
        if let last = answers.last, time - last < .seconds(1) { return }
        if answers.count == Self.kept { thin() }
        answers.append(time)
    }

    /// Every second answer goes: what is left reaches as far back as before.
    private mutating func thin() {
        answers = answers.indices.filter { $0 % 2 == 0 }.map { answers[$0] }
    }

    /// Whether an answer is known to have come after one moment and not after another.
    package func hasAnswer(after start: Timestamp, upTo end: Timestamp) -> Bool {
        answers.contains { $0 > start && $0 <= end }
    }
}
