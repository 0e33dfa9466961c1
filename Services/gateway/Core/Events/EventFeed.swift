import Coordination
import Logging
import RPCContract
import ServiceLifecycle
import Synchronization
import Vocabulary

/// Follows the logs of all processes while somebody listens, once for all of them.
final class EventFeed: Service {
    /// A listener, for as long as somebody keeps it: also where the answer never comes to be written.
    final class Listener: Sendable {
        /// Set when something has come.
        let wakeup: Wakeup
        private let leave: @Sendable () -> Void

        fileprivate init(_ wakeup: Wakeup, leave: @escaping @Sendable () -> Void) {
            self.wakeup = wakeup
            self.leave = leave
        }

        deinit { leave() }
    }

    private struct State {
        var ring = EventRing()
        var wakeups: [Int: Wakeup] = [:]
        var nextID = 0
        /// How many listen with each key.
        var byKey: [String: Int] = [:]
        /// How many listen with any.
        var keyed = 0

        mutating func add(_ wakeup: Wakeup) -> Int {
            nextID += 1
            wakeups[nextID] = wakeup
            return nextID
        }
    }

    private let logs: EventLogs
    private let clock: WallClock
    private let logger: Logger
    private let state = Mutex(State())
    /// Somebody listens.
    private let wanted = Wakeup()
    /// Nobody does any more.
    private let vacant = Wakeup()

    /// How long the logs are followed for nobody: who was cut off comes back.
    private static let rest = Milliseconds.seconds(10)
    /// How long a log that has nothing new is waited for at once.
    private static let wait = Milliseconds.seconds(1)

    /// The number of listeners at once, of all keys and of one.
    private let most: Int
    private static let mostOfKey = 1000

    /// - Parameter most: who may listen at once: each has a connection, and Meta's webhooks need some, too.
    init(logs: EventLogs, most: Int, clock: WallClock, logger: Logger) {
        self.most = most
        self.logs = logs
        self.clock = clock
        self.logger = logger
    }

    /// - Throws: where as many listen as may.
    func listen(with key: String) throws(Fault) -> Listener {
        let wakeup = Wakeup()
        let id: Int? = state.withLock { state in
            let own = state.byKey[key, default: 0]
            guard state.keyed < most, own < Self.mostOfKey else { return nil }
            state.keyed += 1
            state.byKey[key] = own + 1
            return state.add(wakeup)
        }
        guard let id else {
            throw Fault(
                .overloaded, "As many streams are open as may be: \(most) in all, \(Self.mostOfKey) with one key.",
                retry: .after(.seconds(10)))
        }
        wanted.set()
        return Listener(wakeup) { [weak self] in self?.leave(id, key) }
    }

    /// For a process, which has no connection of those that are bounded, and whose own calls are: streams take no place of it.
    func listen() -> Listener {
        let wakeup = Wakeup()
        let id = state.withLock { $0.add(wakeup) }
        wanted.set()
        return Listener(wakeup) { [weak self] in self?.leave(id, nil) }
    }

    private func leave(_ id: Int, _ key: String?) {
        let isVacant = state.withLock { state in
            state.wakeups[id] = nil
            if let key {
                state.keyed -= 1
                let own = state.byKey[key, default: 1] - 1
                state.byKey[key] = own > 0 ? own : nil
            }
            return state.wakeups.isEmpty
        }
        if isVacant { vacant.set() }
    }

    private var isVacant: Bool { state.withLock { $0.wakeups.isEmpty } }

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
                // Set by somebody who has gone again.
                if !isVacant { await follow() }
            }
        }
    }

    /// Returns once nobody has listened for a while.
    private func follow() async {
        await withDiscardingTaskGroup { group in
            for source in LogPosition.sources.indices { group.addTask { await self.follow(source) } }
            while !Task.isCancelled {
                await vacant.wait()
                try? await clock.sleep(for: Self.rest)  // cancelled, it ends here
                if isVacant { break }
            }
            group.cancelAll()
        }
        // A listener who has come meanwhile finds that the last event they have seen is not the last any more.
        state.withLock { state in state.ring = EventRing(after: state.ring.last + 1) }
    }

    private func follow(_ source: Int) async {
        var after: Int64?
        while !Task.isCancelled {
            do {
                let reply = try await logs.reads[source](EventsRead.Params(after: after, limit: 500, wait: Self.wait), nil)
                tell { ring in
                    // Set back under the gateway, it is followed from its new end.
                    if after.map({ reply.next < $0 }) ?? true { ring.begin(source, at: reply.next) }
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
                try? await clock.sleep(for: .seconds(1))  // cancelled, it ends above
            }
        }
    }

    /// Changes the ring and wakes whoever listens where something has come.
    private func tell(_ change: (inout EventRing) -> Bool) {
        let wakeups = state.withLock { state in change(&state.ring) ? Array(state.wakeups.values) : [] }
        for wakeup in wakeups { wakeup.set() }
    }
}
