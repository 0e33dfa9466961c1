import Synchronization

/// Submissions of one template go one after the other, in the order in which they came; those of others do not wait.
final class SubmissionTurns: Sendable {
    private struct State {
        /// Who waits, by the template that is being submitted.
        var lines: [String: [(number: Int, continuation: CheckedContinuation<Bool, Never>)]] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// Submissions that wait for an earlier one.
    var waitingCount: Int { state.withLock { $0.lines.values.reduce(0) { $0 + $1.count } } }

    /// Does the work once nobody else is at it for the template; whoever is cancelled waits no more.
    func take<T: Sendable>(_ template: String, _ work: () async throws -> T) async throws -> T {
        guard await wait(template) else { throw CancellationError() }
        defer { leave(template) }
        return try await work()
    }

    /// - Returns: whether it is the caller's turn; false once cancelled.
    private func wait(_ template: String) async -> Bool {
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    guard state.lines[template] != nil else {
                        state.lines[template] = []
                        return true
                    }
                    state.lines[template]?.append((number, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.lines[template]?.firstIndex { $0.number == number }.flatMap { state.lines[template]?.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: false)
        }
    }

    private func leave(_ template: String) {
        let next: CheckedContinuation<Bool, Never>? = state.withLock { state in
            guard state.lines[template]?.isEmpty == false else {
                state.lines[template] = nil
                return nil
            }
            return state.lines[template]?.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
