import Foundation

/// What the system knows of users and groups.
package enum UserDatabase {
    /// The database could not be asked: that says nothing of whom it knows.
    package struct Unreadable: Error {
        package init() {}
    }

    /// - Returns: nil where there is no such user.
    package static func uid(_ name: String) throws(Unreadable) -> UInt32? {
        var entry = passwd()
        var result: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        let size = buffer.count
        try check(getpwnam_r(name, &entry, &buffer, size, &result))
        return result == nil ? nil : entry.pw_uid
    }

    /// Users whom the group names; who has it as their first group is not among them.
    package static func members(_ name: String) throws(Unreadable) -> [String] {
        var entry = group()
        var result: UnsafeMutablePointer<group>?
        var buffer = [CChar](repeating: 0, count: 65_536)
        let size = buffer.count
        try check(getgrnam_r(name, &entry, &buffer, size, &result))
        guard result != nil, let list = entry.gr_mem else { return [] }
        var names: [String] = []
        var index = 0
        while let member = list[index] {
            names.append(String(cString: member))
            index += 1
        }
        return names
    }

    /// "Not found" has several numbers (getpwnam(3)).
    private static func check(_ status: Int32) throws(Unreadable) {
        guard [0, ENOENT, ESRCH, EBADF, EPERM].contains(status) else { throw Unreadable() }
    }
}
