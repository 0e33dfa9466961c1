import Synchronization
package import Vocabulary

/// How much work waits on each number, counted as it comes and goes.
package final class Loads: Sendable {
    private struct Load {
        var queued = 0
        var perSecond = 80.0
    }

    private let loads = Mutex<[PhoneNumberID: Load]>([:])

    package init() {}

    /// Counts anew what waits on a number.
    package func set(_ number: PhoneNumberID, queued: Int, perSecond: Double) {
        loads.withLock { $0[number] = Load(queued: queued, perSecond: perSecond) }
    }

    /// Adds messages that have begun to wait on a number; a negative count takes away.
    package func add(_ number: PhoneNumberID, _ count: Int) { loads.withLock { $0[number, default: Load()].queued += count } }

    /// How many messages wait on a number.
    package func queued(_ number: PhoneNumberID) -> Int { loads.withLock { max(0, $0[number]?.queued ?? 0) } }

    /// How long the number needs for what waits on it.
    package func time(_ number: PhoneNumberID) -> Milliseconds {
        loads.withLock { loads in
            guard let load = loads[number] else { return 0 }
            return .seconds(Double(max(0, load.queued)) / max(1, load.perSecond))
        }
    }
}
