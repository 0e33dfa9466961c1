import AccountContract
import Foundation
import Vocabulary

/// A window that opens by another line than before: when what recurs in it goes out next, and what stays left out.
///
/// A plain value. What recurs does not go out twice in the time of one opening, and a day that was left out stays left out.
struct MovedWindow {
    let former: DeliveryWindow
    let window: DeliveryWindow
    /// The next openings by the new line; there is one at least.
    let next: [Timestamp]

    /// - Parameters:
    ///   - last: the opening of the last campaign that goes out or has gone out.
    ///   - leftOut: by the former line.
    func outcome(last: Timestamp?, leftOut: Set<Timestamp>) throws -> (nextAt: Timestamp, leftOut: Set<Timestamp>) {
        guard let known = [last, leftOut.max()].compactMap(\.self).max() else { return (next[0], []) }
        // Between two of its openings: the last may be one of an older definition.
        let following = try Opening.following(former, after: known)
        let period = try Opening.following(former, after: following) - following
        let usual = next.count > 1 ? min(period, next[1] - next[0]) : period
        var moved: Set<Timestamp> = []
        for opening in leftOut {
            let places = try places(near: opening, usual)
            // An opening without a counterpart is kept, for when the window is moved back.
            moved.formUnion(places.isEmpty ? [opening] : places)
        }
        var place = next[0]
        while moved.contains(place) || isTaken(place, by: last, usual) { place = try Opening.following(window, after: place) }
        return (place, moved)
    }

    /// Half of the usual time later at least, and what opens once a day on another day.
    private func isTaken(_ place: Timestamp, by last: Timestamp?, _ usual: Milliseconds) -> Bool {
        guard let last else { return false }
        return place - last < Milliseconds(usual.count / 2) || usual >= .hours(20) && isOnTheDay(place, of: last)
    }

    /// The openings by the new line that take the place of one by the former.
    private func places(near opening: Timestamp, _ usual: Milliseconds) throws -> Set<Timestamp> {
        let isDaily = usual >= .hours(20) && usual < .hours(36)
        // One day of two zones at the ends of the earth reaches over more than two.
        let reach = isDaily ? Milliseconds.days(3) : Milliseconds(usual.count / 2)
        // The day that somebody left out is the former zone's, and its place is on the same day of the calendar here.
        let leftOut = Self.day(of: opening, in: former)
        var found: Set<Timestamp> = []
        var place = try Opening.following(window, after: opening - reach)
        while place < opening + reach {
            if !isDaily || Self.day(of: place, in: window) == leftOut { found.insert(place) }
            place = try Opening.following(window, after: place)
        }
        return found
    }

    /// Openings that went out count by real time: people who had it today get it no second time on the same day here.
    private func isOnTheDay(_ place: Timestamp, of other: Timestamp) -> Bool {
        Self.day(of: place, in: window) == Self.day(of: other, in: window)
    }

    /// The day of a moment in a window's zone, or in UTC, whose clocks show the openings of everybody's own.
    private static func day(of moment: Timestamp, in window: DeliveryWindow) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: window.timeZone) ?? .gmt
        return calendar.dateComponents([.era, .year, .month, .day], from: Date(moment))
    }
}
