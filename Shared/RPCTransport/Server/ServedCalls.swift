import Foundation
import NIOCore
import Synchronization

/// The calls that one connection of a server is serving.
final class ServedCalls: Sendable {
    private struct Call {
        var id: Data?
        var signal: CallSignal
        var deadline: NIODeadline
    }

    private struct State {
        var calls: [Int: Call] = [:]
        /// Ids that wait for their answer.
        var numbers: [Data: Int] = [:]
        var next = 0
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) {
        self.limit = limit
    }

    /// - Parameter id: absent in a notification; `null` counts as absent, since two of them cannot be told apart.
    /// - Returns: the call's number; nil if there is no place or the id is being served.
    func admit(_ id: Data?, _ signal: CallSignal, until deadline: NIODeadline) -> Int? {
        let id = id == RPCFrames.nullID ? nil : id
        return state.withLock { state in
            guard state.calls.count < limit else { return nil }
            state.next += 1
            if let id {
                guard state.numbers[id] == nil else { return nil }
                state.numbers[id] = state.next
            }
            state.calls[state.next] = Call(id: id, signal: signal, deadline: deadline)
            return state.next
        }
    }

    /// The id may be used again; the place stays taken until the handler ends.
    func answered(_ number: Int) {
        state.withLock { state in
            guard let id = state.calls[number]?.id else { return }
            state.calls[number]?.id = nil
            state.numbers[id] = nil
        }
    }

    func ended(_ number: Int) {
        state.withLock { $0.calls[number] = nil }
    }

    subscript(_ id: Data) -> CallSignal? {
        state.withLock { state in state.numbers[id].flatMap { state.calls[$0]?.signal } }
    }

    /// The signals of those that somebody waits for.
    var awaited: [CallSignal] {
        state.withLock { state in state.numbers.values.compactMap { state.calls[$0]?.signal } }
    }

    /// The signals of every call, notifications too.
    var all: [CallSignal] { state.withLock { $0.calls.values.map(\.signal) } }

    /// Ends what is due; returns the next deadline.
    func endDue(_ now: NIODeadline) -> NIODeadline? {
        let (due, next) = state.withLock { state in
            (
                state.calls.values.filter { $0.deadline <= now }.map(\.signal),
                state.calls.values.lazy.map(\.deadline).filter { $0 > now }.min()
            )
        }
        for signal in due { signal.end(.deadline) }
        return next
    }
}
