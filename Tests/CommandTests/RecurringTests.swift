import AccountContract
import Testing
import Vocabulary

@testable import linda

@Suite struct RecurringTests {
    private let opening = Recurrence.example.next

    private func reply(_ zone: String, wasLeftOut: Bool, campaign: CampaignID? = nil) -> [String] {
        let item = Recurrence(id: "01R", name: "Tea", window: "Mornings", timeZone: zone, next: opening + .days(1), leftOut: [opening])
        let skipped = SkippedOpening(opening: opening, wasLeftOut: wasLeftOut, campaign: campaign)
        return CampaignsCommand.Recurring.words(SkipRecurrence.Reply(recurrence: item, openings: [skipped]))
    }

    /// Which time is left out is told with its zone, and what is cancelled by that.
    @Test func aSkipTellsWhichTimeItLeavesOut() {
        let lines = reply("Asia/Kolkata", wasLeftOut: false, campaign: "01C")
        #expect(lines[0].hasPrefix("Tea leaves out 2026-09-21T19:43:20+05"), "\(lines)")
        #expect(lines[0].contains("(Asia/Kolkata)") && lines[0].contains("01C, which was planned for it, is cancelled"))
        #expect(lines[1].hasPrefix("it goes out next at 2026-09-22T19:43:20+05"))
        #expect(lines.last == "linda campaigns recurring unskip 01R takes it back")
        #expect(reply("recipient", wasLeftOut: false)[0] == "Tea leaves out 2026-09-21 14:13 in everybody's own zone")
    }

    @Test func theSameSkipAgainSaysThatItChangesNothing() {
        let lines = reply("Asia/Kolkata", wasLeftOut: true)
        #expect(lines[0].hasSuffix("(Asia/Kolkata) already: nothing has changed"), "\(lines)")
        #expect(lines.contains { $0.contains("--count 2") })
    }

    /// What is told to take it back is not refused for want of a time.
    @Test func whatIsTakenBackIsNamedWhereMoreIsLeftOut() {
        let openings = [opening, opening + .days(1), opening + .days(2)]
        func undo(_ count: Int, _ zone: String = "Asia/Kolkata") -> String? {
            var item = Recurrence(id: "01R", name: "Tea", window: "Mornings", timeZone: zone, next: opening + .days(3))
            item.leftOut = openings
            let skipped = openings.prefix(count).map { SkippedOpening(opening: $0, wasLeftOut: false) }
            return CampaignsCommand.Recurring.words(SkipRecurrence.Reply(recurrence: item, openings: skipped)).last
        }
        #expect(undo(1) == "linda campaigns recurring unskip 01R --at 2026-09-21T19:43:20+0530 takes it back")
        #expect(undo(1, "recipient") == "linda campaigns recurring unskip 01R --at 2026-09-21T14:13:20Z takes it back")
        #expect(undo(3) == "linda campaigns recurring unskip 01R --all takes all 3 back that are left out, --at TIME one of them")
    }

    /// Which `--count` leaves out the opening that goes out next depends on what is left out before it, and not on what was named.
    @Test func theAdviceHoldsForAnOpeningThatWasNamed() throws {
        func lines(_ days: [Int], leftOut: [Int], next: Int, wasLeftOut: [Bool]) -> [String] {
            let item = Recurrence(
                id: "01R", name: "Tea", window: "Mornings", timeZone: "Asia/Kolkata", next: opening + .days(next),
                leftOut: leftOut.map { opening + .days($0) })
            let openings = zip(days, wasLeftOut).map { SkippedOpening(opening: opening + .days($0), wasLeftOut: $1) }
            return CampaignsCommand.Recurring.words(SkipRecurrence.Reply(recurrence: item, openings: openings))
        }
        let far = lines([3], leftOut: [3], next: 0, wasLeftOut: [true])
        #expect(far.contains { $0.hasPrefix("--count 1 leaves that out, too;") }, "\(far)")
        #expect(far.last == "linda campaigns recurring unskip 01R takes it back")
        let between = lines([0], leftOut: [0, 1, 3], next: 2, wasLeftOut: [true])
        #expect(between.contains { $0.hasPrefix("--count 3 leaves that out, too;") }, "\(between)")
        // Several are left out: without an opening `unskip` asks for one.
        let command = try #require(between.last)
        #expect(command.hasPrefix("linda campaigns recurring unskip 01R --at ") && command.hasSuffix(" takes it back"), "\(command)")
        #expect(command.split(separator: " ").dropLast(3).last.flatMap { Timestamp(written: String($0)) } == opening)
        let partly = lines([0, 1], leftOut: [0, 1], next: 2, wasLeftOut: [true, false])
        #expect(
            partly[0].hasSuffix("already") && !partly.contains { $0.contains("nothing has changed") || $0.contains("--count") }, "\(partly)"
        )
        #expect(partly.last == "linda campaigns recurring unskip 01R --all takes all 2 back that are left out, --at TIME one of them")
        #expect(!lines([0], leftOut: Array(0..<100), next: 100, wasLeftOut: [true]).contains { $0.contains("--count") })
    }

    /// Whoever ends a row is told what goes on, what runs right now included.
    @Test func whatGoesOnAfterAStopIsNamed() {
        func words(_ state: Campaign.State, isRunning: Bool) -> String? {
            var campaign = Campaign.example
            (campaign.name, campaign.state) = ("Tea", state)
            let reply = StopRecurrence.Reply(
                id: "01R", name: "Tea", planned: isRunning ? [] : [campaign], running: isRunning ? [campaign] : [])
            let lines = CampaignsCommand.Recurring.words(reply)
            return lines.count == 2 && lines[0] == "Tea no longer recurs" ? lines[1] : nil
        }
        let remedy = "(linda campaigns cancel \(Campaign.example.id) --yes ends it)"
        #expect(words(.running, isRunning: true) == "Tea runs right now, and goes on \(remedy)")
        #expect(words(.paused, isRunning: true) == "Tea is paused, and goes on once it is resumed \(remedy)")
        #expect(words(.scheduled, isRunning: false)?.hasSuffix(", and goes out then \(remedy)") == true)
        #expect(words(.planned, isRunning: false)?.hasSuffix(", and goes out once it is started \(remedy)") == true)
    }

    @Test func takingItBackSaysWhatGoesOut() {
        let item = Recurrence(id: "01R", name: "Tea", window: "Mornings", timeZone: "UTC", next: opening)
        func words(_ openings: [Timestamp], leftOut: [Timestamp] = []) -> [String] {
            var recurrence = item
            recurrence.leftOut = leftOut
            return CampaignsCommand.Recurring.words(UnskipRecurrence.Reply(recurrence: recurrence, openings: openings))
        }
        #expect(words([opening])[0].hasPrefix("Tea does not leave out 2026-09-21T14:13:20Z (UTC) any more"))
        #expect(words([])[0] == "Tea leaves no opening out: nothing has changed")
        #expect(words([], leftOut: [opening])[0] == "Tea does not leave that opening out: nothing has changed")
    }

    @Test func aTimeThatDoesNotExistIsSaidToBeNone() {
        let trouble = #expect(throws: Trouble.self) { try CampaignsCommand.Recurring.opening("tomorrow") }
        #expect(trouble?.description == "--at tomorrow is not a time that exists. Write it like 2026-11-30T06:00:00+05:30.")
    }
}
