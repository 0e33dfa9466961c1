import AccountContract
import Foundation
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

/// A day that was left out stays left out when its window is moved to another time zone.
@Suite struct MovedWindowTests {
    /// A window's line and the opening of 20 or 25 October 2026 by it.
    struct Place: Sendable {
        var cron: String
        var zone: String
        var opening: String

        var window: DeliveryWindow {
            var window = DeliveryWindow.example
            (window.cron, window.timeZone) = (cron, zone)
            return window
        }

        func moment() throws -> Timestamp { try Date(opening, strategy: .iso8601).timestamp }
    }

    @Test(arguments: [
        (
            Place(cron: "0 5 * * *", zone: "Asia/Kolkata", opening: "2026-10-19T23:30:00Z"),
            Place(cron: "0 5 * * *", zone: "recipient", opening: "2026-10-20T05:00:00Z")
        ),
        (
            Place(cron: "0 6 * * *", zone: "Asia/Kolkata", opening: "2026-10-20T00:30:00Z"),
            Place(cron: "0 6 * * *", zone: "America/New_York", opening: "2026-10-20T10:00:00Z")
        ),
        (
            Place(cron: "0 21 * * *", zone: "recipient", opening: "2026-10-20T21:00:00Z"),
            Place(cron: "0 6 * * *", zone: "Asia/Kolkata", opening: "2026-10-20T00:30:00Z")
        ),
        // Half hours on both sides, ahead of UTC and behind it.
        (
            Place(cron: "30 0 * * *", zone: "Australia/Lord_Howe", opening: "2026-10-19T13:30:00Z"),
            Place(cron: "0 6 * * *", zone: "America/St_Johns", opening: "2026-10-20T08:30:00Z")
        ),
        // The day on which Berlin's clocks go back begins in summer time and ends in winter's.
        (
            Place(cron: "30 0 * * *", zone: "Europe/Berlin", opening: "2026-10-24T22:30:00Z"),
            Place(cron: "0 6 * * *", zone: "UTC", opening: "2026-10-25T06:00:00Z")
        ),
        (
            Place(cron: "30 23 * * *", zone: "Europe/Berlin", opening: "2026-10-25T22:30:00Z"),
            Place(cron: "0 6 * * *", zone: "Asia/Kolkata", opening: "2026-10-25T00:30:00Z")
        ),
        // The same day at the two ends of the earth.
        (
            Place(cron: "0 0 * * *", zone: "Pacific/Kiritimati", opening: "2026-10-19T10:00:00Z"),
            Place(cron: "0 23 * * *", zone: "Pacific/Pago_Pago", opening: "2026-10-21T10:00:00Z")
        ),
    ])
    func theSameDayOfTheCalendarStaysLeftOut(former: Place, place: Place) throws {
        for (from, to) in [(former, place), (place, former)] {
            let (opening, expected) = (try from.moment(), try to.moment())
            let next = [expected, try Opening.following(to.window, after: expected)]
            let moved = MovedWindow(former: from.window, window: to.window, next: next)
            let outcome = try moved.outcome(last: nil, leftOut: [opening])
            #expect(outcome.leftOut == [expected], "\(from.zone) to \(to.zone): \(outcome.leftOut.map { Date($0).ISO8601Format() })")
            #expect(outcome.nextAt == next[1])
        }
    }

    /// What has gone out is a matter of real time: most of a day later it is no second time.
    @Test func whatHasGoneOutCountsInTheNewZone() throws {
        let former = Place(cron: "0 5 * * *", zone: "Asia/Kolkata", opening: "2026-10-19T23:30:00Z")
        let place = Place(cron: "0 23 * * *", zone: "recipient", opening: "2026-10-20T23:00:00Z")
        let (last, next) = (try former.moment(), try place.moment())
        let moved = MovedWindow(former: former.window, window: place.window, next: [next, next + .days(1)])
        #expect(try moved.outcome(last: last, leftOut: []).nextAt == next)
        #expect(try moved.outcome(last: last + .hours(1), leftOut: []).nextAt == next + .days(1))
    }
}
