package import RPCContract
import Synchronization
package import Vocabulary

/// The last spans of the process, for looking at a trace without a collector.
package final class SpanRing: Sendable {
    package typealias Span = ServiceSpans.Span

    private struct State {
        var spans: [Span] = []
        var next = 0
    }

    private let capacity: Int
    private let chance: Chance
    private let state = Mutex(State())

    package init(capacity: Int = 1024, chance: Chance = .system) {
        self.chance = chance
        self.capacity = capacity
    }

    /// Keeps one finished call of a trace.
    package func record(_ name: String, traceparent: String?, start: Timestamp, duration: Duration, fault: FaultCode?) {
        let parent = traceparent.flatMap(TraceContext.init(traceparent:))
        let own = parent?.child(using: chance) ?? .root(using: chance)
        guard own.isSampled else { return }
        let span = Span(
            traceID: own.traceID,
            spanID: own.spanID,
            parentID: parent?.spanID,
            name: name,
            start: start,
            durationMs: duration.seconds * 1000,
            fault: fault?.reason
        )
        state.withLock { state in
            if state.spans.count < capacity {
                state.spans.append(span)
            } else {
                state.spans[state.next] = span
                state.next = (state.next + 1) % capacity
            }
        }
    }

    /// Oldest first.
    package func spans(trace: String?) -> [Span] {
        let all = state.withLock { Array($0.spans[$0.next...] + $0.spans[..<$0.next]) }
        return trace.map { id in all.filter { $0.traceID == id } } ?? all
    }
}
