import AccountContract
import Coordination
import Foundation
import Vocabulary

/// When each recipient's message is due, within a window.
///
/// A plain value: the same campaign, recipient and window always give the same time, also after a crash.
struct SendTimes: Sendable {
    private let window: DeliveryWindow
    private let cron: CronExpression
    /// nil where everybody has their own.
    private let zone: TimeZone?
    private let quiet: QuietHours?
    /// The moment that was chosen for the campaign; in the recipients' own zones, the time of day and date that it names.
    private let opening: Timestamp
    private let zones = ZoneNames()

    /// - Parameter opening: an opening of the window in its zone, or in UTC where everybody has their own.
    init(_ window: DeliveryWindow, opening: Timestamp) throws(CronExpression.Problem) {
        self.window = window
        cron = try CronExpression(window.cron)
        zone = window.timeZone == "recipient" ? nil : TimeZone(identifier: window.timeZone)
        quiet = window.quietHours.flatMap { QuietHours($0) }
        self.opening = opening
    }

    /// When the recipient with number `n` is due.
    func time(_ n: Int, _ contact: ContactID, zoneName: String?) -> Timestamp { due(n, contact, zoneName: zoneName).sendAt }

    /// When the recipient with number `n` is due, and by when their message should be with Meta.
    ///
    /// People whom quiet hours move get the rest of the window after them: later moments follow the end of the hours.
    func due(_ n: Int, _ contact: ContactID, zoneName: String?) -> (sendAt: Timestamp, deadline: Timestamp) {
        let own = zones.zone(zoneName, contact)
        var moment = opening
        if zone == nil {
            // The same wall time, there: from UTC's reading of it to the recipient's.
            moment = own.instant(ofWallTime: opening)
        }
        let width = Double((window.spreadTo - window.spreadFrom).milliseconds.count)
        // The golden ratio spreads any run of numbers evenly, and with it every zone's and every number's part.
        let position = (Double(n) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
        let due = moment + window.spreadFrom.milliseconds + Milliseconds(width * position)
        let deadline = moment + window.deadline.milliseconds
        guard let (from, to) = quiet?.interval(ifQuietAt: due, in: own) else { return (due, deadline) }
        let start = max(from, moment + window.spreadFrom.milliseconds)
        let later = to + (due - start)
        // Where the rest is longer than what is not quiet, nobody is moved into the next quiet hours.
        let sendAt = quiet?.interval(ifQuietAt: later, in: own) == nil ? later : to
        return (sendAt, max(deadline, to + (deadline - start)))
    }

    /// The next openings after a time; those of the earliest zone where everybody has their own.
    ///
    /// - Parameter isOpening: whether the time is itself an opening, and so read like one.
    static func openings(_ window: DeliveryWindow, after time: Timestamp, count: Int, isOpening: Bool = false) throws(CronExpression
        .Problem)
        -> [Timestamp]
    {
        let cron = try CronExpression(window.cron)
        let zone = window.timeZone == "recipient" ? TimeZone(secondsFromGMT: 0) : TimeZone(identifier: window.timeZone)
        guard let zone else { throw CronExpression.Problem(message: "there is no time zone \(window.timeZone)") }
        // UTC+14 has a wall time first: its opening is 14 hours before UTC's.
        let lead = isOpening ? .zero : window.lead
        var found: [Timestamp] = []
        var last = time + lead
        while found.count < count, let next = cron.next(after: last, in: zone) {
            found.append(next)
            last = next
        }
        return found
    }
}

/// Time zones by name, or by a phone number's country; looked up once.
final class ZoneNames: Sendable {
    private let known = Mutexed<[String: TimeZone]>([:])

    func zone(_ name: String?, _ contact: ContactID) -> TimeZone {
        let wanted = name ?? CallingCode.of(contact)?.timeZone ?? "UTC"
        return known.with { known in
            if let zone = known[wanted] { return zone }
            let zone = TimeZone(identifier: wanted) ?? .gmt
            known[wanted] = zone
            return zone
        }
    }
}

extension TimeZone {
    /// The moment at which clocks here show what UTC's show at `time`.
    ///
    /// A time that clocks show twice in autumn counts the first time; one that they jump over in spring counts at the jump.
    fileprivate func instant(ofWallTime time: Timestamp) -> Timestamp {
        let wall = Date(time)
        let day = 86_400.0
        let offsets = [-day, 0, day].map { Double(secondsFromGMT(for: wall.addingTimeInterval($0))) }
        let candidates = offsets.map { wall.addingTimeInterval(-$0) }
        let shown = candidates.filter { $0.addingTimeInterval(Double(secondsFromGMT(for: $0))) == wall }
        if let first = shown.min() { return first.timestamp }
        return (nextDaylightSavingTimeTransition(after: wall.addingTimeInterval(-2 * day)) ?? wall).timestamp
    }
}
