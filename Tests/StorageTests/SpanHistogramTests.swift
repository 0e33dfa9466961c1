import Testing
import Vocabulary

@Suite struct SpanHistogramTests {
    /// Any percentile is within a sixteenth of the true one, for spans of milliseconds and of years.
    @Test(arguments: [1, 40, 1000, 90_000, 3_000_000_000]) func percentilesAreNear(scale: Int64) {
        var random = SeededGenerator(seed: UInt64(scale))
        var histogram = SpanHistogram()
        var spans: [Int64] = []
        for _ in 0..<5000 {
            let span = Int64.random(in: 0...scale, using: &random)
            spans.append(span)
            histogram.record(Milliseconds(span))
        }
        spans.sort()
        for share in [0.0, 0.1, 0.5, 0.9, 0.99, 1] {
            let real = spans[min(spans.count - 1, Int(Double(spans.count) * share))]
            let found = histogram.percentile(share)?.count ?? -1
            #expect(abs(found - real) <= real / 16 + 1, "\(share) of \(scale): \(found), \(real)")
        }
        #expect(SpanHistogram().percentile(0.5) == nil)
        histogram.record(Milliseconds(.max))
        #expect((histogram.percentile(1)?.count ?? 0) > 1 << 60)
        histogram.record(Milliseconds(-5))
    }
}
