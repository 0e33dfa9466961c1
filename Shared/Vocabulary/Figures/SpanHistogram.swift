/// Spans of time in classes whose width grows with them: any percentile within one part in sixteen, in bounded memory.
package struct SpanHistogram: Sendable {
    /// Up to here every millisecond has its own class; from there on each doubling has sixteen.
    private static let exact = 32
    private var counts: [Int: Int] = [:]
    private var total = 0

    package init() {}

    /// Counts one span.
    package mutating func record(_ span: Milliseconds) {
        record(1, in: Self.index(of: span))
    }

    /// Spans that were put into a class before.
    package mutating func record(_ count: Int, in index: Int) {
        counts[index, default: 0] += count
        total += count
    }

    /// The span that this share does not pass; nil where nothing was recorded.
    package func percentile(_ share: Double) -> Milliseconds? {
        guard total > 0 else { return nil }
        var left = min(total - 1, Int(Double(total) * share))
        for (index, count) in counts.sorted(by: { $0.key < $1.key }) {
            if left < count { return Milliseconds(Self.value(index)) }
            left -= count
        }
        return nil
    }

    /// The class of a span.
    package static func index(of span: Milliseconds) -> Int {
        let value = max(0, span.count)
        guard value >= exact else { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - 4
        return exact + (shift - 1) * 16 + Int(value >> Int64(shift)) - 16
    }

    /// The middle of a class.
    private static func value(_ index: Int) -> Int64 {
        guard index >= exact else { return Int64(index) }
        let (shift, part) = ((index - exact) / 16 + 1, Int64((index - exact) % 16 + 16))
        return (part << Int64(shift)) + (Int64(1) << Int64(shift)) / 2
    }
}
