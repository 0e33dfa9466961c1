package import RPCContract
package import Vocabulary

package enum SetCampaignBudget: RPCMethod {
    package static let name = "campaign.setBudget"
    package static let summary = "Gives a campaign another budget, all that was spent included; campaign.resume goes on with it."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .put("/v1/campaigns/{id}/budget", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown]
    package typealias Reply = Campaign

    package struct Params: Described {
        package var id: String
        @Nullable package var budget: Money?

        package static let fields: Fields = [
            "id": .text("The campaign that gets another budget.", 1...270, of: .line),
            "budget": Field(
                "What the whole campaign may cost, with all that was spent already: above 0, and in the currency of the rate card.",
                .object(CampaignBudget.self),
                null: "Removes the limit."),
        ]

        package init(id: String, budget: Money?) {
            self.id = id
            self.budget = budget
        }
    }

    package static let example = RPCExample(
        Params(id: Campaign.example.id.rawValue, budget: Money(currency: "INR", micros: 20_000_000_000)), Campaign.example)
}

/// An amount above 0: nothing could be sent with a budget of 0, which somebody may mean as none.
enum CampaignBudget: HasFields {
    package static let fields: Fields = [
        "currency": .currency("The currency of the budget, which is that of the rate card."),
        "micros": .whole(
            "The budget in millionths of the currency's unit: 863100 is 0.8631. A campaign without a limit has no budget.",
            1...Money.greatest, unit: "millionths"),
    ]
}
