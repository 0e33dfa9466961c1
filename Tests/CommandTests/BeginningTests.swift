import AccountContract
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
