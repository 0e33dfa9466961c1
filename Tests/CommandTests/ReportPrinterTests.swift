import AccountContract
import Testing
import Vocabulary

@testable import linda

@Suite struct ReportPrinterTests {
    /// What nobody would get does not look like a plan, and is no success.
    @Test func whatNobodyWouldGetIsNoSuccess() {
        var report = PreflightReport.example
        #expect(ReportPrinter.headline(report) == "9950 recipients, about 2 min")
        (report.recipients, report.duration) = (1, 500)
        #expect(ReportPrinter.headline(report) == "1 recipient, about 1 s")
        (report.recipients, report.numbers) = (0, [])
        #expect(ReportPrinter.headline(report) == "nobody would get it, 50 left out")
        report.skipped = []
        #expect(ReportPrinter.headline(report) == "nobody would get it")
        var progress = CampaignProgress.example
        (progress.campaign.state, progress.campaign.standing, progress.verdict, progress.report) = (.planned, nil, nil, report)
        #expect(ReportPrinter.fellShort(progress))
    }

    /// Nobody is missing from the sum after a cancellation, and no line ends where something should follow.
    @Test(
        arguments: [
            (["delivered": 15, "cancelled": 46], "61 recipients, 15 done, 46 cancelled: delivered 15"),
            (["delivered": 15], "15 of 15 done: delivered 15"), (["cancelled": 3], "3 recipients, 0 done, 3 cancelled"),
            (["skipped": 3], "nobody is written to: skipped 3"), ([:], nil),
        ] as [([String: Int], String?)])
    func everybodyIsCounted(counts: [String: Int], line: String?) {
        var progress = CampaignProgress.example
        progress.counts = counts
        (progress.done, progress.total) = (counts["delivered"] ?? 0, counts["delivered"] ?? 0)
        #expect(ReportPrinter.people(progress) == line)
    }

    /// What was promised, what was kept of it, and why not all.
    @Test func aMissedPromiseSaysWhy() {
        var progress = CampaignProgress.example
        (progress.promised, progress.inside, progress.outside, progress.verdict) = (20, 8, 3, "missed")
        progress.missing = [.init(reason: "it came late", count: 9), .init(reason: "it failed", count: 3)]
        #expect(
            ReportPrinter.promise(progress) == [
                "8 of 20 by the deadline, 3 after it; the promise is missed",
                "  12 were not reached in time: 9 × it came late, 3 × it failed",
            ])
        (progress.inside, progress.outside, progress.verdict, progress.missing) = (0, 0, nil, [])
        #expect(ReportPrinter.promise(progress).isEmpty)
    }

    @Test func whatIsSentHasItsLanguage() {
        var campaign = Campaign.example
        #expect(ReportPrinter.content(campaign) == "diwali_offer (en)")
        (campaign.template, campaign.language) = (nil, nil)
        #expect(ReportPrinter.content(campaign) == "diwali_test")
        campaign.experiment = nil
        #expect(ReportPrinter.content(campaign) == nil)
    }

    /// Which of several of one name is shown is said, and how another is found.
    @Test(
        arguments: [
            (.running, 5, "the one that runs"), (.paused, 5, "the latest that is paused halfway"),
            (.finished, 5, "the latest that has sent something"), (.cancelled, 0, "the latest"),
            (.scheduled, 0, "the latest that has not ended"),
        ] as [(Campaign.State, Int, String)])
    func theChoiceIsSaid(state: Campaign.State, done: Int, which: String) {
        var progress = CampaignProgress.example
        (progress.campaign.state, progress.done, progress.counts) = (state, done, [:])
        let id = progress.campaign.id
        #expect(
            ReportPrinter.choice(progress)
                == "Diwali offer is \(id), \(which) of 3 that are called so; linda campaigns --ids lists the others")
        progress.namesakes = 0
        #expect(ReportPrinter.choice(progress) == nil)
    }

    /// What kept it from starting is over once it has started, and more so once it has ended.
    @Test(arguments: Campaign.State.allCases) func whatIsOverIsNotSaid(state: Campaign.State) {
        var progress = CampaignProgress.example
        progress.campaign.state = state
        progress.report?.blockers = ["no tariff is known"]
        let told: [Campaign.State: String] = [.planned: "cannot start", .scheduled: "cannot go on", .paused: "cannot go on"]
        #expect(ReportPrinter.obstacles(progress) == (told[state].map { ["\($0): no tariff is known"] } ?? []))
    }
}
