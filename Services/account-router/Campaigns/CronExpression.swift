import Foundation
import Vocabulary

/// Five fields that name moments: minute, hour, day of month, month, day of week.
///
/// As POSIX crontab has them, with names (`MON`, `JAN`), lists, ranges and steps. Where both days are restricted,
/// either will do. Local times that a time zone leaves out in spring count at the moment the clock jumps; those it
/// has twice in autumn count once, the first time.
struct CronExpression: Equatable, Sendable {
    struct Problem: Error, Equatable {
        var message: String
    }

    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    private let isDayFree: Bool
    private let isWeekdayFree: Bool

    init(_ text: String) throws(Problem) {
        let fields = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        guard fields.count == 5 else {
            throw Problem(message: "has \(fields.count) fields; five are needed: minute, hour, day of month, month, day of week")
        }
        minutes = try Self.values(fields[0], in: 0...59, "minute")
        hours = try Self.values(fields[1], in: 0...23, "hour")
        days = try Self.values(fields[2], in: 1...31, "day of month")
        months = try Self.values(
            fields[3], in: 1...12, "month", ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"])
        let named = try Self.values(fields[4], in: 0...7, "day of week", ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"])
        // 7 is Sunday too.
        weekdays = Set(named.map { $0 % 7 })
        isDayFree = fields[2] == "*"
        isWeekdayFree = fields[4] == "*"
        let longest = [1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31]
        let exists = months.contains { month in days.contains { $0 <= longest[month] ?? 31 } }
        guard exists || !isWeekdayFree else { throw Problem(message: "names a day that no month has, so it never fires") }
    }

    private static func values(_ text: String, in range: ClosedRange<Int>, _ field: String, _ names: [String] = []) throws(Problem) -> Set<
        Int
    > {
        func number(_ text: Substring) throws(Problem) -> Int {
            if let index = names.firstIndex(of: text.uppercased()) { return index + (field == "month" ? 1 : 0) }
            guard let value = Int(text), range.contains(value) else {
                throw Problem(message: "\(field) \(text) is not \(range.lowerBound) to \(range.upperBound)")
            }
            return value
        }
        var found: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "/", omittingEmptySubsequences: false)
            guard let span = pieces.first, !span.isEmpty, pieces.count <= 2 else {
                throw Problem(message: "\(field) \(text) cannot be read")
            }
            var interval = 1
            if pieces.count == 2 {
                guard let value = Int(pieces[1]), (1...range.upperBound).contains(value) else {
                    throw Problem(message: "\(field) has the step \(pieces[1]), which makes no sense")
                }
                interval = value
            }
            var bounds = range
            if span != "*" {
                let ends = span.split(separator: "-", omittingEmptySubsequences: false)
                guard let first = ends.first, ends.count <= 2 else { throw Problem(message: "\(field) \(text) cannot be read") }
                let low = try number(first)
                let high = try ends.count == 2 ? number(ends[1]) : pieces.count == 2 ? range.upperBound : low
                guard low <= high else { throw Problem(message: "\(field) \(span) runs backwards") }
                bounds = low...high
            }
            found.formUnion(stride(from: bounds.lowerBound, through: bounds.upperBound, by: interval))
        }
        return found
    }

    /// The first moment after `time`; nil where none comes within eight years.
    func next(after time: Timestamp, in zone: TimeZone) -> Timestamp? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let start = Date(time)
        guard var day = calendar.dateInterval(of: .day, for: start)?.start else { return nil }
        // The rarest day that exists, 29 February on a given weekday, comes once in 28 years; on any, in eight.
        for _ in 0..<(8 * 366) {
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: day)
            if let month = parts.month, let number = parts.day, let weekday = parts.weekday, months.contains(month),
                isOn(number, weekday - 1)
            {
                // Of the day itself only what is left of it: two hours earlier for a clock that was set back.
                let first = day <= start ? calendar.component(.hour, from: start) - 2 : 0
                if let found = firstMoment(parts, calendar, after: start, from: first) { return found.timestamp }
            }
            guard let noon = calendar.date(byAdding: .day, value: 1, to: day), let next = calendar.dateInterval(of: .day, for: noon)?.start
            else {
                return nil
            }
            day = next
        }
        return nil
    }

    private func isOn(_ day: Int, _ weekday: Int) -> Bool {
        switch (isDayFree, isWeekdayFree) {
        case (true, true): true
        case (false, true): days.contains(day)
        case (true, false): weekdays.contains(weekday)
        case (false, false): days.contains(day) || weekdays.contains(weekday)
        }
    }

    /// The first of one day after a moment.
    ///
    /// - Parameter first: the hour from which it is looked for.
    private func firstMoment(_ day: DateComponents, _ calendar: Calendar, after start: Date, from first: Int) -> Date? {
        var found: Date?
        for hour in hours.sorted() where hour >= first {
            // Where the clock is set back, or jumps, hours change places: the two after it are looked at as well.
            if let found, calendar.component(.hour, from: found) + 2 < hour { break }
            for minute in minutes.sorted() {
                var parts = DateComponents(year: day.year, month: day.month, day: day.day)
                (parts.hour, parts.minute, parts.second) = (hour, minute, 0)
                guard let date = calendar.date(from: parts) else { continue }
                let moment = Self.isReal(date, hour: hour, minute: minute, calendar) ? date : Self.jump(around: date, calendar)
                if moment > start, moment < found ?? .distantFuture { found = moment }
            }
        }
        return found
    }

    private static func isReal(_ date: Date, hour: Int, minute: Int, _ calendar: Calendar) -> Bool {
        let parts = calendar.dateComponents([.hour, .minute], from: date)
        return parts.hour == hour && parts.minute == minute
    }

    /// When the clock jumps: the transition next to a local time that does not exist.
    private static func jump(around date: Date, _ calendar: Calendar) -> Date {
        calendar.timeZone.nextDaylightSavingTimeTransition(after: date.addingTimeInterval(-4 * 3600)) ?? date
    }
}
