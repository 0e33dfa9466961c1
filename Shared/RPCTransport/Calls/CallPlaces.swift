import RPCContract
import Synchronization

/// How many calls of one client may be under way; those beyond wait for one to end.
final class CallPlaces: Sendable {
    private struct State {
        var taken = 0
        var next = 0
        var waiters: [(number: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let limit: Int
    private let state = Mutex(State())

    init(_ limit: Int) {
        self.limit = limit
    }

    /// Calls that wait for a place.
    var waitingCount: Int { state.withLock { $0.waiters.count } }

    /// Takes a place, waiting for one at most so long.
    func enter(within allowed: Duration) async throws {
        try Task.checkCancellation()
        if takeFree() { return }
        let isTaken = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { await self.wait() }
            group.addTask {
                try? await Task.sleep(for: allowed)  // cut short once there is a place
                return false
            }
            var isTaken = false
            for try await place in group {
                isTaken = isTaken || place
                group.cancelAll()
            }
            return isTaken
        }
        guard !isTaken else { return }
        try Task.checkCancellation()
        throw Fault(.deadline, "\(limit) calls were under way and none ended in time.", retry: .now)
    }

    func leave() {
        let next: CheckedContinuation<Bool, Never>? = state.withLock { state in
            guard !state.waiters.isEmpty else {
                state.taken -= 1
                return nil
            }
            return state.waiters.removeFirst().continuation
        }
        next?.resume(returning: true)
    }

    private func takeFree() -> Bool {
        state.withLock { state in
            guard state.taken < limit else { return false }
            state.taken += 1
            return true
        }
    }

    /// - Returns: whether a place was handed over; false once cancelled.
    private func wait() async -> Bool {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if state.taken < limit {
                        state.taken += 1
                        return true
                    }
                    state.waiters.append((number, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.number == number }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: false)
        }
    }
}
