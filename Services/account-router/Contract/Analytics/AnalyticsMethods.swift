package import RPCContract
package import Vocabulary

/// What Meta charges for one delivered message, from a day on.
package struct Tariff: Codable, Sendable, Equatable {
    /// ISO code of the recipient's country, or `*` for all others.
    package var country: String
    package var category: Message.Category
    /// ISO 4217.
    package var currency: String
    /// For one message.
    package var amount: Double
    /// Unix milliseconds from which it holds.
    package var from: Int64

    package init(country: String, category: Message.Category, currency: String, amount: Double, from: Int64) {
        self.country = country
        self.category = category
        self.currency = currency
        self.amount = amount
        self.from = from
    }

    package static let example = Tariff(country: "IN", category: .marketing, currency: "INR", amount: 0.8631, from: 1_790_000_000_000)
}

package enum ImportTariffs: RPCMethod {
    package static let name = "tariff.import"
    package static let summary = "Takes Meta's rate card: what a message costs by country and category, from a day on."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        /// 1 to 5,000.
        package var items: [Tariff]

        package init(items: [Tariff]) { self.items = items }
    }

    package struct Reply: Codable, Sendable {
        package var known: Int

        package init(known: Int) { self.known = known }
    }

    package static let example = RPCExample(Params(items: [.example]), Reply(known: 240))

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...5000).contains(params.items.count) else { throw Fault(.params, "items holds 1 to 5,000.", path: "items") }
        for (index, item) in params.items.enumerated() {
            guard item.country == "*" || item.country.wholeMatch(of: /[A-Z]{2}/) != nil else {
                throw Fault(.params, "country is an ISO code such as IN, or *.", path: "items[\(index)].country")
            }
            guard item.currency.wholeMatch(of: /[A-Z]{3}/) != nil else {
                throw Fault(.params, "currency is an ISO 4217 code such as INR.", path: "items[\(index)].currency")
            }
            guard (0...10_000).contains(item.amount) else {
                throw Fault(.params, "amount is 0 to 10,000.", path: "items[\(index)].amount")
            }
        }
    }
}

package enum ListTariffs: RPCMethod {
    package static let name = "tariff.list"
    package static let summary = "Lists what messages cost now."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Codable, Sendable {
        package var items: [Tariff]

        package init(items: [Tariff]) { self.items = items }
    }

    package static let example = RPCExample(Nothing(), Reply(items: [.example]))
}

/// A span of time.
package struct Period: Codable, Sendable {
    /// Unix milliseconds; 30 days ago where absent.
    package var from: Int64?
    /// Now where absent.
    package var to: Int64?

    package init(from: Int64? = nil, to: Int64? = nil) {
        self.from = from
        self.to = to
    }
}

package enum CostAnalytics: RPCMethod {
    package static let name = "analytics.cost"
    package static let summary = "Tells what messages cost by country and category, and how many Meta charged for."
    package static let effect = RPCEffect.read
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Codable, Sendable {
        package var country: String
        package var category: Message.Category
        package var messages: Int
        /// Those that Meta said it charges for.
        package var billable: Int
        package var currency: String?
        package var amount: Double

        package init(country: String, category: Message.Category, messages: Int, billable: Int, currency: String?, amount: Double) {
            self.country = country
            self.category = category
            self.messages = messages
            self.billable = billable
            self.currency = currency
            self.amount = amount
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Item]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Period(from: 1_790_000_000_000, to: 1_790_086_400_000),
        Reply(items: [Item(country: "IN", category: .marketing, messages: 9_950, billable: 9_900, currency: "INR", amount: 8_544.7)])
    )
}

package enum DeliveryAnalytics: RPCMethod {
    package static let name = "analytics.delivery"
    package static let summary = "Counts messages from queued to read, by number, with the reasons of failures."
    package static let effect = RPCEffect.read
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Codable, Sendable {
        package var account: PhoneNumberID
        package var messages: Int
        package var accepted: Int
        package var sent: Int
        package var delivered: Int
        package var read: Int
        package var failed: Int
        /// Milliseconds from queueing to Meta's acceptance: median and 99 of 100.
        package var acceptP50: Int64?
        package var acceptP99: Int64?

        package init(
            account: PhoneNumberID,
            messages: Int,
            accepted: Int,
            sent: Int,
            delivered: Int,
            read: Int,
            failed: Int,
            acceptP50: Int64?,
            acceptP99: Int64?
        ) {
            self.account = account
            self.messages = messages
            self.accepted = accepted
            self.sent = sent
            self.delivered = delivered
            self.read = read
            self.failed = failed
            self.acceptP50 = acceptP50
            self.acceptP99 = acceptP99
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Item]
        package var failures: [MessageStatistics.Failure]

        package init(items: [Item], failures: [MessageStatistics.Failure]) {
            self.items = items
            self.failures = failures
        }
    }

    package static let example = RPCExample(
        Period(from: 1_790_000_000_000, to: 1_790_086_400_000),
        Reply(
            items: [
                Item(
                    account: "106540352242922", messages: 100, accepted: 99, sent: 99, delivered: 97, read: 60, failed: 1, acceptP50: 120,
                    acceptP99: 900)
            ],
            failures: [MessageStatistics.Failure(code: 131026, reason: "The recipient cannot get it.", count: 1)])
    )
}

package enum SLAAnalytics: RPCMethod {
    package static let name = "analytics.sla"
    package static let summary =
        "Tells of each windowed campaign how much was with Meta by its deadline, and how it is going for those that run."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Codable, Sendable {
        package var campaign: String
        package var name: String
        package var state: Campaign.State
        /// Unix milliseconds.
        package var startAt: Int64
        package var deadline: Int64
        package var total: Int
        package var inside: Int
        package var outside: Int
        /// Percent with Meta by the deadline, of all that are to be sent.
        package var share: Double
        package var target: Double
        /// `kept`, `missed`, `onTime` or `atRisk` while it runs.
        package var verdict: String
        /// When the last message will be with Meta, as it is going; while it runs.
        package var expectedAt: Int64?

        package init(
            campaign: String,
            name: String,
            state: Campaign.State,
            startAt: Int64,
            deadline: Int64,
            total: Int,
            inside: Int,
            outside: Int,
            share: Double,
            target: Double,
            verdict: String,
            expectedAt: Int64?
        ) {
            self.campaign = campaign
            self.name = name
            self.state = state
            self.startAt = startAt
            self.deadline = deadline
            self.total = total
            self.inside = inside
            self.outside = outside
            self.share = share
            self.target = target
            self.verdict = verdict
            self.expectedAt = expectedAt
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Item]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Period(from: 1_790_000_000_000, to: 1_790_086_400_000),
        Reply(items: [
            Item(
                campaign: Campaign.example.id, name: "Diwali offer", state: .running, startAt: 1_790_000_000_000,
                deadline: 1_790_000_300_000, total: 10_000, inside: 9_920, outside: 10, share: 99.2, target: 99, verdict: "onTime",
                expectedAt: 1_790_000_290_000)
        ])
    )
}
