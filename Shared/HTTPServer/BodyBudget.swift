import Synchronization

/// The bytes of request bodies that all connections of a route may hold together.
///
/// Where there is no room, whoever has been sending longest without coming to an end gives way: a peer that sends
/// slowly, or never ends, cannot keep the others out.
package final class BodyBudget: Sendable {
    private struct Holder {
        var bytes = 0
        /// Received as a whole: it waits for its answer and is not taken away any more.
        var isWhole = false
        var giveWay: @Sendable () -> Void
    }

    private struct State {
        var used = 0
        var next = 0
        var holders: [Int: Holder] = [:]

        /// The connection that has been sending longest and holds something.
        func oldest(but own: Int) -> (ticket: Int, giveWay: @Sendable () -> Void)? {
            holders.lazy.filter { $0.key != own && !$0.value.isWhole && $0.value.bytes > 0 }.min { $0.key < $1.key }
                .map { ($0.key, $0.value.giveWay) }
        }

        mutating func remove(_ ticket: Int) {
            used -= holders.removeValue(forKey: ticket)?.bytes ?? 0
        }
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter bytes: of all bodies that are being received or wait for their answer.
    package init(bytes: Int) {
        limit = bytes
    }

    /// Bytes that are held now.
    package var used: Int { state.withLock { $0.used } }

    /// A body begins.
    ///
    /// - Parameter giveWay: called from any thread when its bytes have been taken away.
    func open(giveWay: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.next += 1
            state.holders[state.next] = Holder(giveWay: giveWay)
            return state.next
        }
    }

    /// More of a body has come; whether there is room for it.
    func take(_ bytes: Int, for ticket: Int) -> Bool {
        let (hasRoom, evicted): (Bool, [@Sendable () -> Void]) = state.withLock { state in
            guard state.holders[ticket] != nil else { return (false, []) }
            var evicted: [@Sendable () -> Void] = []
            while state.used + bytes > limit, let oldest = state.oldest(but: ticket) {
                state.remove(oldest.ticket)
                evicted.append(oldest.giveWay)
            }
            guard state.used + bytes <= limit else { return (false, evicted) }
            state.used += bytes
            state.holders[ticket]?.bytes += bytes
            return (true, evicted)
        }
        for giveWay in evicted { giveWay() }
        return hasRoom
    }

    func complete(_ ticket: Int) { state.withLock { $0.holders[ticket]?.isWhole = true } }
    func close(_ ticket: Int) { state.withLock { $0.remove(ticket) } }
}
