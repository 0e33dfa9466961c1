package import GRDB
import RPCContract
import Synchronization

/// Reads of one database, in which slow lists that callers ask for leave readers to the process's own work.
///
/// A call that only reads shares half of the readers with its like; those that write, loops and the test of life take
/// any. Callers wait in the order in which they came.
package final class Reads: Sendable {
    private struct State {
        var free: Int
        var waiting: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
        var nextID = 0
    }

    package let pool: DatabasePool
    private let state: Mutex<State>

    package init(_ pool: DatabasePool, forReadingCalls: Int = ServiceDatabase.readers / 2) {
        self.pool = pool
        state = Mutex(State(free: forReadingCalls))
    }

    /// Reads one state of the database.
    ///
    /// - Errors: those of the body; `CancellationError` where the caller left before its turn.
    package func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        guard CallContext.current?.isReading == true else { return try await pool.read(body) }
        try await enter()
        defer { leave() }
        return try await pool.read(body)
    }

    private func enter() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isAdmitted: Bool? = state.withLock { state in
                    guard !Task.isCancelled else { return nil }
                    guard state.free == 0 else {
                        state.free -= 1
                        return true
                    }
                    state.waiting.append((id, continuation))
                    return false
                }
                switch isAdmitted {
                case nil: continuation.resume(throwing: CancellationError())
                case true?: continuation.resume()
                case false?: return
                }
            }
        } onCancel: {
            let left = state.withLock { state in
                state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).continuation }
            }
            left?.resume(throwing: CancellationError())
        }
    }

    private func leave() {
        let next: CheckedContinuation<Void, any Error>? = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume()
    }
}
