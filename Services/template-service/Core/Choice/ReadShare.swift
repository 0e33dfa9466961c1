import Foundation
import TemplateContract

/// How sure one can be of the share of messages that were read.
///
/// Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
enum ReadShare {
    /// Of the normal distribution: 19 of 20 cases.
    private static let z = 1.959964

    static func judged(_ result: Experiment.Result) -> Experiment.Result {
        guard result.delivered > 0 else { return result }
        var judged = result
        let n = Double(result.delivered)
        let p = min(1, Double(result.read) / n)
        let square = z * z
        let middle = (p + square / (2 * n)) / (1 + square / n)
        let half = z / (1 + square / n) * (p * (1 - p) / n + square / (4 * n * n)).squareRoot()
        judged.readShare = rounded(p)
        judged.readFrom = rounded(max(0, middle - half))
        judged.readTo = rounded(min(1, middle + half))
        return judged
    }

    /// The one whose lowest likely share is above the highest of every other; the others must have been sent, too.
    static func leader(_ results: [Experiment.Result]) -> String? {
        guard results.allSatisfy({ $0.readTo != nil }) else { return nil }
        return results.first { one in
            results.allSatisfy { $0.template == one.template || ($0.readTo ?? 100) < one.readFrom ?? 0 }
        }?
        .template
    }

    private static func rounded(_ share: Double) -> Double { (share * 1000).rounded() / 10 }
}
