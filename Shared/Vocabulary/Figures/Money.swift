import Foundation

/// An amount of one currency, in whole millionths of its unit: ₹ 0.8631 is 863,100.
///
/// Millionths and not minor units, as Meta's prices of one message are fractions of a paisa or a cent.
package struct Money: Hashable, Sendable {
    /// ISO 4217.
    package let currency: String
    package let micros: Int64

    package init(currency: String, micros: Int64) {
        self.currency = currency
        self.micros = micros
    }

    /// Reads an amount as people write it: digits, perhaps a point and up to six digits behind it.
    ///
    /// - Returns: nil where the text is anything else, or more than `greatest`.
    package init?(_ text: String, currency: String) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard let first = parts.first, let whole = Self.digits(first, 1...12), Self.digits(fraction, 1...6) != nil,
            let rest = Int64(fraction.padding(toLength: 6, withPad: "0", startingAt: 0))
        else { return nil }
        let micros = whole.saturatingMultiply(1_000_000).saturatingAdd(rest)
        self.init(currency: currency, micros: micros)
        guard isExact else { return nil }
    }

    /// Some nine billion units: the largest that every JSON reader keeps exact.
    package static let greatest: Int64 = 1 << 53 - 1

    /// Whether every JSON reader keeps it exact.
    package var isExact: Bool { micros <= Self.greatest }

    private static func digits(_ text: Substring, _ count: ClosedRange<Int>) -> Int64? {
        count.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }

    /// How many digits a currency has behind the point; two where nothing else is known.
    ///
    /// Source: ISO 4217, table A.1, minor units.
    package static func digits(of currency: String) -> Int { otherDigits[currency] ?? 2 }

    private static let otherDigits: [String: Int] = {
        let none = ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"]
        let three = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]
        let pairs = none.map { ($0, 0) } + three.map { ($0, 3) } + [("CLF", 4), ("UYW", 4)]
        return Dictionary(pairs) { first, _ in first }
    }()

    /// Whether it can be paid: a whole number of the currency's smallest unit.
    package var isPayable: Bool { micros % [1_000_000, 100_000, 10_000, 1000, 100][Self.digits(of: currency)] == 0 }

    /// With the currency's digits behind the point, as people read it: `20000.50 INR`.
    ///
    /// Less than one unit is shown exactly where those digits would round it: `0.8631 INR`, and `0.4 JPY` instead of nothing.
    package var description: String {
        if !isPayable, micros.magnitude < 1_000_000 { return "\(exactAmount) \(currency)" }
        return String(format: "%.\(Self.digits(of: currency))f %@", Double(micros) / 1e6, currency)
    }

    /// With all that is behind the point: `0.8631`.
    package var exactAmount: String {
        let (whole, rest) = micros.quotientAndRemainder(dividingBy: 1_000_000)
        guard rest != 0 else { return String(whole) }
        var digits = String(format: "%06lld", rest.magnitude)
        while digits.last == "0" { digits.removeLast() }
        return "\(whole == 0 && micros < 0 ? "-" : "")\(whole).\(digits)"
    }
}

extension Money: CustomStringConvertible, Codable {}
