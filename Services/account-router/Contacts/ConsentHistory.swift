import AccountContract
import Vocabulary

/// A person's statements in the order in which they count.
enum ConsentHistory {
    /// By their moments, save where a STOP counts although its moment is a little earlier, as `ConsentStore.record` has it: then it
    /// stands behind what it ends, so that the last line does not seem to undo it.
    ///
    /// - Parameter recorded: in the order in which they were recorded.
    static func inOrder(_ recorded: [Consent.Step]) -> [Consent.Step] {
        var standing: Consent.Step?
        var counted: [(at: Timestamp, step: Consent.Step)] = []
        for step in recorded {
            var at = step.at
            if let standing, step.state == .stopped, standing.state == .marketingStopped || step.at + ConsentStore.stopLead >= standing.at {
                at = max(at, standing.at)
            }
            counted.append((at, step))
            guard standing.map({ at >= $0.at }) ?? true else { continue }
            standing = step
            standing?.at = at
        }
        return counted.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element.step)
    }
}
