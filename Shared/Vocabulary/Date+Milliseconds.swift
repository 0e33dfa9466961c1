package import Foundation

extension Date {
    /// - Parameter milliseconds: since 1970 in UTC.
    package init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// Since 1970 in UTC.
    package var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded(.down)) }
}
