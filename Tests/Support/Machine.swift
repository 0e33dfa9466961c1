import Foundation

/// What the tests must know of the machine they run on.
package enum Machine {
    /// Where the programs under test are: beside the test program, unless LINDA_PROGRAMS says otherwise.
    package static var programs: String {
        if let named = ProcessInfo.processInfo.environment["LINDA_PROGRAMS"] { return named }
        return URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path
    }

    package static var isRoot: Bool { geteuid() == 0 }

    /// Deadlines of waiting are multiplied by it; 1 where SLOW_MACHINE is not set.
    package static var slowness: Double { ProcessInfo.processInfo.environment["SLOW_MACHINE"].flatMap(Double.init) ?? 1 }

    /// A short folder of its own: a socket's path has at most 107 bytes.
    package static func temporaryFolder() throws -> String {
        let path = "/tmp/lt-\(String(UInt32.random(in: 0 ... .max), radix: 36))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        return path
    }
}

/// Looks again and again until a condition holds; fails after the deadline.
package func eventually(
    within limit: Duration = .seconds(20),
    _ what: String,
    _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit * Machine.slowness
    while try await !condition() {
        guard ContinuousClock.now < end else { throw Waited(what: what, limit: limit) }
        try await Task.sleep(for: .milliseconds(10))  // between two looks
    }
}

package struct Waited: Error, CustomStringConvertible {
    let what: String
    let limit: Duration
    package var description: String { "\(what) did not happen within \(limit)" }
}
