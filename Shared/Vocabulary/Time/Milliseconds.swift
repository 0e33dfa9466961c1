/// A length of time in whole milliseconds; negative where it lies in the past.
///
/// Arithmetic stops at the ends of its range instead of trapping, as lengths come from outside.
package struct Milliseconds: Hashable, Sendable {
    package let count: Int64

    package init(_ count: Int64) { self.count = count }

    /// - Parameter count: rounded towards zero; at the ends of the range where it is beyond them, 0 for NaN.
    package init(_ count: Double) {
        switch count {
        case _ where count.isNaN: self.count = 0
        case 0x1p63...: self.count = .max
        case ...(-0x1p63): self.count = .min
        default: self.count = Int64(count)
        }
    }

    package init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        count = seconds.saturatingMultiply(1000).saturatingAdd(attoseconds / 1_000_000_000_000_000)
    }

    package static let zero = Milliseconds(0)
    /// Whole seconds; the largest span where they do not fit.
    package static func seconds(_ count: Int) -> Milliseconds { Milliseconds(Int64(count).saturatingMultiply(1000)) }
    /// Seconds with a fraction, to the millisecond.
    package static func seconds(_ count: Double) -> Milliseconds { Milliseconds(count * 1000) }
    /// Whole minutes.
    package static func minutes(_ count: Int) -> Milliseconds { .seconds(count) * 60 }
    /// Whole hours.
    package static func hours(_ count: Int) -> Milliseconds { .minutes(count) * 60 }
    /// Days of 24 hours.
    package static func days(_ count: Int) -> Milliseconds { .hours(count) * 24 }

    package var duration: Duration { .milliseconds(count) }
    package var seconds: Double { Double(count) / 1000 }

    package static func + (left: Milliseconds, right: Milliseconds) -> Milliseconds {
        Milliseconds(left.count.saturatingAdd(right.count))
    }

    package static func - (left: Milliseconds, right: Milliseconds) -> Milliseconds {
        Milliseconds(left.count.saturatingSubtract(right.count))
    }

    package static func * (span: Milliseconds, factor: Int) -> Milliseconds {
        Milliseconds(span.count.saturatingMultiply(Int64(factor)))
    }
    package static func * (span: Milliseconds, factor: Double) -> Milliseconds { Milliseconds(Double(span.count) * factor) }

    /// - Parameter divisor: not 0.
    package static func / (span: Milliseconds, divisor: Int) -> Milliseconds {
        Milliseconds(span.count.dividedReportingOverflow(by: Int64(divisor)).partialValue)
    }

    package static prefix func - (span: Milliseconds) -> Milliseconds { .zero - span }
    package static func += (left: inout Milliseconds, right: Milliseconds) { left = left + right }
    package static func -= (left: inout Milliseconds, right: Milliseconds) { left = left - right }
}

extension Milliseconds: Comparable {
    package static func < (left: Milliseconds, right: Milliseconds) -> Bool { left.count < right.count }
}

extension Milliseconds: ExpressibleByIntegerLiteral {
    package init(integerLiteral count: Int64) { self.init(count) }
}

extension Milliseconds: CustomStringConvertible {
    package var description: String { "\(count) ms" }
}

extension Milliseconds: Codable {
    package init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(Int64.self)) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(count)
    }
}

extension Int64 {
    /// The sum, or the end of the range that it would pass.
    package func saturatingAdd(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, or the end of the range that it would pass.
    package func saturatingSubtract(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }

    /// The product, or the end of the range that it would pass.
    package func saturatingMultiply(_ other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }
}
