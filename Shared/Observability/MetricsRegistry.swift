package import CoreMetrics
import Synchronization

/// Keeps every metric of the process and writes them as Prometheus text.
///
/// Series are bounded: labels come from closed sets (methods, lanes, reasons),
/// and beyond `limit` a new series is counted in `linda_metrics_dropped_total` only.
package final class MetricsRegistry: MetricsFactory, Sendable {
    private struct Key: Hashable {
        var name: String
        var labels: String
    }

    private enum Series {
        case counter(CounterSeries)
        case gauge(GaugeSeries)
        case histogram(HistogramSeries)

        var handler: AnyObject {
            switch self {
            case .counter(let series): series
            case .gauge(let series): series
            case .histogram(let series): series
            }
        }
    }

    private struct State {
        var series: [Key: Series] = [:]
        var dropped = 0
    }

    private let state = Mutex(State())
    private let limit: Int

    package init(limit: Int = 5000) {
        self.limit = limit
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        find(label, dimensions) {
            .counter(CounterSeries())
        } as: {
            if case .counter(let series) = $0 { series } else { nil }
        } ?? CounterSeries()
    }

    /// A histogram, or a gauge where nothing is aggregated.
    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate { return histogram(label, dimensions) }
        return find(label, dimensions) {
            .gauge(GaugeSeries())
        } as: {
            if case .gauge(let series) = $0 { series } else { nil }
        } ?? GaugeSeries()
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, dimensions) {
            .gauge(GaugeSeries())
        } as: {
            if case .gauge(let series) = $0 { series } else { nil }
        } ?? GaugeSeries()
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { histogram(label, dimensions) }

    // What is gone is not written any more: a number that was removed.
    package func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    package func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    package func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    package func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    private func remove(_ handler: AnyObject) {
        state.withLock { state in
            guard let key = state.series.first(where: { $0.value.handler === handler })?.key else { return }
            state.series[key] = nil
        }
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramSeries {
        find(label, dimensions) {
            .histogram(HistogramSeries())
        } as: {
            if case .histogram(let series) = $0 { series } else { nil }
        } ?? HistogramSeries()
    }

    private func find<T>(_ label: String, _ dimensions: [(String, String)], make: () -> Series, as cast: (Series) -> T?) -> T? {
        let labels = dimensions.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.sorted().joined(separator: ",")
        let key = Key(name: label, labels: labels)
        return state.withLock { state in
            if let known = state.series[key] { return cast(known) }
            guard state.series.count < limit else {
                state.dropped += 1
                return nil
            }
            let fresh = make()
            state.series[key] = fresh
            return cast(fresh)
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// Prometheus text exposition format 0.0.4.
    package func text() -> String {
        let (series, dropped) = state.withLock { ($0.series, $0.dropped) }
        var lines: [String] = []
        for (name, group) in Dictionary(grouping: series, by: \.key.name).sorted(by: { $0.key < $1.key }) {
            guard let first = group.first else { continue }
            switch first.value {
            case .counter: lines.append("# TYPE \(name) counter")
            case .gauge: lines.append("# TYPE \(name) gauge")
            case .histogram: lines.append("# TYPE \(name) histogram")
            }
            for (key, value) in group.sorted(by: { $0.key.labels < $1.key.labels }) {
                switch value {
                case .counter(let counter): lines.append("\(name)\(Self.braces(key.labels)) \(counter.value)")
                case .gauge(let gauge): lines.append("\(name)\(Self.braces(key.labels)) \(gauge.value)")
                case .histogram(let histogram): lines += histogram.lines(name: name, labels: key.labels)
                }
            }
        }
        lines.append("# TYPE linda_metrics_dropped_total counter")
        lines.append("linda_metrics_dropped_total \(dropped)")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func braces(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }
}

private final class CounterSeries: CounterHandler, Sendable {
    private let total = Atomic<Int64>(0)
    var value: Int64 { total.load(ordering: .relaxed) }
    func increment(by amount: Int64) { total.add(amount, ordering: .relaxed) }
    func reset() { total.store(0, ordering: .relaxed) }
}

private final class GaugeSeries: RecorderHandler, MeterHandler, Sendable {
    private let current = Mutex(0.0)
    var value: Double { current.withLock { $0 } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { current.withLock { $0 = value } }
    func increment(by step: Double) { current.withLock { $0 += step } }
    func decrement(by step: Double) { current.withLock { $0 -= step } }
}

/// Durations in seconds, in buckets from 100 µs to 10 s.
private final class HistogramSeries: TimerHandler, RecorderHandler, Sendable {
    private struct State {
        var counts = [Int64](repeating: 0, count: HistogramSeries.bounds.count + 1)
        var sum = 0.0
        var count: Int64 = 0
    }

    private static let bounds: [Double] = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]
    private let state = Mutex(State())

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) {
        let index = Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count
        state.withLock { state in
            state.counts[index] += 1
            state.sum += value
            state.count += 1
        }
    }

    func lines(name: String, labels: String) -> [String] {
        let state = state.withLock { $0 }
        let prefix = labels.isEmpty ? "" : labels + ","
        let braces = labels.isEmpty ? "" : "{\(labels)}"
        var total: Int64 = 0
        var lines: [String] = []
        for (bound, count) in zip(Self.bounds, state.counts) {
            total += count
            lines.append("\(name)_bucket{\(prefix)le=\"\(bound)\"} \(total)")
        }
        lines.append("\(name)_bucket{\(prefix)le=\"+Inf\"} \(state.count)")
        lines.append("\(name)_sum\(braces) \(state.sum)")
        lines.append("\(name)_count\(braces) \(state.count)")
        return lines
    }
}
