import AccountContract
import Testing
import Vocabulary

@testable import AccountCampaigns

/// At which openings what recurs goes out.
@Suite struct OccurrencesTests {
    /// Six in the morning in UTC.
    private static let first = Timestamp(milliseconds: 1_790_056_800_000)
    private static let before = first - .hours(1)

    private func occurrences(
        nextAt: Timestamp = first, live: [Timestamp: Occurrences.Live] = [:], leftOut: Set<Timestamp> = []
    ) -> Occurrences {
        var window = DeliveryWindow.example
        (window.cron, window.timeZone, window.quietHours) = ("0 6 * * *", "UTC", nil)
        (window.spreadFrom, window.spreadTo, window.deadline) = (0, 0, 60)
        return Occurrences(window: window, nextAt: nextAt, live: live, leftOut: leftOut, begins: [:])
    }

    private func day(_ count: Int) -> Timestamp { Self.first + .days(count) }

    @Test func whatIsNotPlannedGoesOutUntilItsWindowIsOver() throws {
        let plain = occurrences()
        #expect(try plain.coming(3, at: Self.before) == [day(0), day(1), day(2)])
        #expect(try plain.next(at: Self.before) == day(0))
        #expect(!plain.hasBegun(day(0), at: day(0) + .seconds(59)) && plain.hasBegun(day(0), at: day(0) + .seconds(60)))
        #expect(try plain.next(at: day(0) + .minutes(5)) == day(1))
        #expect(try plain.isDue(day(5)) && !plain.isDue(day(5) + .hours(1)) && !plain.isDue(day(-1)))
    }

    @Test func whatIsLeftOutIsShownAndNotNext() throws {
        let skipped = occurrences(leftOut: [day(0), day(1), day(7) + .hours(1)])
        #expect(try skipped.next(at: Self.before) == day(2))
        #expect(try skipped.coming(2, at: Self.before) == [day(0), day(1)])
        #expect(try skipped.openSkips(at: Self.before) == [day(0), day(1)], "the window does not open at the third")
        #expect(try skipped.openSkips(at: day(0)) == [day(1)], "it would have begun")
    }

    @Test func aCampaignKnowsWhetherItHasBegun() throws {
        func live(isOut: Bool) -> Occurrences {
            occurrences(
                nextAt: day(1), live: [day(0): .init(id: "c", state: .scheduled, isOut: isOut, end: day(0) + .minutes(1))])
        }
        #expect(!live(isOut: false).hasBegun(day(0), at: day(0) + .seconds(30)) && live(isOut: true).hasBegun(day(0), at: Self.before))
        #expect(live(isOut: false).hasBegun(day(0), at: day(0) + .minutes(1)))
        #expect(try live(isOut: false).next(at: Self.before) == day(0) && live(isOut: true).next(at: Self.before) == day(1))
        #expect(try live(isOut: true).isDue(day(0)), "it is planned")
    }
}
