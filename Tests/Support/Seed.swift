import Foundation

/// The seed of this run's random tests: LINDA_SEED replays one, else it is drawn; a failing test names it.
package enum Seed {
    package static let current: UInt64 =
        ProcessInfo.processInfo.environment["LINDA_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1_000_000)
}
