package import RPCContract
package import Vocabulary

/// What Meta charges for one delivered message, from a day on.
package struct Tariff: Described, Equatable {
    package var country: String
    package var category: Message.Category
    package var price: Money
    package var from: Timestamp

    package static let fields: Fields = [
        "country": Field("The recipient's country as two capital letters of ISO 3166, or * for all other countries.", .country(or: "*")),
        "category": "The category of the messages that have this price.",
        "price": "What Meta charges for one delivered message.",
        "from": "When the price begins to hold.",
    ]

    package init(country: String, category: Message.Category, price: Money, from: Timestamp) {
        self.country = country
        self.category = category
        self.price = price
        self.from = from
    }

    package static let example = Tariff(
        country: "IN", category: .marketing, price: Money(currency: "INR", micros: 863_100),
        from: Timestamp(milliseconds: 1_790_000_000_000))
}

package enum ImportTariffs: RPCMethod {
    package static let name = "tariff.import"
    package static let summary = "Takes Meta's rate card: what a message costs by country and category, from a day on."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/tariffs", .admin)
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var items: [Tariff]

        package static let fields: Fields = [
            "items": .list(
                "The prices to take. One with the same country, category and beginning replaces the one that is known.", 1...5000)
        ]

        package init(items: [Tariff]) { self.items = items }
    }

    package struct Reply: Described {
        package var known: Int

        package static let fields: Fields = [
            "known": .count("Prices that are known now, past and future ones included.")
        ]

        package init(known: Int) { self.known = known }
    }

    package static let example = RPCExample(Params(items: [.example]), Reply(known: 240))
}

package enum ListTariffs: RPCMethod {
    package static let name = "tariff.list"
    package static let summary = "Lists what messages cost now."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/tariffs", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Described {
        package var items: [Tariff]

        package static let fields: Fields = [
            "items": .list("The prices that hold now, by country and category.", 0...5000)
        ]

        package init(items: [Tariff]) { self.items = items }
    }

    package static let example = RPCExample(Nothing(), Reply(items: [.example]))
}

/// A span of time.
package struct Period: Described {
    package var from: Timestamp?
    package var to: Timestamp?

    package static let fields: Fields = [
        "from": "Where the period begins. 30 days ago if absent.",
        "to": "Where the period ends. Now if absent.",
    ]

    package init(from: Timestamp? = nil, to: Timestamp? = nil) {
        self.from = from
        self.to = to
    }
}

package enum CostAnalytics: RPCMethod {
    package static let name = "analytics.cost"
    package static let summary = "Tells what messages cost by country and category, and how many Meta charged for."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/analytics/cost", .viewer)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Described {
        package var country: String
        package var category: Message.Category
        package var messages: Int
        package var billable: Int
        package var cost: Money?

        package static let fields: Fields = [
            "country": Field("The recipients' country as two capital letters of ISO 3166, or the word unknown.", .country(or: "unknown")),
            "category": "The category by which Meta prices the messages; the message's own category if Meta has not said.",
            "messages": .count("Messages that were sent in the period and delivered."),
            "billable": .count("Messages that Meta said it charges for."),
            "cost":
                "What the messages cost by the prices of their days; those that Meta said are free cost nothing. Absent if no tariff is known.",
        ]

        package init(country: String, category: Message.Category, messages: Int, billable: Int, cost: Money?) {
            self.country = country
            self.category = category
            self.messages = messages
            self.billable = billable
            self.cost = cost
        }
    }

    package struct Reply: Described {
        package var from: Timestamp
        package var to: Timestamp
        package var items: [Item]

        package static let fields: Fields = [
            "from": "Where the counted period begins: the half hour that holds the asked moment.",
            "to": "Where the counted period ends, at the end of a half hour.",
            "items": .list("The cost by country, category and currency.", 0...10_000),
        ]

        package init(from: Timestamp, to: Timestamp, items: [Item]) {
            self.from = from
            self.to = to
            self.items = items
        }
    }

    package static let example = RPCExample(
        Period(from: Timestamp(milliseconds: 1_790_000_000_000), to: Timestamp(milliseconds: 1_790_086_400_000)),
        Reply(
            from: Timestamp(milliseconds: 1_789_999_200_000), to: Timestamp(milliseconds: 1_790_087_400_000),
            items: [
                Item(
                    country: "IN", category: .marketing, messages: 9_950, billable: 9_900,
                    cost: Money(currency: "INR", micros: 8_544_700_000))
            ])
    )
}

