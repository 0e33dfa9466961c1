import AccountContract
import Foundation
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns

@Suite struct CronExpressionTests {
    private func time(_ text: String) throws -> Timestamp {
        try Date(text, strategy: .iso8601).timestamp
    }

    private func text(_ time: Timestamp?) -> String { time.map { Date($0).ISO8601Format() } ?? "never" }

    private func next(_ cron: String, _ after: String, _ zone: String = "UTC", count: Int = 1) throws -> [String] {
        let expression = try CronExpression(cron)
        let zone = try #require(TimeZone(identifier: zone))
        var found: [String] = []
        var last = try time(after)
        for _ in 0..<count {
            guard let next = expression.next(after: last, in: zone) else { break }
            found.append(text(next))
            last = next
        }
        return found
    }

    @Test(arguments: [
        ("0 6 * * *", "2026-11-21T00:00:00Z", "Asia/Kolkata", "2026-11-21T00:30:00Z"),
        ("0 6 * * *", "2026-11-21T00:30:00Z", "Asia/Kolkata", "2026-11-22T00:30:00Z"),
        ("*/15 9-17 * * MON-FRI", "2026-11-20T17:50:00Z", "UTC", "2026-11-23T09:00:00Z"),
        ("0 0 1 JAN *", "2026-02-01T00:00:00Z", "UTC", "2027-01-01T00:00:00Z"),
        ("0 12 29 2 *", "2026-03-01T00:00:00Z", "UTC", "2028-02-29T12:00:00Z"),
        ("30 8 * * 7", "2026-11-21T00:00:00Z", "UTC", "2026-11-22T08:30:00Z"),
        ("0 8 13 * FRI", "2026-11-21T00:00:00Z", "UTC", "2026-11-27T08:00:00Z"),
        ("5,10 0 * * *", "2026-11-21T00:05:00Z", "UTC", "2026-11-21T00:10:00Z"),
    ])
    func firesWhenItSays(cron: String, after: String, zone: String, expected: String) throws {
        #expect(try next(cron, after, zone) == [expected])
    }

    /// Berlin 2026: the clock jumps from 2:00 to 3:00 on 29 March, and goes back from 3:00 to 2:00 on 25 October.
    @Test func daylightSavingNeitherSkipsNorDoubles() throws {
        #expect(
            try next("30 2 * * *", "2026-03-28T00:00:00Z", "Europe/Berlin", count: 3) == [
                "2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z",
            ])
        #expect(
            try next("30 2 * * *", "2026-10-24T00:00:00Z", "Europe/Berlin", count: 3) == [
                "2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z",
            ])
        #expect(
            try next("0 9 * * *", "2026-03-28T00:00:00Z", "Europe/Berlin", count: 2) == ["2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z"])
        // Every day of a year has exactly one.
        for zone in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"] {
            #expect(Set(try next("30 2 * * *", "2026-01-01T00:00:00Z", zone, count: 365)).count == 365)
            let last = try #require(try next("30 2 * * *", "2026-01-01T00:00:00Z", zone, count: 365).last)
            #expect(last.hasPrefix("2026-12-31") || last.hasPrefix("2027-01-01") || last.hasPrefix("2026-12-30"), "\(zone): \(last)")
        }
    }

    @Test(arguments: [
        "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *",
        "a * * * *",
        "1- * * * *", "* * 31 2 *", "0 0 30 FEB *", "1,,2 * * * *", "* * * JANUARY *",
    ])
    func whatIsNoCronLineSaysWhy(_ text: String) {
        let problem = #expect(throws: CronExpression.Problem.self) { try CronExpression(text) }
        #expect(problem?.message.isEmpty == false)
    }
}

@Suite struct SendTimesTests {
    private func window(_ change: (inout DeliveryWindow) -> Void = { _ in }) -> DeliveryWindow {
        var window = DeliveryWindow.example
        window.quietHours = nil
        change(&window)
        return window
    }

    /// 06:00 in India on 21 November 2026.
    private let opening: Timestamp = 1_795_221_000_000

