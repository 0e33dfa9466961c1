package import RPCContract

/// How many people a portfolio may write to first in 24 hours, as Meta tells it.
package enum MessagingLimit {
    /// `2000`, `"TIER_10K"`, `"TIER_UNLIMITED"` or -1; nil where there is no limit.
    package static func read(_ told: JSONValue) -> Int? {
        if let number = told.integer { return number > 0 ? Int(exactly: number) : nil }
        let text = (told.string ?? "").uppercased().replacing("TIER_", with: "")
        let digits = text.prefix(while: \.isNumber)
        guard let number = Int(digits) else { return nil }
        return text.hasSuffix("K") ? number.multipliedReportingOverflow(by: 1000).overflow ? nil : number * 1000 : number
    }
}
