import Foundation

/// What the system knows of users and groups.
package enum UserDatabase {
    package static func uid(_ name: String) -> UInt32? {
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        let size = buffer.count
        guard getpwnam_r(name, &entry, &buffer, size, &result) == 0, result != nil else { return nil }
        return entry.pw_uid
    }

    /// Users whom the group names; who has it as their first group is not among them.
    package static func members(_ name: String) -> [String] {
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
