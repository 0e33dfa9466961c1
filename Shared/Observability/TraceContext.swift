package import Vocabulary

/// W3C Trace Context: which trace a piece of work belongs to.
///
/// Source: https://www.w3.org/TR/trace-context/ §3.2.
package struct TraceContext: Sendable, Equatable {
    package var traceID: String
    package var spanID: String
    package var isSampled: Bool

    /// A trace that begins here.
    package static func root(using chance: Chance) -> TraceContext {
        var chance = chance
        let (high, low) = (UInt64.random(in: 1 ... .max, using: &chance), UInt64.random(in: 0 ... .max, using: &chance))
        return TraceContext(traceID: hex(high) + hex(low), spanID: span(chance), isSampled: true)
    }

    /// Nil where the header is not valid: the trace then begins anew.
    package init?(traceparent: String) {
        let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[0] != "ff", parts[1].count == 32, parts[2].count == 16, parts[3].count == 2,
            parts[0...3].allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) || ("a"..."f").contains($0) } }),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" }),
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        self.init(traceID: String(parts[1]), spanID: String(parts[2]), isSampled: flags & 1 == 1)
    }

    private init(traceID: String, spanID: String, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// The same trace, one step further.
    package func child(using chance: Chance) -> TraceContext {
        TraceContext(traceID: traceID, spanID: Self.span(chance), isSampled: isSampled)
    }

    package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    private static func span(_ chance: Chance) -> String {
        var chance = chance
        return hex(UInt64.random(in: 1 ... .max, using: &chance))
    }

    private static func hex(_ value: UInt64) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
