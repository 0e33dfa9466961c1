package import RPCContract
import Vocabulary

/// How many people a portfolio may write to first in 24 hours, as Meta tells it.
package enum MessagingLimit: Equatable, Sendable {
    case people(Int)
    case unlimited

    /// `2000`, `"TIER_10K"`, `"TIER_UNLIMITED"` or -1; nil where it cannot be read, which says nothing of the limit.
    package init?(_ told: JSONValue) {
        if let number = told.integer {
            guard number > 0 else {
                guard number == -1 else { return nil }
                self = .unlimited
                return
            }
            self = .people(Int(min(number, Int64(Int32.max))))
            return
        }
        guard let text = told.string?.uppercased().replacing("TIER_", with: "") else { return nil }
        if text == "UNLIMITED" {
            self = .unlimited
            return
        }
        let factors: [String: Int64] = ["": 1, "K": 1000, "M": 1_000_000]
        let digits = text.prefix(while: \.isNumber)
        guard let number = Int64(digits), number > 0, let factor = factors[String(text.dropFirst(digits.count))] else { return nil }
        self = .people(Int(min(number.saturatingMultiply(factor), Int64(Int32.max))))
    }

    /// nil where there is no limit.
    package var people: Int? {
        switch self {
        case .people(let count): count
        case .unlimited: nil
        }
    }
}