    @Test func messagesAreSpreadEvenlyOverTheWindow() throws {
        let times = try SendTimes(window(), opening: opening)
        var buckets = [Int](repeating: 0, count: 10)
        for n in 0..<48_000 {
            let due = times.time(n, "919876543210", zoneName: nil)
            #expect((opening - 30_000..<opening + 270_000).contains(due))
            buckets[Int((due - opening).count + 30_000) / 30_000] += 1
        }
        #expect(buckets.allSatisfy { abs($0 - 4800) < 50 }, "\(buckets)")
        // The same recipient of the same campaign is due at the same time, whoever asks.
        #expect(
            times.time(7, "919876543210", zoneName: nil)
                == (try SendTimes(window(), opening: opening)).time(7, "919876543210", zoneName: nil))
    }

    @Test func everybodysOwnSixOClock() throws {
        let own = window { ($0.timeZone, $0.spreadFrom, $0.spreadTo) = ("recipient", 0, 0) }
        // 06:00 on the wall, written in UTC.
        let wall = try Date("2026-11-21T06:00:00Z", strategy: .iso8601).timestamp
        let times = try SendTimes(own, opening: wall)
        func text(_ contact: ContactID, _ zone: String? = nil) -> String {
            Date(times.time(0, contact, zoneName: zone)).ISO8601Format()
        }
        #expect(text("919876543210") == "2026-11-21T00:30:00Z")
        #expect(text("447911123456") == "2026-11-21T06:00:00Z")
        #expect(text("12125550100") == "2026-11-21T11:00:00Z")
        #expect(text("14155550100") == "2026-11-21T14:00:00Z")
        #expect(text("819012345678") == "2026-11-20T21:00:00Z")
        #expect(text("14155550100", "America/New_York") == "2026-11-21T11:00:00Z", "a zone that is known goes before the number's")
        #expect(text("IN.13491208655302741918") == "2026-11-21T00:30:00Z")
    }

    /// Berlin's clocks jump from 2:00 to 3:00 on 29 March: half past two is the jump, and not an hour earlier.
    @Test func aTimeThatClocksJumpOverIsTheJump() throws {
        let own = window { ($0.timeZone, $0.spreadFrom, $0.spreadTo) = ("recipient", 0, 0) }
        for (wall, expected) in [
            ("2026-03-29T02:30:00Z", "2026-03-29T01:00:00Z"), ("2026-03-29T02:00:00Z", "2026-03-29T01:00:00Z"),
            ("2026-03-29T01:59:00Z", "2026-03-29T00:59:00Z"), ("2026-03-29T03:00:00Z", "2026-03-29T01:00:00Z"),
            ("2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z"),
        ] {
            let times = try SendTimes(own, opening: try Date(wall, strategy: .iso8601).timestamp)
            #expect(Date(times.time(0, "4915112345678", zoneName: "Europe/Berlin")).ISO8601Format() == expected, "\(wall)")
        }
        let new = try SendTimes(own, opening: try Date("2026-03-08T02:30:00Z", strategy: .iso8601).timestamp)
        #expect(Date(new.time(0, "12125550100", zoneName: "America/New_York")).ISO8601Format() == "2026-03-08T07:00:00Z")
    }

    @Test func quietHoursPutOffTillTheyEnd() throws {
        let quiet = window { ($0.quietHours, $0.spreadFrom, $0.spreadTo) = (.init(from: "21:00", to: "08:00"), 0, 0) }
        let times = try SendTimes(quiet, opening: opening)
        // Six in India is quiet there until eight, and past midnight in London.
        #expect(times.time(0, "919876543210", zoneName: nil) == opening + 2 * 3_600_000)
        #expect(times.time(0, "819012345678", zoneName: nil) == opening, "half past nine in Tokyo")
        let london = times.time(0, "447911123456", zoneName: nil)
        #expect(Date(london).ISO8601Format() == "2026-11-21T08:00:00Z")
        #expect(QuietHours(.init(from: "9:00", to: "10:00")) == nil)
        #expect(QuietHours(.init(from: "10:00", to: "10:00")) == nil)
        #expect(QuietHours(.init(from: "24:00", to: "10:00")) == nil)
    }

    /// A window that opens while it is quiet, or into it: who is moved keeps the place and the time that the window had left.
    @Test func whomQuietHoursMoveHasTheRestOfTheWindow() throws {
        let quiet = window { $0.quietHours = .init(from: "21:00", to: "09:00") }
        // 23:00 in India.
        let night = opening + .hours(17)
        let end = opening + .hours(27)
        let moved = try SendTimes(quiet, opening: night)
        var dues: [Timestamp] = []
        for n in 0..<300 {
            let (sendAt, deadline) = moved.due(n, "919876543210", zoneName: nil)
            #expect((end..<end + .seconds(300)).contains(sendAt) && deadline == end + .seconds(330))
            dues.append(sendAt)
        }
        #expect(Set(dues).count > 290, "nobody's message waits for 300 others")
        // 21:00 in India: the first thirty seconds are not quiet.
        let evening = opening + .hours(15)
        let split = try SendTimes(quiet, opening: evening)
        for n in 0..<300 {
            let (sendAt, deadline) = split.due(n, "919876543210", zoneName: nil)
            if sendAt < evening {
                #expect(deadline == evening + .seconds(300))
            } else {
                #expect((end..<end + .seconds(270)).contains(sendAt) && deadline == end + .seconds(300))
            }
        }
    }

    /// The rest of a long window does not reach into the next night.
    @Test func nobodyIsMovedIntoTheNextQuietHours() throws {
        let quiet = window {
            ($0.quietHours, $0.spreadFrom, $0.spreadTo, $0.deadline) = (.init(from: "19:00", to: "08:00"), 0, 46_800, 46_800)
        }
        // 19:00 in India.
        let times = try SendTimes(quiet, opening: opening + .hours(13))
        let zone = try #require(TimeZone(identifier: "Asia/Kolkata"))
        let hours = try #require(QuietHours(.init(from: "19:00", to: "08:00")))
        for n in 0..<300 {
            let (sendAt, deadline) = times.due(n, "919876543210", zoneName: nil)
            #expect(hours.end(ifQuietAt: sendAt, in: zone) == nil && sendAt < deadline, "\(Date(sendAt))")
        }
    }

    @Test func openingsAreNamedInTheirZone() throws {
        let next = try SendTimes.openings(window(), after: opening - 1, count: 2)
        #expect(next == [opening, opening + 86_400_000])
        #expect(throws: CronExpression.Problem.self) { try SendTimes.openings(window { $0.timeZone = "Mars/Olympus" }, after: 0, count: 1) }
    }

    @Test func everyCallingCodesZoneExists() {
        for contact in ["919", "1212", "1416", "4479", "9715", "554", "79", "77", "8613", "2348", "61", "64", "5299", "1876"] {
            let code = CallingCode.of(ContactID(contact))
            #expect(code != nil && TimeZone(identifier: code?.timeZone ?? "") != nil, "\(contact)")
        }
        #expect(CallingCode.of("919876543210")?.country == "IN")
        #expect(CallingCode.of("14165550100")?.country == "CA")
        #expect(CallingCode.of("18765550100")?.country == "JM")
        #expect(CallingCode.of("77012345678")?.country == "KZ")
        #expect(CallingCode.of("IN.134912")?.country == "IN")
    }
}
