package import Foundation

extension Date {
    package init(_ moment: Timestamp) { self.init(timeIntervalSince1970: Double(moment.milliseconds) / 1000) }

    /// Rounded down to the millisecond; at the ends of the range where the date lies beyond them.
    package var timestamp: Timestamp { Timestamp(milliseconds: Milliseconds((timeIntervalSince1970 * 1000).rounded(.down)).count) }
}
