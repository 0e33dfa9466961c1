import AccountContract
import Foundation
import Vocabulary

/// How an opening of a window stands in time.
///
/// In everybody's own zone it is no moment: UTC's clocks show then what everybody's own show at theirs.
extension DeliveryWindow {
    var isInEverybodysZone: Bool { timeZone == "recipient" }

    /// How long before the moment in its own zone, or in UTC, it opens for the first people on earth.
    var lead: Milliseconds { isInEverybodysZone ? .hours(14) : .zero }

    /// How long after its opening it is over for everybody.
    ///
    /// In recipients' own zones the last of them have theirs half a day after UTC.
    var width: Milliseconds { deadline.milliseconds + (isInEverybodysZone ? Milliseconds.hours(12) : .zero) }

    /// When the first message of an opening could be due, wherever its people are.
    func earliest(_ opening: Timestamp) -> Timestamp { opening + spreadFrom.milliseconds - lead }

    /// The time that everybody's own clock shows at an opening; nil where it is one moment for all.
    func localOpening(_ opening: Timestamp) -> String? {
        isInEverybodysZone ? String(Date(opening).ISO8601Format().prefix(16)).replacing("T", with: " ") : nil
    }

    /// An opening as a sentence names it.
    func words(_ opening: Timestamp) -> String {
        localOpening(opening).map { "\($0) in everybody's own zone" } ?? opening.words(by: self)
    }
}

extension Timestamp {
    /// As a sentence about a campaign says it: by the clocks of its window's zone, or in UTC where each person has their own or there is no window.
    func words(by window: DeliveryWindow?) -> String {
        let zone = window.flatMap { $0.isInEverybodysZone ? nil : TimeZone(identifier: $0.timeZone) } ?? .gmt
        return Date(self).formatted(Date.ISO8601FormatStyle(timeZone: zone))
    }
}
