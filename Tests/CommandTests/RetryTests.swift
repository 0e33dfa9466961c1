import AccountContract
import Testing

@testable import linda

@Suite struct RetryTests {
    private func words(_ reply: RetryCampaign.Reply, _ counts: [String: Int], _ state: Campaign.State = .running) -> [String] {
        var progress = CampaignProgress.example
        (progress.counts, progress.campaign.state) = (counts, state)
        return CampaignsCommand.Retry.words(reply, progress)
    }

    /// Who was left out is counted, with what takes them along.
    @Test func whatIsUnclearIsToldWithTheOption() {
        let lines = words(.init(retried: 3, left: 2, unclear: 2), ["planned": 3, "failed": 2])
        #expect(lines.count == 2 && lines[0] == "3 recipients are written to again, 2 stay failed", "\(lines)")
        #expect(lines[1].hasPrefix("2 of those that stay failed were left out, as nobody knows"), "\(lines)")
        #expect(lines[1].contains("linda campaigns retry \(Campaign.example.id) --unclear"), "\(lines)")
        #expect(words(.init(retried: 1, left: 1), ["failed": 1]) == ["1 recipient is written to again, 1 stays failed"])
        #expect(words(.init(retried: 0, left: 2), ["failed": 2]) == ["0 recipients are written to again, 2 stay failed"])
    }

    /// What Meta has not answered yet is nobody's to repeat, with the option or without.
    @Test func whatIsUnknownIsToldApart() {
        let lines = words(.init(retried: 0, left: 0), ["unknown": 4, "accepted": 6])
        #expect(lines.count == 2 && lines[1].hasPrefix("4 more have not failed") && !lines[1].contains("--unclear"), "\(lines)")
        let paused = words(.init(retried: 1, left: 0), ["planned": 1], .paused)
        #expect(paused.last == "The campaign is paused; linda campaigns resume \(Campaign.example.id) continues it.")
    }
}
