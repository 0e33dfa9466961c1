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

    package struct Params: Codable, Sendable {
        package var name: RoutingStrategy
        /// Prefers numbers of the contact's own country; stays as it is where absent.
        package var geographic: Bool?

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
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Codable, Sendable {
        package var name: RoutingStrategy
        package var geographic: Bool

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
    package static let faults: [FaultCode] = [.noRoute, .accountUnknown]
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        package var contact: ContactID
        /// `service` where absent.
        package var category: Message.Category?

        package init(contact: ContactID, category: Message.Category? = nil) {
            self.contact = contact
            self.category = category
        }
    }

    package struct Reply: Codable, Sendable {
        package var account: PhoneNumberID
        package var reason: String
        /// Numbers that were left out, with the reason of each.
        package var others: [String: String]

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
    package static let faults: [FaultCode] = [.accountUnknown]
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        package var contact: ContactID
        package var account: PhoneNumberID?

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
    package static let faults: [FaultCode] = [.accountUnknown]

    package struct Params: Codable, Sendable {
        package var id: String
        /// People that may be written to first in 24 hours; absent where Meta has lifted the limit.
        package var messagingLimit: Int?

        package init(id: String, messagingLimit: Int?) {
            self.id = id
            self.messagingLimit = messagingLimit
        }
    }

    package static let example = RPCExample(Params(id: "506914307656634", messagingLimit: 2000), Nothing())

    package static func validate(_ params: Params) throws(Fault) {
        try Digits.check(params.id, "id")
        guard (1...10_000_000).contains(params.messagingLimit ?? 1) else {
            throw Fault(.params, "messagingLimit is 1 to 10,000,000.", path: "messagingLimit")
        }
    }
}

package enum ListPortfolios: RPCMethod {
    package static let name = "portfolio.list"
    package static let summary = "Lists the portfolios with their messaging limits and what is left of them."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Codable, Sendable {
        package var id: String
        package var messagingLimit: Int?
        /// People that may still be written to first in these 24 hours.
        package var headroom: Int?
        package var accounts: [PhoneNumberID]

        package init(id: String, messagingLimit: Int?, headroom: Int?, accounts: [PhoneNumberID]) {
            self.id = id
            self.messagingLimit = messagingLimit
            self.headroom = headroom
            self.accounts = accounts
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Item]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(items: [Item(id: "506914307656634", messagingLimit: 2000, headroom: 1200, accounts: ["106540352242922"])])
    )
}
