import Foundation
import RPCContract
import RPCTransport

/// Who is who among local users: root and operators, our own processes, nobody.
enum ServicePeers {
    /// Reads the user database once, at the start: who joins the group `linda` is known after the next.
    ///
    /// Operators are the members of the group `linda` that are no service user.
    static func policy() -> PeerPolicy {
        var callers: [UInt32: Caller] = [:]
        for caller in Caller.allCases {
            if let uid = uid("linda-\(caller.rawValue)") { callers[uid] = caller }
        }
        var trusted: Set<UInt32> = [0, geteuid()]
        for member in members(of: "linda") {
            if let uid = uid(member), callers[uid] == nil { trusted.insert(uid) }
        }
        return PeerPolicy { [callers, trusted] peer in
            if trusted.contains(peer.uid) { return .trusted }
            return callers[peer.uid].map { .process($0) } ?? .unknown
        }
    }

    private static func uid(_ name: String) -> UInt32? {
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        let size = buffer.count
        guard getpwnam_r(name, &entry, &buffer, size, &result) == 0, result != nil else { return nil }
        return entry.pw_uid
    }

    private static func members(of name: String) -> [String] {
        var entry = group()
        var result: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 65_536)
        let size = buffer.count
        guard getgrnam_r(name, &entry, &buffer, size, &result) == 0, result != nil, let list = entry.gr_mem else { return [] }
        var names: [String] = []
        var index = 0
        while let member = list[index] {
            names.append(String(cString: member))
            index += 1
        }
        return names
    }
}
