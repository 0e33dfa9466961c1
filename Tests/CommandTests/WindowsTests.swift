import AccountContract
import Testing
import Vocabulary

@testable import linda

@Suite struct WindowsTests {
    /// A window opens whether or not what recurs in it goes out then.
    @Test func whatLeavesAnOpeningOutHasItsOwnNext() {
        let opening = Recurrence.example.next
        let item = ListWindows.Item(window: .example, next: [opening, opening + .days(1)], recurring: ["Tea", "News"])
        func recurrence(_ name: String, _ next: Timestamp, _ window: String = DeliveryWindow.example.name) -> Recurrence {
            Recurrence(id: CampaignID(name), name: name, window: window, timeZone: "Asia/Kolkata", next: next)
        }
        let all = [recurrence("Tea", opening), recurrence("News", opening + .days(1)), recurrence("Else", opening, "Evening")]
        let skipped = WindowsCommand.recurring(in: item, all, planned: [])
        #expect(skipped.hasPrefix("Tea, News (not before 2026-09-22T19:43:20+05"), "\(skipped)")
        // Planned for the opening already, it goes out then.
        var campaign = Campaign.example
        campaign.name = "News"
        (campaign.startAt, campaign.localOpening) = (opening, nil)
        #expect(WindowsCommand.recurring(in: item, all, planned: [campaign]) == "Tea, News")
        #expect(WindowsCommand.recurring(in: item, all, planned: [campaign], unstarted: ["Tea"]) == "Tea (not started), News")
    }

    /// What is scheduled goes out without its window, and what runs goes on: whoever deletes it is told.
    @Test func whatADeletedWindowLeavesIsNamed() throws {
        let opening = Recurrence.example.next
        var item = ListWindows.Item(window: .example, next: [opening], recurring: [])
        var campaign = Campaign.example
        (campaign.state, campaign.startAt, campaign.localOpening) = (.scheduled, opening, nil)
        let told = try #require(WindowsCommand.loss(of: item, campaigns: [campaign]))
        #expect(told.hasPrefix("\(campaign.name) is planned for 2026-09-21T19:43:20+0530, and goes out then"), "\(told)")
        #expect(told.hasSuffix("(linda campaigns cancel \(campaign.id) --yes ends it)"), "\(told)")
        campaign.state = .running
        #expect(WindowsCommand.loss(of: item, campaigns: [campaign])?.contains("runs right now, and goes on (linda") == true)
        campaign.state = .planned
        #expect(WindowsCommand.loss(of: item, campaigns: [campaign])?.contains("goes out once it is started") == true)
        (campaign.state, campaign.window) = (.running, "01JW0000000000000000000001")
        #expect(WindowsCommand.loss(of: item, campaigns: [campaign]) == nil, "it is of another window")
        item.recurring = ["Tea"]
        #expect(WindowsCommand.loss(of: item, campaigns: []) == "Tea would no longer recur")
    }

    @Test func aWindowThatIsDefinedSaysWhenItOpensInItsZone() {
        var reply = CreateWindow.Reply(window: .example, next: [Recurrence.example.next], warnings: [])
        #expect(WindowsCommand.openings(reply) == "Morning opens next at 2026-09-21T19:43:20+0530 (Asia/Kolkata)")
        reply.window.timeZone = "recipient"
        reply.next.append(Recurrence.example.next + .days(1))
        #expect(
            WindowsCommand.openings(reply) == "Morning opens next at 2026-09-21 14:13, then at 2026-09-22 14:13 in everybody's own zone")
    }

    /// The same name sets every rule anew; what was planned before keeps the rules that it had.
    @Test func whatAWindowLosesIsTold() {
        var (former, window, campaign) = (DeliveryWindow.example, DeliveryWindow.example, Campaign.example)
        former.quietHours = DeliveryWindow.QuietHours(from: "21:00", to: "05:30")
        window.quietHours = nil
        campaign.state = .scheduled
        let lines = WindowsCommand.changes(from: former, to: window, [campaign])
        #expect(lines.first == "note: it has no quiet hours any more; they were 21:00-05:30")
        #expect(lines.count == 2 && lines.last?.hasPrefix("by the former rules: \(campaign.name) is planned") == true, "\(lines)")
        #expect(WindowsCommand.changes(from: window, to: window, [campaign]).isEmpty)
        campaign.state = .running
        #expect(WindowsCommand.changes(from: former, to: window, [campaign]).count == 1)
    }
}
