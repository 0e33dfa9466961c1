import RPCContract
import Synchronization

/// The bytes that bodies of all requests may have together while they are received and handed over.
///
/// Each is there several times on its way, so that without a bound a few large ones would end the process.
final class BodyRoom: Sendable {
    private let free: Mutex<Int>

    init(bytes: Int) { free = Mutex(bytes) }

    /// Takes what a body will have, before any of it is read; the caller gives it back.
    ///
    /// - Throws: where there is no room now.
    func take(_ bytes: Int, atMost limit: Int) throws(Fault) -> Int {
        // A request that says nothing true of its length gets the most; a longer body is refused as it comes.
        let wanted = (0...limit).contains(bytes) ? bytes : limit
        let isThere = free.withLock { free in
            guard free >= wanted else { return false }
            free -= wanted
            return true
        }
        guard isThere else { throw Fault(.overloaded, "Too many large requests are under way.", retry: .after(.seconds(1))) }
        return wanted
    }

    func giveBack(_ bytes: Int) { free.withLock { $0 += bytes } }
}
