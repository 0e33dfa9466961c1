import Synchronization

/// Owns how many bytes the connections of a server hold together: frames that come in, wait or are served, and replies
/// that wait for their reader.
///
/// Beyond the limit nobody's bytes are read on until calls have ended. Where half of it is held by frames that do not end and
/// replies that are not read, whoever of the largest has gone longest without getting on gives way.
final class FrameBudget: Sendable {
    private struct Holder {
        /// Of a frame that has not ended yet.
        var incoming = 0
        /// Of frames that wait or are served.
        var whole = 0
        /// Of replies that the kernel has not taken yet.
        var unread = 0
        /// The number of its last step; the lowest has gone longest without one.
        var lastStep: Int
        var giveWay: @Sendable () -> Void
        /// Reads on; set while it waits for room.
        var resume: (@Sendable () -> Void)?

        var stalled: Int { incoming + unread }
        var held: Int { stalled + whole }
    }

    private struct State {
        var used = 0
        /// Of `used`, what its peers hold up.
        var stalled = 0
        var step = 0
        /// Whether anybody waits for room.
        var hasWaiters = false
        var holders: [Int: Holder] = [:]

        mutating func remove(_ ticket: Int) -> Holder? {
            guard let holder = holders.removeValue(forKey: ticket) else { return nil }
            used -= holder.held
            stalled -= holder.stalled
            return holder
        }

        /// Of those that hold up at least their share, the one that has gone longest without a step.
        func slowest() -> Int? {
            let share = stalled / max(1, holders.count { $0.value.stalled > 0 })
            return holders.lazy.filter { $0.value.stalled > 0 && $0.value.stalled >= share }.min { $0.value.lastStep < $1.value.lastStep }?
                .key
        }

        /// Those that waited for room, which there is now.
        mutating func resumed() -> [@Sendable () -> Void] {
            holders.keys.compactMap { ticket in
                defer { holders[ticket]?.resume = nil }
                return holders[ticket]?.resume
            }
        }
    }

    let limit: Int
    private let state = Mutex(State())

    /// - Parameter bytes: of all connections together.
    init(bytes: Int) {
        limit = bytes
    }

    /// Bytes that are held now.
    var used: Int { state.withLock { $0.used } }

    /// A connection begins.
    ///
    /// - Parameter giveWay: called from any thread once it has to end.
    func open(giveWay: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.step += 1
            state.holders[state.step] = Holder(lastStep: state.step, giveWay: giveWay)
            return state.step
        }
    }

    func close(_ ticket: Int) {
        let resumed = state.withLock { state in
            _ = state.remove(ticket)
            return room(&state)
        }
        for resume in resumed { resume() }
    }

    /// Bytes have come in.
    func received(_ bytes: Int, by ticket: Int) { change(ticket) { $0.incoming += bytes } }

    /// Of the bytes that have come in, so many were a frame.
    func framed(_ bytes: Int, by ticket: Int) {
        change(ticket, isStep: true) { holder in
            holder.incoming -= bytes
            holder.whole += bytes
        }
    }

    /// The work that a frame asked for is done.
    func served(_ bytes: Int, by ticket: Int) { change(ticket) { $0.whole -= bytes } }

    /// A reply is on its way to its reader.
    func replying(_ bytes: Int, by ticket: Int) { change(ticket) { $0.unread += bytes } }

    /// The kernel has taken replies.
    func replied(_ bytes: Int, by ticket: Int) { change(ticket, isStep: true) { $0.unread -= bytes } }

    /// Whether a connection may read on.
    ///
    /// - Parameter resume: called from any thread once it may, if now it may not.
    func mayRead(_ ticket: Int, resume: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.used > limit, state.holders[ticket] != nil else { return true }
            state.holders[ticket]?.resume = resume
            state.hasWaiters = true
            return false
        }
    }

    private func change(_ ticket: Int, isStep: Bool = false, _ body: (inout Holder) -> Void) {
        let calls: [@Sendable () -> Void] = state.withLock { state in
            guard var holder = state.holders[ticket] else { return [] }
            let before = (held: holder.held, stalled: holder.stalled)
            body(&holder)
            state.used += holder.held - before.held
            state.stalled += holder.stalled - before.stalled
            if isStep || before.stalled == 0 {
                state.step += 1
                holder.lastStep = state.step
            }
            state.holders[ticket] = holder
            var evicted: [@Sendable () -> Void] = []
            while state.stalled > limit / 2, let slowest = state.slowest(), let gone = state.remove(slowest) {
                evicted.append(gone.giveWay)
            }
            return evicted + room(&state)
        }
        for call in calls { call() }
    }

    /// The connections that may read on, as there is room again.
    private func room(_ state: inout State) -> [@Sendable () -> Void] {
        guard state.used <= limit, state.hasWaiters else { return [] }
        state.hasWaiters = false
        return state.resumed()
    }
}

/// What one connection holds of a server's budget.
struct FrameAccount: Sendable {
    private let budget: FrameBudget
    private let ticket: Int

    init(_ budget: FrameBudget, giveWay: @escaping @Sendable () -> Void) {
        self.budget = budget
        ticket = budget.open(giveWay: giveWay)
    }

    func received(_ bytes: Int) { budget.received(bytes, by: ticket) }
    func framed(_ bytes: Int) { budget.framed(bytes, by: ticket) }
    func served(_ bytes: Int) { budget.served(bytes, by: ticket) }
    func replying(_ bytes: Int) { budget.replying(bytes, by: ticket) }
    func replied(_ bytes: Int) { budget.replied(bytes, by: ticket) }
    func mayRead(resume: @escaping @Sendable () -> Void) -> Bool { budget.mayRead(ticket, resume: resume) }
    func close() { budget.close(ticket) }
}
