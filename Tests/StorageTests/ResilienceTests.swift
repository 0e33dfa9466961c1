import CoreMetrics
import Observability
import Resilience
import Support
import Testing
import Vocabulary

@Suite struct ResilienceTests {
    @Test func backoffGrowsToItsLimit() {
        let pauses = (1...8).map { Backoff.delivery.pause(after: $0) }
        #expect(pauses[0...4] == [.seconds(1), .seconds(5), .seconds(15), .seconds(30), .seconds(60)])
        #expect(Backoff.delivery.pause(after: 1000) == .seconds(3600))
        #expect(Backoff.sending.pause(after: 0) == .zero)
    }

    /// Whatever the arrivals, no window of time sees more than rate × window + burst.
    @Test(arguments: [UInt64(1), 2, 3, 20_261_121]) func limiterNeverLetsMoreThrough(seed: UInt64) {
        var state = seed
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(1 << 53)
        }
        let rate = 5 + random() * 100
        let burst = 1 + (random() * 45).rounded()
        var limiter = RateLimiter(perSecond: rate, burst: burst)
        var now = 0.0
        var taken: [Double] = []
        for _ in 0..<800 {
            now += random() * 20
            if limiter.take(at: now) { taken.append(now) } else { #expect(limiter.wait(at: now) > 0) }
        }
        for (index, start) in taken.enumerated() {
            for window in [50.0, 500, 5000] {
                let count = taken[index...].prefix { $0 < start + window }.count
                #expect(Double(count) <= rate * window / 1000 + burst + 1e-6, "seed \(seed)")
            }
        }
    }

    /// What is said to be left can be taken at once, and no more.
    @Test(arguments: [1.0, 3, 7, 5000]) func limiterSaysWhatIsLeft(rate: Double) {
        var limiter = RateLimiter(perSecond: rate, burst: rate)
        let now = 86_400_000.0
        for left in stride(from: Int(rate), to: 0, by: -1) {
            #expect(limiter.left(at: now) == left)
            let isTaken = limiter.take(at: now)
            #expect(isTaken)
        }
        let isMore = limiter.take(at: now)
        #expect(limiter.left(at: now) == 0 && !isMore)
        #expect(limiter.left(at: now + 1001) == Int(rate))
    }

    @Test func breakerOpensProbesAndCloses() {
        var breaker = CircuitBreaker(threshold: 3, rest: .seconds(10))
        func allows(_ time: Double) -> Bool { breaker.allows(at: time) }
        for time in 0..<3 {
            #expect(allows(Double(time)))
            breaker.failed(at: Double(time))
        }
        #expect(breaker.state(at: 5) == .open)
        #expect(!allows(5))
        #expect(breaker.state(at: 10_100) == .halfOpen)
        #expect(allows(10_100))
        breaker.begins(at: 10_100)
        #expect(!allows(10_101), "one probe at a time")
        breaker.failed(at: 10_200)
        #expect(breaker.state(at: 10_300) == .open)
        #expect(allows(21_000))
        breaker.succeeded()
        #expect(breaker.state(at: 21_001) == .closed)
    }

    @Test func numbersPrintRedacted() {
        #expect("\(ContactID("919876543210"))" == "91…10")
        #expect(ContactID("US.13491208655302741918").isBSUID)
        #expect(!ContactID("919876543210").isBSUID)
    }

    @Test func ulidsSortByAge() {
        let ids = [1, 1000, 1_700_000_000_000, 1_800_000_000_000].map { ULID.make(at: $0, using: .system) }
        #expect(ids == ids.sorted())
        #expect(ids.allSatisfy { $0.count == 26 })
        #expect(Set((0..<1000).map { _ in ULID.make(at: 5, using: .system) }).count == 1000)
    }

    @Test func traceparentIsReadStrictly() {
        let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        #expect(TraceContext(traceparent: valid)?.traceparent == valid)
        for wrong in [
            "", "00-0-0-01", valid.uppercased(), "ff" + valid.dropFirst(2),
            valid.replacing("4bf92f3577b34da6a3ce929d0e0e4736", with: String(repeating: "0", count: 32)),
        ] {
            #expect(TraceContext(traceparent: wrong) == nil, "\(wrong)")
        }
        let child = TraceContext(traceparent: valid)?.child(using: .system)
        #expect(child?.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(child?.spanID != "00f067aa0ba902b7")
    }

    @Test func metricsReadAsPrometheusText() {
        let registry = MetricsRegistry(limit: 4)
        registry.makeCounter(label: "a_total", dimensions: [("k", "x\"y")]).increment(by: 3)
        let timer = registry.makeTimer(label: "d_seconds", dimensions: [])
        timer.recordNanoseconds(2_000_000)
        for n in 0..<5 { registry.makeCounter(label: "b_total", dimensions: [("n", "\(n)")]).increment(by: 1) }
        let text = registry.text()
        #expect(text.contains("# TYPE a_total counter\na_total{k=\"x\\\"y\"} 3\n"))
        #expect(text.contains("d_seconds_bucket{le=\"0.001\"} 0\n"))
        #expect(text.contains("d_seconds_bucket{le=\"0.0025\"} 1\n"))
        #expect(text.contains("d_seconds_count 1\n"))
        #expect(text.contains("linda_metrics_dropped_total 3\n"))
    }

    /// A number that was removed is told of no more; that it comes back is told anew.
    @Test func whatIsDestroyedIsNotWritten() {
        let registry = MetricsRegistry()
        func gauge(_ number: String) -> any RecorderHandler {
            registry.makeRecorder(label: "waiting", dimensions: [("number", number)], aggregate: false)
        }
        let (first, second) = (gauge("1"), gauge("2"))
        first.record(Int64(3))
        second.record(Int64(4))
        registry.destroyRecorder(first)
        #expect(!registry.text().contains("number=\"1\"") && registry.text().contains("waiting{number=\"2\"} 4.0\n"))
        gauge("1").record(Int64(5))
        #expect(registry.text().contains("waiting{number=\"1\"} 5.0\n"))
    }
}
