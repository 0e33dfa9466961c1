import Foundation

/// The injected source of time: Unix milliseconds.
package struct WallClock: Sendable {
    private let read: @Sendable () -> Int64

    package init(_ read: @escaping @Sendable () -> Int64) {
        self.read = read
    }

    package var now: Int64 { read() }

    package static let system = WallClock { Int64(Date().timeIntervalSince1970 * 1000) }
}
