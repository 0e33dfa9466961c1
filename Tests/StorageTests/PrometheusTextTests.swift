import Observability
import Testing

@Suite struct PrometheusTextTests {
    @Test func samplesOfOneMetricStandTogetherAndSayWhoseTheyAre() {
        let one =
            "# TYPE calls_total counter\ncalls_total{method=\"a\"} 3\n# TYPE wait_seconds histogram\nwait_seconds_bucket{le=\"1\"} 2\nwait_seconds_sum 5\n"
        let two = "# TYPE calls_total counter\ncalls_total 4\nup 1\n"
        #expect(
            PrometheusText.merged([("x", one), ("y", two)]) == """
                # TYPE calls_total counter
                calls_total{process="x",method="a"} 3
                calls_total{process="y"} 4
                # TYPE wait_seconds histogram
                wait_seconds_bucket{process="x",le="1"} 2
                wait_seconds_sum{process="x"} 5
                up{process="y"} 1

                """)
        #expect(PrometheusText.merged([]) == "")
    }
}
