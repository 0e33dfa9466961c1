import Coordination
import Logging
import RPCContract
import ServiceLifecycle
import Synchronization
import Vocabulary

/// Follows the logs of all processes while somebody listens, once for all of them.
final class EventFeed: Service {
    /// Who listens.
    final class Listener: Sendable {
        fileprivate let id: Int
        /// Set when something has come.
        let signal = Signal()

        fileprivate init(_ id: Int) { self.id = id }
    }

    private struct State {
        var ring = EventRing()
        var listeners: [Int: Listener] = [:]
        var nextID = 0
    }

    private let logs: EventLogs
    private let logger: Logger
    private let state = Mutex(State())
    /// Somebody listens.
    private let wanted = Signal()
    /// Nobody does any more.
    private let vacant = Signal()

    /// How long the logs are followed for nobody: who was cut off comes back.
    private static let rest = Duration.seconds(10)
    /// How long a log that has nothing new is waited for at once.
    private static let wait = Milliseconds.seconds(1)

    init(logs: EventLogs, logger: Logger) {
        self.logs = logs
        self.logger = logger
    }

    func listen() -> Listener {
        let listener = state.withLock { state in
            state.nextID += 1
            let listener = Listener(state.nextID)
            state.listeners[listener.id] = listener
            return listener
        }
        wanted.set()
        return listener
    }

    func leave(_ listener: Listener) {
        let isVacant = state.withLock { state in
            state.listeners[listener.id] = nil
            return state.listeners.isEmpty
        }
        if isVacant { vacant.set() }
    }

    /// How far the logs have been read here, and the number of the last event; nil until every log is followed.
    var end: (position: LogPosition, number: Int)? {
        state.withLock { state in state.ring.end.map { ($0, state.ring.last) } }
    }

    /// - Returns: nil where some of it has been let go.
    func entries(after number: Int) -> EventRing.Slice? { state.withLock { $0.ring.entries(after: number, limit: 256) } }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                await wanted.wait()
                await follow()
            }
        }
    }

    /// Returns once nobody has listened for a while.
    private func follow() async {
        await withDiscardingTaskGroup { group in
            for source in LogPosition.sources.indices { group.addTask { await self.follow(source) } }
            while !Task.isCancelled {
                await vacant.wait()
                await wanted.wait(atMost: Self.rest)
                if state.withLock({ $0.listeners.isEmpty }) { break }
            }
            group.cancelAll()
        }
        state.withLock { $0.ring = EventRing() }
    }

    private func follow(_ source: Int) async {
        var after: Int64?
        while !Task.isCancelled {
            do {
                let reply = try await logs.reads[source](EventsRead.Params(after: after, limit: 500, wait: Self.wait), nil)
                tell { ring in
                    if after == nil { ring.begin(source, at: reply.next) }
                    if reply.isCut == true { ring.breakOff() }
                    ring.append(reply.items, of: source, upTo: reply.next)
                    return after == nil || reply.isCut == true || !reply.items.isEmpty
                }
                after = reply.next
            } catch {
                guard !Task.isCancelled else { return }
                logger.notice(
                    "a log cannot be followed, trying again",
                    metadata: ["process": "\(LogPosition.sources[source].rawValue)", "error": "\(error)"])
                try? await Task.sleep(for: .seconds(1))  // cancelled, it ends above
            }
        }
    }

    /// Changes the ring and wakes whoever listens where something has come.
    private func tell(_ change: (inout EventRing) -> Bool) {
        let listeners = state.withLock { state in change(&state.ring) ? Array(state.listeners.values) : [] }
        for listener in listeners { listener.signal.set() }
    }
}
