import AccountContract
import RPCContract
import Testing

@testable import AccountCampaigns

/// What may be done with a campaign in which state, all of it.
@Suite struct CampaignStepTests {
    static let allowed: [CampaignStep: Set<Campaign.State>] = [
        .start: [.open, .planned], .pause: [.running, .scheduled], .resume: [.paused], .fill: [.open],
        .cancel: [.open, .planning, .planned, .scheduled, .running, .paused],
    ]

    @Test(arguments: CampaignStep.allCases, Campaign.State.allCases)
    func aStepIsTakenOnlyWhereItMakesSense(step: CampaignStep, state: Campaign.State) {
        var campaign = Campaign.example
        campaign.state = state
        if Self.allowed[step]?.contains(state) == true {
            #expect(throws: Never.self) { try step.check(campaign) }
        } else {
            let fault = #expect(throws: Fault.self) { try step.check(campaign) }
            #expect(fault?.code == .campaignState && fault?.path == "id")
            #expect(fault?.message.hasPrefix("\(campaign.name) is \(state.rawValue): ") == true)
            if step == .cancel { #expect(fault?.message.hasSuffix("it has ended, and nothing was changed.") == true) }
        }
    }
}
