import AccountContract
import Coordination
import Foundation
import Vocabulary

/// Hours in which nobody is written to.
struct QuietHours: Sendable {
    /// Minutes of the day.
    let from: Int
    let to: Int
    private let latest = Latest()

    /// By zone, the interval that was looked up last: whoever is in the same one need not be reckoned again.
    private final class Latest: Sendable {
        let intervals = Mutexed<[String: (from: Timestamp, to: Timestamp)]>([:])
    }

    init?(_ hours: DeliveryWindow.QuietHours) {
        guard let from = Self.minutes(hours.from), let to = Self.minutes(hours.to), from != to else { return nil }
        self.from = from
        self.to = to
    }

    private static func minutes(_ text: String) -> Int? {
        guard let match = text.wholeMatch(of: /([01][0-9]|2[0-3]):([0-5][0-9])/), let hour = Int(match.1), let minute = Int(match.2) else {
            return nil
        }
        return hour * 60 + minute
    }

    /// When the quiet ends, if it is quiet at a time.
    func end(ifQuietAt time: Timestamp, in zone: TimeZone) -> Timestamp? { interval(ifQuietAt: time, in: zone)?.to }

    /// When the quiet around a time begins and ends; nil where it is not quiet.
    func interval(ifQuietAt time: Timestamp, in zone: TimeZone) -> (from: Timestamp, to: Timestamp)? {
        if let known = latest.intervals.with({ $0[zone.identifier] }), known.from <= time, time < known.to { return known }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let date = Date(time)
        let parts = calendar.dateComponents([.hour, .minute], from: date)
        let now = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        let isQuiet = from < to ? (from..<to).contains(now) : now >= from || now < to
        guard isQuiet else { return nil }
        func next(_ minute: Int, _ direction: Calendar.SearchDirection) -> Timestamp? {
            // Backwards only what is before is found, and it may begin just now.
            calendar.nextDate(
                after: direction == .backward ? date.addingTimeInterval(0.001) : date,
                matching: DateComponents(hour: minute / 60, minute: minute % 60, second: 0), matchingPolicy: .nextTime,
                direction: direction)?.timestamp
        }
        guard let end = next(to, .forward) else { return nil }
        let interval = (from: min(next(from, .backward) ?? time, time), to: end)
        latest.intervals.with { $0[zone.identifier] = interval }
        return interval
    }
}
