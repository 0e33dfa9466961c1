import Testing

@testable import SandboxCore

@Suite struct LatencyHistogramTests {
    @Test func percentilesAreWithinFivePercent() {
        var histogram = LatencyHistogram()
        for n in 1...10_000 { histogram.record(milliseconds: Double(n) / 10) }
        #expect((500...526).contains(histogram.percentile(0.5)))
        #expect((990...1040).contains(histogram.percentile(0.99)))
    }

    @Test func nothingAndTheEndsOfTheRangeAreTaken() {
        var histogram = LatencyHistogram()
        #expect(histogram.percentile(0.5) == 0)
        histogram.record(milliseconds: -1)
        histogram.record(milliseconds: 1e12)
        #expect(histogram.percentile(0.5) > 0)
        #expect(histogram.percentile(1) > 1e6)
    }
}
