package import RPCContract
package import Vocabulary

package enum QualityStatus: RPCMethod {
    package static let name = "quality.status"
    package static let summary = "Tells the quality of every number, its trend, and what was done because of it."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/quality", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    /// Where the number's quality is going, by its last ratings.
    package enum Trend: String, Codable, Sendable, CaseIterable { case rising, steady, falling }

    package struct Item: Described {
        package var account: PhoneNumberID
        package var quality: Account.Quality
        package var health: Account.Health
        package var marketingShare: Int
        package var trend: Trend
        package var explanation: String
        package var last: AccountHealth.Step?

        package static let fields: Fields = [
            "account": "The number.",
            "quality": "Meta's latest quality rating.",
            "health": "How the number is treated because of what Meta says of it.",
            "marketingShare": .whole("Share of the number's rate that marketing may use.", 0...100, unit: "percent"),
            "trend": "Whether the latest step made things better or worse; `steady` if neither.",
            "explanation": .text("How the number is treated now, in plain words.", 1...256),
            "last": "The latest step of kind `quality` or `health`; absent if there is none among the latest 50 steps.",
        ]

        package init(
            account: PhoneNumberID,
            quality: Account.Quality,
            health: Account.Health,
            marketingShare: Int,
            trend: Trend,
            explanation: String,
            last: AccountHealth.Step?
        ) {
            self.account = account
            self.quality = quality
            self.health = health
            self.marketingShare = marketingShare
            self.trend = trend
            self.explanation = explanation
            self.last = last
        }
    }

    package struct Reply: Described {
        package var items: [Item]

        package static let fields: Fields = [
            "items": .list("The numbers of the workspace, the master first.", 0...10_000)
        ]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(items: [
            Item(
                account: "106540352242922", quality: .yellow, health: .cautious, marketingShare: 50, trend: .falling,
                explanation: "Quality is YELLOW: marketing goes at half the rate.",
                last: AccountHealth.Step(
                    id: 7, at: Timestamp(milliseconds: 1_790_000_000_000), kind: "health", from: "ready", to: "cautious",
                    reason: "quality became yellow",
                    reverted: false))
        ])
    )
}

package enum RevertQuality: RPCMethod {
    package static let name = "quality.revert"
    package static let summary =
        "Takes back a step that was taken with a number because of its quality, but not what Meta has decided itself; what was before holds until Meta's next word."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/quality/{id}/revert", .admin)
    package static let faults: [FaultCode] = [.stepUnknown, .stepOvertaken, .stepOfMeta]
    package typealias Reply = Account

    package struct Params: Described {
        package var id: Int64

        package static let fields: Fields = [
            "id": .whole(
                "The step to take back, as account.health lists it. A later step of the same number must be taken back first.",
                1...9_007_199_254_740_991)
        ]

        package init(id: Int64) { self.id = id }
    }

    package static let example = RPCExample(Params(id: 7), Account.example)
}

package enum ReleaseAccount: RPCMethod {
    package static let name = "account.release"
    package static let summary =
        "Ends the hold of a number's account (WABA) once its bill is paid or its lock lifted; waiting messages go out."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/accounts/{phoneNumberID}/release", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.accountUnknown]
    package typealias Params = AccountReference
    package typealias Reply = Account

    package static let example = RPCExample(AccountReference("106540352242922"), Account.example)
}
