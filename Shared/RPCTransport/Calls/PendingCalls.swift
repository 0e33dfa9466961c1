import Foundation
import NIOCore
import Synchronization

/// The calls of one client connection that wait for their reply, by the number that ends their id.
final class PendingCalls: Sendable {
    struct Entry {
        var id: String
        var method: String
        var allowed: Duration
        var deadline: NIODeadline
        var continuation: CheckedContinuation<Data, any Error>
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        var isLost = false
    }

    private let state = Mutex(State())

    /// - Parameter send: queues the request; whoever takes the call back comes after it.
    /// - Returns: why the call cannot wait here.
    func add(_ number: Int, _ entry: Entry, unless cancellation: Cancellation, send: () -> Void) -> (any Error)? {
        state.withLock { state in
            if cancellation.hasCome.load(ordering: .relaxed) { return CancellationError() }
            if state.isLost { return ConnectionLost() }
            state.entries[number] = entry
            send()
            return nil
        }
    }

    func take(_ number: Int) -> Entry? {
        state.withLock { $0.entries.removeValue(forKey: number) }
    }

    /// Calls whose deadline has passed, and the next deadline.
    func takeDue(_ now: NIODeadline) -> (due: [Entry], next: NIODeadline?) {
        state.withLock { state in
            let due = state.entries.filter { $0.value.deadline <= now }
            for number in due.keys { state.entries[number] = nil }
            return (Array(due.values), state.entries.values.lazy.map(\.deadline).min())
        }
    }

    /// The connection has ended: nothing is added any more.
    func lose() {
        let entries = state.withLock { state in
            state.isLost = true
            defer { state.entries.removeAll() }
            return state.entries
        }
        for entry in entries.values { entry.continuation.resume(throwing: LostInFlight()) }
    }
}

/// Whether a call was taken back, perhaps before it had been added.
final class Cancellation: Sendable {
    let hasCome = Atomic(false)
}

/// The connection ended before the call went out.
struct ConnectionLost: Error {}

/// The connection ended before the reply; the call may or may not have been served.
struct LostInFlight: Error {}
