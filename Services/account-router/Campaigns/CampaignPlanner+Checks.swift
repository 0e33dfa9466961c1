import AccountContract
import RPCContract
import TemplateContract
import Vocabulary

/// The properties that the parts of one chunk must have in common.
extension CampaignPlanner {
    static func check(
        _ composed: [Composed], cautious: [Composed], _ params: PlanCampaign.Params, of campaign: Campaign
    ) throws(Fault) {
        try check(composed + cautious, against: campaign.category)
        try check(cautious, hasAccountOf: composed)
        guard params.experiment == nil else { return }
        try check(params.variables ?? [:], areOf: Array(composed.prefix(1)) + Array(cautious.prefix(1)))
    }

    /// Prices, routes and consent go by the category, so one campaign has one.
    private static func check(_ composed: [Composed], against known: Message.Category?) throws(Fault) {
        guard let category = known ?? composed.first?.category, let other = composed.first(where: { $0.category != category }) else {
            return
        }
        throw Fault(
            .templateRefused,
            "\(other.template) is \(other.category.rawValue), and the campaign is \(category.rawValue): all its templates have one category."
        )
    }

    /// A misspelt name would leave everybody with the default, or with nothing.
    private static func check(_ variables: [String: String], areOf composed: [Composed]) throws(Fault) {
        let name = composed.first?.template ?? "The template"
        let known = Set(composed.flatMap(\.variables)).sorted()
        guard let unknown = UnknownVariable(among: variables.keys, of: name, with: known) else { return }
        throw Fault(.templateRefused, unknown.words)
    }

    /// Whichever of the two a number sends, it must be of its account.
    private static func check(_ cautious: [Composed], hasAccountOf composed: [Composed]) throws(Fault) {
        for (calmer, part) in zip(cautious, composed) where calmer.wabaID != part.wabaID {
            throw Fault(
                .templateRefused,
                "\(part.template) belongs to the account \(part.wabaID?.rawValue ?? "?") and \(calmer.template) to \(calmer.wabaID?.rawValue ?? "?"): the cautious template has the account of the other."
            )
        }
    }
}
