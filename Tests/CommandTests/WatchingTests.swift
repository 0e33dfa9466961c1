import AccountContract
import Testing
import Vocabulary

@testable import linda

@Suite struct WatchingTests {
    @Test(arguments: [(400, "1 s"), (63_200, "64 s"), (900_000, "15 min"), (50_400_000, "14 h")] as [(Milliseconds, String)])
    func whatIsLeftIsToldAsPeopleSayIt(left: Milliseconds, text: String) {
        #expect(ProgressBar.text(ProgressBar.Pace(rate: 12.3, left: left)) == "  12/s  \(text) left")
    }

    @Test func whatIsToComeIsWatchedBeforeWhatHasEnded() {
        func campaign(_ id: CampaignID, _ state: Campaign.State, name: String = "Diwali") -> Campaign {
            var campaign = Campaign.example
            (campaign.id, campaign.state, campaign.name) = (id, state, name)
            return campaign
        }
        let all = [campaign("4", .scheduled, name: "Holi"), campaign("3", .cancelled), campaign("2", .scheduled), campaign("1", .planned)]
        #expect(Watching.coming("Diwali", among: all)?.id == "2")
        #expect(Watching.coming("Diwali", among: [campaign("1", .finished)]) == nil)
    }

    /// What was cancelled is still of everybody it was for.
    @Test func theEndTellsOfEverybody() {
        var progress = CampaignProgress.example
        (progress.done, progress.total, progress.skips, progress.campaign.state) = (15, 15, [], .cancelled)
        progress.counts = ["delivered": 15, "cancelled": 46]
        #expect(Watching.outcome(progress) == "15 of 61 done, cancelled")
        progress.campaign.state = .finished
        progress.campaign.finishedAt = progress.campaign.startedAt.map { $0 + .seconds(63) }
        #expect(Watching.outcome(progress) == "15 of 61 done, finished in 63 s", "from its start, whenever somebody began to watch")
        progress.campaign.finishedAt = nil
        #expect(Watching.outcome(progress) == "15 of 61 done, finished")
        progress.campaign.state = .planned
        #expect(Watching.outcome(progress) == "is planned and has not been started")
    }

    /// What account-router says counts, and not how fast it has gone since somebody began to watch.
    @Test func thePaceIsTheCampaignsOwn() {
        var progress = CampaignProgress.example
        #expect(Watching.pace(progress)?.left == progress.timeLeft && Watching.pace(progress)?.rate == progress.rate)
        progress.timeLeft = nil
        #expect(Watching.pace(progress) == nil, "nothing moves")
        progress = .example
        progress.counts = ["accepted": 4_950, "unknown": 5000]
        #expect(Watching.pace(progress) == nil, "Meta's word alone ends it")
    }

    /// `watch` says what `report` and the list say, and goes on watching.
    @Test func whatMetaAloneKnowsIsToldInTheCampaignsWords() {
        var progress = CampaignProgress.example
        progress.counts = ["accepted": 4_950, "unknown": 5000]
        progress.campaign.standing = "5000 wait for Meta's word on whether they were sent"
        #expect(Watching.detail(progress) == "running, 5000 wait for Meta's word on whether they were sent")
        #expect(!ReportPrinter.stands(progress))
        progress.counts = ["accepted": 4_950, "planned": 1, "unknown": 4999]
        progress.campaign.standing = "+918047181000 is banned"
        #expect(Watching.detail(progress) == "running" && ReportPrinter.stands(progress))
    }

    /// What a number has is often all that keeps the campaign from moving: it is said once, and not again at the end.
    @Test func noLineIsSaidTwice() {
        var told: [String] = []
        let banned = "+918047181000 is banned"
        #expect(Watching.news([banned], standing: banned, told: &told) == [banned])
        #expect(Watching.news([banned], standing: "the budget is used up", told: &told) == ["it does not move: the budget is used up"])
        #expect(Watching.news([banned], standing: "the budget is used up", told: &told).isEmpty)
        #expect(Watching.isTold(banned, told) && Watching.isTold("the budget is used up", told) && !Watching.isTold("another", told))
    }

    /// What has gone and comes back is news, and what the last look has not found is not known at the end.
    @Test func troubleThatReturnsIsToldAgain() {
        var told: [String] = []
        let (held, banned) = ("+918047181000 is held by Meta", "+918047181001 is banned")
        for wanted in [[held, banned], [held], [held]] {
            #expect(Watching.news([held, banned], standing: held, told: &told) == wanted)
            #expect(Watching.news([held, banned], standing: held, told: &told).isEmpty)
            #expect(Watching.news([banned], standing: nil, told: &told).isEmpty)
            #expect(told == [banned] && !Watching.isTold(held, told))
        }
    }

    /// A line that is wider than the terminal would stay, and the next one stand beneath it.
    @Test(
        arguments: [
            ("Big", 60), ("Big", 40), ("A campaign of Diwali with quite a long name here", 80), ("दिवाली की शुभकामनाएँ", 60), ("Big", 24),
        ])
    func theProgressIsOneLine(name: String, width: Int) {
        let figures = "4950/10000  12/s  15 min left"
        let line = ProgressBar.line(name, 0.5, figures, detail: "running, 87 failed", width: width)
        #expect(TerminalWidth.of(line) < width, "\(line)")
        #expect(line.contains(figures) || width == 24, "the figures are whole: \(line)")
        if width == 80 { #expect(line.contains("A campaign of") && line.contains("…") && line.contains("████░░░░ "), "\(line)") }
        if width == 60 { #expect(line.contains("████░░░░ ") && line.contains("left  runn"), "\(line)") }
        #expect(
            ProgressBar.line("Big", 1, "5/5", detail: "running", width: nil) == "Big \(String(repeating: "█", count: 30)) 5/5  running")
    }

    @Test func aReportIsFoldedBetweenWords() {
        let text = "15 of 61 done: queued 2, sent 10\n  note: the template unpauses by itself"
        #expect(
            TerminalText.lines(text, width: 30) == [
                "15 of 61 done: queued 2,", "  sent 10", "  note: the template", "    unpauses by itself",
            ])
        #expect(TerminalText.lines(text, width: nil).count == 2)
    }
}
