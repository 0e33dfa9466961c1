import NIOCore
import Synchronization

/// One timer for all the calls of a connection, set to the earliest of their deadlines.
///
/// Nearly every call ends long before its deadline, so a timer of its own for
/// each would only be made to be cancelled.
final class DeadlineTimer: Sendable {
    private struct State {
        var at: NIODeadline?
        var scheduled: Scheduled<Void>?
    }

    private let eventLoop: any EventLoop
    /// Ends what is due and tells which deadline comes next.
    private let onDue: @Sendable (_ now: NIODeadline) -> NIODeadline?
    private let state = Mutex(State())

    init(_ eventLoop: any EventLoop, onDue: @escaping @Sendable (_ now: NIODeadline) -> NIODeadline?) {
        self.eventLoop = eventLoop
        self.onDue = onDue
    }

    /// Makes sure that the timer goes off at this deadline or before it; from any thread.
    func cover(_ deadline: NIODeadline) {
        state.withLock { state in
            if let at = state.at, at <= deadline { return }
            state.scheduled?.cancel()
            state.at = deadline
            state.scheduled = eventLoop.scheduleTask(deadline: deadline) { [weak self] in self?.fire() }
        }
    }

    /// Forgets the deadline that is set; the connection has ended.
    func stop() {
        state.withLock { state in
            state.scheduled?.cancel()
            state = State()
        }
    }

    private func fire() {
        state.withLock { $0 = State() }
        if let next = onDue(.now()) { cover(next) }
    }
}
