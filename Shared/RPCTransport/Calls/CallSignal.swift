import Synchronization

/// Ends one call early: its deadline passed, its caller cancelled or left, or the process stops.
final class CallSignal: Sendable {
    enum Reason: Sendable { case finished, deadline, cancelled, callerLeft, shuttingDown }

    private enum State {
        case running
        case waiting(CheckedContinuation<Reason, Never>)
        case ended(Reason)
    }

    /// Whether the call stays pending until somebody ends it.
    let isStream: Bool
    private let state = Mutex(State.running)

    init(isStream: Bool) {
        self.isStream = isStream
    }

    /// - Returns: whether this is the reason; the first wins.
    @discardableResult
    func end(_ reason: Reason) -> Bool {
        let (isFirst, waiter): (Bool, CheckedContinuation<Reason, Never>?) = state.withLock { state in
            switch state {
            case .running:
                state = .ended(reason)
                return (true, nil)
            case .waiting(let continuation):
                state = .ended(reason)
                return (true, continuation)
            case .ended:
                return (false, nil)
            }
        }
        waiter?.resume(returning: reason)
        return isFirst
    }

    func wait() async -> Reason {
        await withCheckedContinuation { continuation in
            let reason: Reason? = state.withLock { state in
                if case .ended(let reason) = state { return reason }
                state = .waiting(continuation)
                return nil
            }
            if let reason { continuation.resume(returning: reason) }
        }
    }
}
