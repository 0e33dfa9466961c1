/// A moment: milliseconds since 1970 in UTC.
///
/// On the wire and in tables it is a whole number. Arithmetic stops at the ends of its range instead of trapping,
/// as moments come from outside.
package struct Timestamp: Hashable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// - Parameter seconds: since 1970 in UTC, as Meta gives moments.
    package init(seconds: Int64) { self.init(milliseconds: seconds.saturatingMultiply(1000)) }

    /// Since 1970 in UTC, rounded down, as Meta gives moments.
    package var seconds: Int64 { floored(to: 1000).milliseconds / 1000 }

    /// 1970.
    package static let zero = Timestamp(milliseconds: 0)
    /// The end of the year 9999, the last that ISO 8601 writes in four digits.
    package static let latest = Timestamp(milliseconds: 253_402_300_799_999)

    package static func + (moment: Timestamp, span: Milliseconds) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds.saturatingAdd(span.count))
    }

    package static func - (moment: Timestamp, span: Milliseconds) -> Timestamp {
        Timestamp(milliseconds: moment.milliseconds.saturatingSubtract(span.count))
    }

    /// The time from the second moment to the first.
    package static func - (later: Timestamp, earlier: Timestamp) -> Milliseconds {
        Milliseconds(later.milliseconds.saturatingSubtract(earlier.milliseconds))
    }

    package static func += (moment: inout Timestamp, span: Milliseconds) { moment = moment + span }
    package static func -= (moment: inout Timestamp, span: Milliseconds) { moment = moment - span }
}

extension Timestamp {
    /// The beginning of the span of this length that holds the moment; spans are counted from 1970.
    package func floored(to span: Milliseconds) -> Timestamp {
        let rest = milliseconds % max(1, span.count)
        return Timestamp(milliseconds: milliseconds.saturatingSubtract(rest < 0 ? rest + span.count : rest))
    }
}

extension Timestamp: Comparable {
    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp: CustomStringConvertible {
    package var description: String { String(milliseconds) }
}

extension Timestamp: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}
