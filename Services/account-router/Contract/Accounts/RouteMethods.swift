package import RPCContract
package import Vocabulary

/// How new contacts are spread over the numbers of a workspace.
package enum RoutingStrategy: String, Codable, Sendable, CaseIterable {
    /// By weight, each contact always to the same number.
    case weighted
    case roundRobin
    /// To the number with the least work waiting for its rate.
    case leastLoaded
    case random
    /// To the master as long as it can, then by weight.
    case masterFirst
    /// To the number with the best score.
    case qualityFirst
}

package enum SetStrategy: RPCMethod {
    package static let name = "strategy.set"
    package static let summary = "Chooses how new contacts are spread over the numbers."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .put("/v1/strategy", .admin)

    package struct Params: Described {
        package var name: RoutingStrategy
        package var geographic: Bool?

        package static let fields: Fields = [
            "name": "How new contacts are spread over the numbers.",
            "geographic": "Whether numbers of the contact's own country are preferred; unchanged if absent.",
        ]

        package init(name: RoutingStrategy, geographic: Bool? = nil) {
            self.name = name
            self.geographic = geographic
        }
    }

    package static let example = RPCExample(Params(name: .weighted, geographic: true), Nothing())
}

package enum GetStrategy: RPCMethod {
    package static let name = "strategy.get"
    package static let summary = "Tells how new contacts are spread over the numbers."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/strategy", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Described {
        package var name: RoutingStrategy
        package var geographic: Bool

        package static let fields: Fields = [
            "name": "How new contacts are spread over the numbers.",
            "geographic": "Whether numbers of the contact's own country are preferred.",
        ]

        package init(name: RoutingStrategy, geographic: Bool) {
            self.name = name
            self.geographic = geographic
        }
    }

    package static let example = RPCExample(Nothing(), Reply(name: .weighted, geographic: false))
}

package enum PreviewRoute: RPCMethod {
    package static let name = "route.preview"
    package static let summary = "Tells which number would send to a contact, and why; and why the others would not."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/routes/{contact}", .viewer)
    package static let faults: [FaultCode] = [.noRoute, .accountUnknown]
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var contact: ContactID
        package var category: Message.Category?

        package static let fields: Fields = [
            "contact": "The person that would be written to.",
            "category": "What kind of message it would be; `service` if absent.",
        ]

        package init(contact: ContactID, category: Message.Category? = nil) {
            self.contact = contact
            self.category = category
        }
    }

    package struct Reply: Described {
        package var account: PhoneNumberID
        package var reason: String
        package var others: [String: String]

        package static let fields: Fields = [
            "account": "The number that would send the message.",
            "reason": .text("Why this number would be chosen, in plain words.", 1...256),
            "others": .map(
                "Why the other numbers would not be chosen, by number. Of one that could also send it, that it could.", 0...10_000,
                of: .text(1...256)),
        ]

        package init(account: PhoneNumberID, reason: String, others: [String: String]) {
            self.account = account
            self.reason = reason
            self.others = others
        }
    }

    package static let example = RPCExample(
        Params(contact: "919876543210", category: .marketing),
        Reply(
            account: "106540352242922", reason: "the contact is used to this number",
            others: ["106540352242923": "its quality is red, so it sends no marketing"])
    )
}

package enum PreferRoute: RPCMethod {
    package static let name = "route.prefer"
    package static let summary = "Has a contact written to from one number whenever that number can; without a number the preference ends."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .put("/v1/routes/{contact}", .agent)
    package static let faults: [FaultCode] = [.accountUnknown]
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var contact: ContactID
        @Nullable package var account: PhoneNumberID?

        package static let fields: Fields = [
            "contact": "The person to write to.",
            "account": Field("The number to write from whenever it can send.", null: "Ends the preference."),
        ]

        package init(contact: ContactID, account: PhoneNumberID?) {
            self.contact = contact
            self.account = account
        }
    }

    package static let example = RPCExample(Params(contact: "919876543210", account: "106540352242922"), Nothing())
}

package enum SetPortfolio: RPCMethod {
    package static let name = "portfolio.set"
    package static let summary =
        "Sets a portfolio's messaging limit, as Meta's Business Manager shows it; Meta's own events change it later."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .put("/v1/portfolios/{id}", .admin)
    package static let faults: [FaultCode] = [.accountUnknown]

    package struct Params: Described {
        package var id: String
        @Nullable package var messagingLimit: Int?

        package static let fields: Fields = [
            "id": .text("Meta's id of the business portfolio.", 1...32, of: .digits),
            "messagingLimit": .whole(
                "People that may be written to first in 24 hours.", 1...10_000_000, unit: "people", null: "Lifts the limit."),
        ]

        package init(id: String, messagingLimit: Int?) {
            self.id = id
            self.messagingLimit = messagingLimit
        }
    }

    package static let example = RPCExample(Params(id: "506914307656634", messagingLimit: 2000), Nothing())
}

package enum ListPortfolios: RPCMethod {
    package static let name = "portfolio.list"
    package static let summary = "Lists the portfolios with their messaging limits and what is left of them."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/portfolios", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Described {
        package var id: String
        package var messagingLimit: Int?
        package var isAssumed: Bool
        package var word: String?
        package var headroom: Int?
        package var held: Milliseconds?
        package var accounts: [PhoneNumberID]

        package static let fields: Fields = [
            "id": .text(
                "Meta's id of the business portfolio, or of the WhatsApp Business Account if the portfolio is not known.", 1...32,
                of: .digits),
            "messagingLimit": .count("People that may be written to first in 24 hours; absent if Meta has lifted the limit."),
            "isAssumed": "Whether nobody has said the limit yet, so that Meta's smallest holds.",
            "word": .text("What Meta said last of the limit in a word that is not known, which changed nothing.", 1...64),
            "headroom": .count("People that may still be written to first in these 24 hours; absent if Meta has lifted the limit."),
            "held":
                "How long the portfolio's marketing still waits because Meta holds messages of it for quality assessment; absent if it does not.",
            "accounts": .list("The workspace's numbers in the portfolio.", 0...10_000),
        ]

        package init(
            id: String, messagingLimit: Int?, isAssumed: Bool, word: String? = nil, headroom: Int?, held: Milliseconds? = nil,
            accounts: [PhoneNumberID]
        ) {
            self.id = id
            self.messagingLimit = messagingLimit
            self.isAssumed = isAssumed
            self.word = word
            self.headroom = headroom
            self.held = held
            self.accounts = accounts
        }
    }

    package struct Reply: Described {
        package var items: [Item]

        package static let fields: Fields = [
            "items": .list("The portfolios of the workspace's numbers.", 0...10_000)
        ]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(items: [
            Item(
                id: "506914307656634", messagingLimit: 2000, isAssumed: false, word: "TIER_NOT_SET", headroom: 1200, held: 1_200_000,
                accounts: ["106540352242922"])
        ])
    )
}
