import AccountContract
import Foundation
import Vocabulary

/// Oddities of a window that can be used all the same.
enum WindowAdvice {
    /// - Parameter openings: its next ones.
    static func warnings(_ window: DeliveryWindow, openings: [Timestamp]) -> [String] {
        guard let hours = window.quietHours, let quiet = QuietHours(hours) else { return [] }
        // In everybody's own zone an opening names a time of day, which UTC's clocks show.
        let own = TimeZone(identifier: window.timeZone)
        let silent = openings.filter { opening in
            let (first, last) = (opening + window.spreadFrom.milliseconds, opening + window.spreadTo.milliseconds)
            return quiet.interval(ifQuietAt: first, in: own ?? .gmt).map { last <= $0.to } ?? false
        }
        guard !silent.isEmpty else { return [] }
        let some = "\(silent.count) of its next \(openings.count) openings \(silent.count == 1 ? "lies" : "lie")"
        let which = silent.count == openings.count ? "it opens" : some
        let who = own == nil ? "nobody" : "nobody in \(window.timeZone)"
        return [
            "\(which) within its own quiet hours, from \(hours.from) to \(hours.to): \(who) is written to before they end, at \(hours.to)"
        ]
    }
}
