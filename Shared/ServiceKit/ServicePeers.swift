import Foundation
import RPCContract
package import RPCTransport
import Synchronization

/// Who is who among local users: root and operators, our own processes, nobody.
///
/// Operators are the members of the group `linda` that are no service user. Who has joined the group or left it counts
/// within a second, with their next connection.
package final class ServicePeers: Sendable {
    private struct Known {
        var callers: [UInt32: Caller]
        var operators: Set<UInt32>
        var readAt: ContinuousClock.Instant
    }

    private let uid: @Sendable (String) -> UInt32?
    private let members: @Sendable (String) -> [String]
    private let now: @Sendable () -> ContinuousClock.Instant
    private let known: Mutex<Known>

    /// How long an answer of the user database counts: it may be a server far away.
    private static let lifetime = Duration.seconds(1)

    /// - Parameters:
    ///   - uid: the id of a user by name; nil where there is none.
    ///   - members: the users of a group by name.
    package init(
        uid: @escaping @Sendable (String) -> UInt32? = UserDatabase.uid,
        members: @escaping @Sendable (String) -> [String] = UserDatabase.members,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        (self.uid, self.members, self.now) = (uid, members, now)
        known = Mutex(Self.read(uid, members, now()))
    }

    package var policy: PeerPolicy { PeerPolicy { self.standing(of: $0.uid) } }

    package func standing(of peer: UInt32) -> PeerPolicy.Standing {
        if peer == 0 || peer == geteuid() { return .trusted }
        let known = current()
        if let caller = known.callers[peer] { return .process(caller) }
        return known.operators.contains(peer) ? .trusted : .unknown
    }

    private func current() -> Known {
        let now = now()
        let last = known.withLock { $0 }
        guard now - last.readAt >= Self.lifetime else { return last }
        let fresh = Self.read(uid, members, now)
        known.withLock { $0 = fresh }
        return fresh
    }

    private static func read(_ uid: (String) -> UInt32?, _ members: (String) -> [String], _ now: ContinuousClock.Instant) -> Known {
        var callers: [UInt32: Caller] = [:]
        for caller in Caller.allCases {
            if let uid = uid("linda-\(caller.rawValue)") { callers[uid] = caller }
        }
        let operators = members("linda").compactMap(uid).filter { callers[$0] == nil }
        return Known(callers: callers, operators: Set(operators), readAt: now)
    }
}
