import Foundation
import RPCContract
package import RPCTransport
import Synchronization

/// Who is who among local users: root and operators, our own processes, nobody.
///
/// Operators are the members of the group `linda` that are no service user. Who joins counts within a second, who leaves
/// within a minute. Where the user database cannot be asked, what was known before goes on holding.
package final class ServicePeers: Sendable {
    private struct Known {
        var callers: [UInt32: Caller] = [:]
        var operators: Set<UInt32> = []
    }

    private struct State {
        var known = Known()
        var askedAt: ContinuousClock.Instant
    }

    private let uid: @Sendable (String) throws(UserDatabase.Unreadable) -> UInt32?
    private let members: @Sendable (String) throws(UserDatabase.Unreadable) -> [String]
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    /// How often the database is asked, for those it knew and for strangers: it may be a server far away.
    private static let (known, stranger) = (Duration.seconds(60), Duration.seconds(1))

    /// - Parameters:
    ///   - uid: the id of a user by name; nil where there is none.
    ///   - members: the users of a group by name.
    package init(
        uid: @escaping @Sendable (String) throws(UserDatabase.Unreadable) -> UInt32? = UserDatabase.uid,
        members: @escaping @Sendable (String) throws(UserDatabase.Unreadable) -> [String] = UserDatabase.members,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        (self.uid, self.members, self.now) = (uid, members, now)
        state = Mutex(State(askedAt: now()))
        refresh()
    }

    package var policy: PeerPolicy { PeerPolicy { self.standing(of: $0.uid) } }

    /// Tells who a user of the system is to this process; strangers are looked up again now and then.
    package func standing(of peer: UInt32) -> PeerPolicy.Standing {
        if peer == 0 || peer == geteuid() { return .trusted }
        let last = state.withLock { $0 }
        let standing = Self.standing(of: peer, in: last.known)
        guard now() - last.askedAt >= (standing == .unknown ? Self.stranger : Self.known) else { return standing }
        refresh()
        return Self.standing(of: peer, in: state.withLock { $0.known })
    }

    private static func standing(of peer: UInt32, in known: Known) -> PeerPolicy.Standing {
        if let caller = known.callers[peer] { return .process(caller) }
        return known.operators.contains(peer) ? .trusted : .unknown
    }

    private func refresh() {
        let asked = now()
        // One asks; who comes meanwhile goes by what is known.
        state.withLock { $0.askedAt = asked }
        do throws(UserDatabase.Unreadable) {
            var fresh = Known()
            for caller in Caller.allCases {
                if let uid = try uid("linda-\(caller.rawValue)") { fresh.callers[uid] = caller }
            }
            for member in try members("linda") {
                if let uid = try uid(member), fresh.callers[uid] == nil { fresh.operators.insert(uid) }
            }
            let known = fresh
            state.withLock { $0.known = known }
        } catch {
            return  // what was known goes on holding, and the next stranger asks again
        }
    }
}
