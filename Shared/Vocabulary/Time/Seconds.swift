/// A length of time in whole seconds, in which delivery windows are planned; negative where it lies before a moment.
package struct Seconds: Hashable, Sendable {
    package let count: Int

    package init(_ count: Int) { self.count = count }

    package var milliseconds: Milliseconds { .seconds(count) }

    package static func + (left: Seconds, right: Seconds) -> Seconds {
        Seconds(Int(Int64(left.count).saturatingAdd(Int64(right.count))))
    }

    package static prefix func - (span: Seconds) -> Seconds { 0 - span }

    package static func - (left: Seconds, right: Seconds) -> Seconds {
        Seconds(Int(Int64(left.count).saturatingSubtract(Int64(right.count))))
    }
}

extension Seconds: Comparable {
    package static func < (left: Seconds, right: Seconds) -> Bool { left.count < right.count }
}

extension Seconds: ExpressibleByIntegerLiteral {
    package init(integerLiteral count: Int) { self.init(count) }
}

extension Seconds: CustomStringConvertible {
    package var description: String { "\(count) s" }
}

extension Seconds: Codable {
    package init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(Int.self)) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(count)
    }
}
