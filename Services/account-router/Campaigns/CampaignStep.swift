import AccountContract
import RPCContract

/// The steps that a campaign may take, and in which states.
enum CampaignStep: String, CaseIterable {
    case start, pause, resume, cancel, fill

    /// - Throws: where the state does not allow it, with what does.
    func check(_ campaign: Campaign) throws(Fault) {
        func no(_ why: String) -> Fault { Fault(.campaignState, "\(campaign.name) is \(campaign.state.rawValue): \(why)", path: "id") }
        switch (self, campaign.state) {
        case (.start, .planned), (.start, .open), (.pause, .running), (.pause, .scheduled), (.resume, .paused), (.fill, .open): return
        case (.cancel, .open), (.cancel, .planning), (.cancel, .planned), (.cancel, .scheduled), (.cancel, .running), (.cancel, .paused):
            return
        case (.start, .planning): throw no("its recipients are still being frozen; campaign.status tells when that is done.")
        case (.start, .refused): throw no(campaign.reason ?? "it could not be planned.")
        case (.start, .paused): throw no("campaign.resume goes on with it.")
        case (.fill, _): throw no("messages are added before batch.process.")
        case (_, .finished), (_, .cancelled), (_, .refused): throw no("it has ended, and nothing was changed.")
        default: throw no("it cannot \(rawValue) now.")
        }
    }
}
