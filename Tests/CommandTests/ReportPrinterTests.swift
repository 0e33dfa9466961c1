import AccountContract
import Testing

@testable import linda

@Suite struct ReportPrinterTests {
    /// What nobody would get does not look like a plan, and is no success.
    @Test func whatNobodyWouldGetIsNoSuccess() {
        var report = PreflightReport.example
        #expect(ReportPrinter.headline(report) == "9950 recipients, about 2 min")
        (report.recipients, report.seconds) = (1, 0.5)
        #expect(ReportPrinter.headline(report) == "1 recipient, about 1 s")
        (report.recipients, report.numbers) = (0, [])
        #expect(ReportPrinter.headline(report) == "nobody would get it, 50 left out")
        report.skipped = []
        #expect(ReportPrinter.headline(report) == "nobody would get it")
        var progress = CampaignProgress.example
        (progress.campaign.state, progress.campaign.standing, progress.verdict, progress.report) = (.planned, nil, nil, report)
        #expect(ReportPrinter.fellShort(progress))
    }
}
