import Foundation
import Vocabulary

/// How long a receiver asks to be left alone, in the header Retry-After.
///
/// Source: RFC 9110 §10.2.3: seconds, or a moment as RFC 9110 §5.6.7 writes it.
enum RetryAfter {
    /// Nobody is left alone for longer.
    static let most = Milliseconds.hours(1)

    /// - Returns: nil where the receiver asks for nothing, or nothing that can be read.
    static func pause(_ status: Int, headers: [String: String], at now: Timestamp) -> Milliseconds? {
        guard [429, 503].contains(status), let text = headers["retry-after"] else { return nil }
        if let seconds = Int(text) { return seconds < 0 ? nil : min(most, .seconds(seconds)) }
        guard let moment = try? Date(text, strategy: form) else { return nil }  // another form asks for nothing
        let pause = moment.timestamp - now
        return pause > .zero ? min(most, pause) : nil
    }

    private static let form = Date.ParseStrategy(
        format:
            "\(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) GMT",
        locale: Locale(identifier: "en_US_POSIX"), timeZone: .gmt)
}
