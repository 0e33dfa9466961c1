import Synchronization
package import Vocabulary

/// Wakes one waiting loop; wake-ups that come while it works are remembered as one.
package final class Wakeup: Sendable {
    private struct State {
        var isSet = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    /// Wakes the loop that waits; where none does, the next wait returns at once.
    package func set() {
        let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.isSet = true }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Returns when set, or when the task is cancelled.
    package func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isSet = state.withLock { state in
                    if state.isSet || Task.isCancelled {
                        state.isSet = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isSet { continuation.resume() }
            }
        } onCancel: {
            set()
        }
    }

    /// Returns when set, after `pause` of the machine's time at the latest, or when the task is cancelled.
    package func wait(atMost pause: Duration?) async {
        guard let pause else { return await wait() }
        await wait { try await Task.sleep(for: pause) }
    }

    /// Returns when set, once `clock` has gone on by `pause` or was set back, or when the task is cancelled.
    package func wait(atMost pause: Milliseconds?, clock: WallClock) async {
        guard let pause else { return await wait() }
        await wait { try await clock.sleep(for: pause) }
    }

    private func wait(orEndOf sleep: @escaping @Sendable () async throws -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await sleep() }  // cancelled when it was woken first
            await group.next()
            group.cancelAll()
        }
    }
}
