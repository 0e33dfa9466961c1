import AccountContract
import Foundation
import RPCContract
import Testing
import Vocabulary

@testable import linda

@Suite struct BeginningTests {
    private let startAt = Campaign.example.startAt ?? .zero

    @Test func everybodysZoneHasItsHourAndItsFirstMoment() {
        let moment = startAt.asTime
        #expect(Beginning.words(startAt, "2026-12-02 09:00") == "2026-12-02 09:00 in everybody's own zone, first at \(moment)")
        #expect(Beginning.words(startAt, nil) == moment)
    }

    /// Where a zone was written, nobody has to reckon from UTC.
    @Test func timesAreThoseOfTheZoneThatWasWritten() throws {
        let kolkata = try #require(TimeZone(identifier: "Asia/Kolkata"))
        var campaign = Campaign.example
        let start = try #require(Timestamp(written: "2026-11-30T00:30:00Z"))
        (campaign.startAt, campaign.localOpening, campaign.deadline) = (start, nil, start + .minutes(5))
        #expect(
            ReportPrinter.times(campaign, in: kolkata) == "begins 2026-11-30T06:00:00+0530, due by 2026-11-30T06:05:00+0530")
        campaign.state = .scheduled
        #expect(GoingOn.words(campaign, in: kolkata).contains("planned for 2026-11-30T06:00:00+0530"))
        campaign.startAt = nil
        #expect(ReportPrinter.times(campaign, in: kolkata) == nil)
        for (text, seconds) in [("+05:30", 19_800), ("-0800", -28_800), ("+02", 7200)] {
            #expect(Beginning.zone(written: "2026-11-30T06:00:00\(text)")?.secondsFromGMT() == seconds)
        }
        #expect(Beginning.zone(written: "2026-11-30T06:00:00Z") == nil)
    }

    /// The place of a fault is the option, not the field of the method.
    @Test func aFaultNamesTheOption() {
        let fault = Fault(.windowPast, "The opening at 2026-11-30T06:00:00+05:30 is over.", path: "next")
        #expect(Trouble(fault).description.contains("is over. (at --at) ["), "\(Trouble(fault))")
    }

    /// What is planned for an opening in everybody's own zone is known by the hour, as it begins before.
    @Test func whatIsPlannedInEverybodysZoneIsKnown() {
        var window = DeliveryWindow.example
        window.timeZone = "recipient"
        let opening = Recurrence.example.next
        let item = ListWindows.Item(window: window, next: [opening], recurring: ["Tea"])
        var recurrence = Recurrence.example
        (recurrence.name, recurrence.window, recurrence.next) = ("Tea", window.name, opening + .days(1))
        var campaign = Campaign.example
        (campaign.name, campaign.startAt, campaign.localOpening) = ("Tea", opening - .minutes(330), "2026-09-21 14:13")
        #expect(WindowsCommand.recurring(in: item, [recurrence], planned: [campaign]) == "Tea")
        campaign.localOpening = "2026-09-22 14:13"
        #expect(WindowsCommand.recurring(in: item, [recurrence], planned: [campaign]).hasPrefix("Tea (not before"))
    }
}