package enum DeliveryAnalytics: RPCMethod {
    package static let name = "analytics.delivery"
    package static let summary = "Counts messages from queued to read, by number, with the reasons of failures."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/analytics/delivery", .viewer)
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Described {
        package var account: PhoneNumberID
        package var messages: Int
        package var accepted: Int
        package var sent: Int
        package var delivered: Int
        package var read: Int
        package var failed: Int
        package var acceptP50: Milliseconds?
        package var acceptP99: Milliseconds?

        package static let fields: Fields = [
            "account": "The number that sent the messages.",
            "messages": .count("Messages that the number began to send in the period."),
            "accepted": .count("Of them, messages that Meta has accepted, or told of later states of."),
            "sent": .count("Messages that Meta has sent, delivered and read ones included."),
            "delivered": .count("Messages that have been delivered, read ones included."),
            "read": .count("Messages that have been read or played."),
            "failed": .count("Messages that have failed."),
            "acceptP50":
                "Half of the accepted messages took no longer than this from queueing to Meta's acceptance, over the days in UTC that the period touches. Absent if none was accepted.",
            "acceptP99":
                "99 of 100 accepted messages took no longer than this from queueing to Meta's acceptance, over those days. Absent if none was accepted.",
        ]

        package init(
            account: PhoneNumberID,
            messages: Int,
            accepted: Int,
            sent: Int,
            delivered: Int,
            read: Int,
            failed: Int,
            acceptP50: Milliseconds?,
            acceptP99: Milliseconds?
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

    package struct Reply: Described {
        package var from: Timestamp
        package var to: Timestamp
        package var items: [Item]
        package var failures: [MessageStatistics.Failure]

        package static let fields: Fields = [
            "from": "Where the counted period begins: the half hour that holds the asked moment.",
            "to": "Where the counted period ends, at the end of a half hour.",
            "items": .list("The figures of each number that sent in the period.", 0...10_000),
            "failures": .list("Reasons for which messages failed, the most frequent first.", 0...50),
        ]

        package init(from: Timestamp, to: Timestamp, items: [Item], failures: [MessageStatistics.Failure]) {
            self.from = from
            self.to = to
            self.items = items
            self.failures = failures
        }
    }

    package static let example = RPCExample(
        Period(from: Timestamp(milliseconds: 1_790_000_000_000), to: Timestamp(milliseconds: 1_790_086_400_000)),
        Reply(
            from: Timestamp(milliseconds: 1_789_999_200_000), to: Timestamp(milliseconds: 1_790_087_400_000),
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
    package static let http: HTTPRoute? = .get("/v1/analytics/sla", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Described {
        package var campaign: CampaignID
        package var name: String
        package var state: Campaign.State
        package var startAt: Timestamp
        package var localOpening: String?
        package var deadline: Timestamp
        package var total: Int
        package var inside: Int
        package var outside: Int
        package var share: Double
        package var target: Double
        package var verdict: String
        package var reason: String?
        package var expectedAt: Timestamp?

        package static let fields: Fields = [
            "campaign": "The campaign that has a deadline.",
            "name": .text("Name of the campaign, shown to people.", 1...128),
            "state": "Where the campaign stands.",
            "startAt":
                "The opening of the window for which the campaign is planned. In everybody's own zone it is when the first of its people is due, and before they are known when anybody could be.",
            "localOpening": .text(
                "What everybody's own clocks show when the window opens, such as 2026-09-21 09:00. Absent where it opens for all at once.",
                16...16),
            "deadline": "By when all messages should be with Meta.",
            "total": .count(
                "People to whom the promise is made: those of the pre-flight report who have not opted out since."),
            "inside": .count("Messages that were with Meta by the deadline."),
            "outside": .count("Messages that were with Meta only after the deadline."),
            "share": .number(
                "Messages with Meta by the deadline, of all people to whom the promise is made, not rounded up.", 0...100, unit: "percent"),
            "target": .number("Share that should be with Meta by the deadline.", 1...100, unit: "percent"),
            "verdict": .words(
                "kept or missed once the campaign or its window has ended, withdrawn where it was cancelled before anybody was due; onTime or atRisk before.",
                ["kept", "missed", "withdrawn", "onTime", "atRisk"]),
            "reason": .text("Why it is missed or at risk, in plain words. Absent otherwise.", 1...16_384),
            "expectedAt":
                "When the last message will be with Meta at the present rate. Absent if the campaign does not run, or nothing moves.",
        ]

        package init(
            campaign: CampaignID,
            name: String,
            state: Campaign.State,
            startAt: Timestamp,
            localOpening: String? = nil,
            deadline: Timestamp,
            total: Int,
            inside: Int,
            outside: Int,
            share: Double,
            target: Double,
            verdict: String,
            reason: String? = nil,
            expectedAt: Timestamp?
        ) {
            self.campaign = campaign
            self.name = name
            self.state = state
            self.startAt = startAt
            self.localOpening = localOpening
            self.deadline = deadline
            self.total = total
            self.inside = inside
            self.outside = outside
            self.share = share
            self.target = target
            self.verdict = verdict
            self.reason = reason
            self.expectedAt = expectedAt
        }
    }

    package struct Reply: Described {
        package var items: [Item]

        package static let fields: Fields = [
            "items": .list("The campaigns with a deadline, latest opening first.", 0...500)
        ]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Period(from: Timestamp(milliseconds: 1_790_000_000_000), to: Timestamp(milliseconds: 1_790_086_400_000)),
        Reply(items: [
            Item(
                campaign: Campaign.example.id, name: "Diwali offer", state: .running, startAt: Timestamp(milliseconds: 1_790_000_000_000),
                localOpening: "2026-09-21 19:43", deadline: Timestamp(milliseconds: 1_790_000_300_000), total: 10_000, inside: 9_920,
                outside: 10, share: 99.2, target: 99,
                verdict: "atRisk", reason: "70 still wait",
                expectedAt: Timestamp(milliseconds: 1_790_000_290_000))
        ])
    )
}
