package import RPCContract
package import Vocabulary

package enum PlanCampaign: RPCMethod {
    package static let name = "campaign.plan"
    package static let summary =
        "Freezes recipients, language, version, parameters and numbers of a template campaign; campaign.status has the pre-flight report."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [
        .templateRefused, .listUnknown, .csvUnreadable, .windowUnknown, .requestKeyReused, .accountUnknown, .windowPast,
    ]
    package typealias Reply = Campaign

    package struct Budget: Codable, Sendable, Equatable {
        package var currency: String
        package var amount: Double

        package init(currency: String, amount: Double) {
            self.currency = currency
            self.amount = amount
        }
    }

    package struct Params: Codable, Sendable {
        package var name: String
        /// One of: a template, or an experiment of template-service, whose templates share the recipients.
        package var template: String?
        package var experiment: String?
        /// The template's first language where absent.
        package var language: String?
        /// For everybody; a recipient's own go before.
        package var variables: [String: String]?
        /// An approved template that goes out instead through a number whose quality is YELLOW when the recipient's turn comes.
        package var cautious: String?
        /// One of: a few recipients, CSV, a broadcast list, or contacts by words (empty for all).
        package var recipients: [Recipient]?
        package var csv: String?
        package var list: String?
        package var contacts: String?
        /// Put before national numbers in the CSV.
        package var countryCode: String?
        /// Only these numbers send; the router chooses among all where absent.
        package var accounts: [PhoneNumberID]?
        /// 0 (first) to 1,000; 500 where absent, so that single messages pass.
        package var priority: Int?
        /// Messages a second at most.
        package var rate: Int?
        /// Failed tries of a message before it is given up; 3 where absent.
        package var attempts: Int?
        /// A delivery window; its next opening, or each one where the window recurs and `recurring` is set.
        package var window: String?
        package var recurring: Bool?
        /// Unix milliseconds at which it begins, instead of a window.
        package var startAt: Int64?
        package var budget: Budget?
        /// Starts as soon as it is planned, where nothing stands in the way.
        package var start: Bool?
        /// The same key gives the same campaign.
        package var requestKey: String

        package init(
            name: String,
            template: String? = nil,
            experiment: String? = nil,
            language: String? = nil,
            variables: [String: String]? = nil,
            cautious: String? = nil,
            recipients: [Recipient]? = nil,
            csv: String? = nil,
            list: String? = nil,
            contacts: String? = nil,
            countryCode: String? = nil,
            accounts: [PhoneNumberID]? = nil,
            priority: Int? = nil,
            rate: Int? = nil,
            attempts: Int? = nil,
            window: String? = nil,
            recurring: Bool? = nil,
            startAt: Int64? = nil,
            budget: Budget? = nil,
            start: Bool? = nil,
            requestKey: String
        ) {
            self.name = name
            self.template = template
            self.experiment = experiment
            self.language = language
            self.variables = variables
            self.cautious = cautious
            self.recipients = recipients
            self.csv = csv
            self.list = list
            self.contacts = contacts
            self.countryCode = countryCode
            self.accounts = accounts
            self.priority = priority
            self.rate = rate
            self.attempts = attempts
            self.window = window
            self.recurring = recurring
            self.startAt = startAt
            self.budget = budget
            self.start = start
            self.requestKey = requestKey
        }
    }

    package static let example = RPCExample(
        Params(
            name: "Diwali offer", template: "diwali_offer", language: "en", variables: ["shop": "Pune"],
            cautious: "diwali_greeting", list: BroadcastList.example.id,
            accounts: ["106540352242922"],
            priority: 500, rate: 100, attempts: 3, window: "01JW0000000000000000000000", recurring: true,
            budget: Budget(currency: "INR", amount: 10_000), start: true, requestKey: "diwali-2026"),
        Campaign.example
    )

    package static let alternatives = [
        Params(
            name: "News", template: "news",
            recipients: [Recipient(contact: "+919876543210", variables: ["name": "Asha"], timeZone: "Asia/Kolkata")],
            startAt: 1_790_000_100_000, requestKey: "news-1"),
        Params(name: "News", template: "news", csv: "phone,name\n+919876543210,Asha\n", countryCode: "91", requestKey: "news-2"),
        Params(name: "News", experiment: "news_test", contacts: "pune", requestKey: "news-3"),
    ]

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...128).contains(params.name.count) else { throw Fault(.params, "name has 1 to 128 characters.", path: "name") }
        guard (params.template == nil) != (params.experiment == nil) else {
            throw Fault(.params, "Give exactly one of template, experiment.", path: "template")
        }
        guard (1...512).contains((params.template ?? params.experiment)?.utf8.count ?? 0) else {
            throw Fault(.params, "A template's or experiment's name has 1 to 512 characters.", path: "template")
        }
        guard (1...512).contains(params.cautious?.utf8.count ?? 1) else {
            throw Fault(.params, "cautious has 1 to 512 characters.", path: "cautious")
        }
        let sources = [params.recipients != nil, params.csv != nil, params.list != nil, params.contacts != nil]
        guard sources.count(where: { $0 }) == 1 else {
            throw Fault(.params, "Give exactly one of recipients, csv, list, contacts.", path: "recipients")
        }
        guard (params.recipients?.count ?? 1) >= 1, (params.recipients?.count ?? 0) <= 20_000 else {
            throw Fault(.params, "recipients holds 1 to 20,000; put more into a broadcast list.", path: "recipients")
        }
        guard (params.csv?.utf8.count ?? 0) <= 4 * 1024 * 1024 else {
            throw Fault(.params, "csv has up to 4 MiB; put more into a broadcast list.", path: "csv")
        }
        guard params.window == nil || params.startAt == nil else { throw Fault(.params, "Give either window or startAt.", path: "startAt") }
        guard params.recurring != true || params.window != nil else {
            throw Fault(.params, "recurring needs a window.", path: "recurring")
        }
        try PlanCampaign.check(budget: params.budget)
        try check(priority: params.priority, rate: params.rate, attempts: params.attempts)
        try SendMessage.check(requestKey: params.requestKey)
    }

    static func check(budget: Budget?) throws(Fault) {
        guard let budget else { return }
        guard budget.amount >= 0 else { throw Fault(.params, "budget.amount is not negative.", path: "budget.amount") }
        guard budget.currency.wholeMatch(of: /[A-Z]{3}/) != nil else {
            throw Fault(.params, "budget.currency is an ISO 4217 code such as INR.", path: "budget.currency")
        }
    }

    static func check(priority: Int?, rate: Int?, attempts: Int?) throws(Fault) {
        guard (0...1000).contains(priority ?? 500) else { throw Fault(.params, "priority is 0 to 1,000.", path: "priority") }
        guard (1...10_000).contains(rate ?? 1) else { throw Fault(.params, "rate is 1 to 10,000 messages a second.", path: "rate") }
        guard (1...20).contains(attempts ?? 3) else { throw Fault(.params, "attempts is 1 to 20.", path: "attempts") }
    }
}

package enum StartCampaign: RPCMethod {
    package static let name = "campaign.start"
    package static let summary =
        "Starts a planned campaign, or schedules it for its window; what stands in the way is refused with its reasons."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState, .campaignBlocked, .windowPast]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum PauseCampaign: RPCMethod {
    package static let name = "campaign.pause"
    package static let summary = "Pauses a campaign: what is not with Meta yet goes back and waits."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum ResumeCampaign: RPCMethod {
    package static let name = "campaign.resume"
    package static let summary = "Goes on with a paused campaign exactly where it stood."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum CancelCampaign: RPCMethod {
    package static let name = "campaign.cancel"
    package static let summary = "Ends a campaign: what is not with Meta yet is never sent."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]
    package typealias Reply = Campaign
    package static let example = RPCExample(CampaignReference(Campaign.example.id), Campaign.example)
}

package enum CampaignStatus: RPCMethod {
    package static let name = "campaign.status"
    package static let summary = "Tells where a campaign stands: counts, rate, time left, deadline, cost; and its pre-flight report."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown]
    package typealias Reply = CampaignProgress
    package static let example = RPCExample(CampaignReference(Campaign.example.id), CampaignProgress.example)
}

package enum ListCampaigns: RPCMethod {
    package static let name = "campaign.list"
    package static let summary = "Lists campaigns, newest first."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        package var state: Campaign.State?
        /// 1 to 500; 50 where absent.
        package var limit: Int?
        /// From `next` of the page before.
        package var cursor: String?

        package init(state: Campaign.State? = nil, limit: Int? = nil, cursor: String? = nil) {
            self.state = state
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Campaign]
        package var next: String?

        package init(items: [Campaign], next: String? = nil) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(state: .running, limit: 50, cursor: Campaign.example.id), Reply(items: [.example], next: Campaign.example.id))

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...500).contains(params.limit ?? 50) else { throw Fault(.params, "limit is 1 to 500.", path: "limit") }
    }
}

package enum SetCampaignBudget: RPCMethod {
    package static let name = "campaign.setBudget"
    package static let summary = "Gives a campaign another budget, all that was spent included; campaign.resume goes on with it."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown]
    package typealias Reply = Campaign

    package struct Params: Codable, Sendable {
        package var id: String
        /// No limit where absent.
        package var budget: PlanCampaign.Budget?

        package init(id: String, budget: PlanCampaign.Budget?) {
            self.id = id
            self.budget = budget
        }
    }

    package static let example = RPCExample(
        Params(id: Campaign.example.id, budget: PlanCampaign.Budget(currency: "INR", amount: 20_000)), Campaign.example)

    package static func validate(_ params: Params) throws(Fault) {
        try PlanCampaign.check(budget: params.budget)
    }
}

package enum RetryCampaign: RPCMethod {
    package static let name = "campaign.retry"
    package static let summary =
        "Writes to failed recipients again, each with a new message; those for whom that makes no sense stay as they are."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState]

    package struct Params: Codable, Sendable {
        package var id: String
        /// Only failures with these codes of Meta's; all that may succeed now where absent.
        package var codes: [Int]?

        package init(id: String, codes: [Int]? = nil) {
            self.id = id
            self.codes = codes
        }
    }

    package struct Reply: Codable, Sendable {
        package var retried: Int
        /// Failed recipients that stay as they are.
        package var left: Int

        package init(retried: Int, left: Int) {
            self.retried = retried
            self.left = left
        }
    }

    package static let example = RPCExample(Params(id: Campaign.example.id, codes: [131049]), Reply(retried: 12, left: 3))
}

package enum CampaignResults: RPCMethod {
    package static let name = "campaign.results"
    package static let summary = "Gives the outcome of every recipient as CSV, a page at a time."
    package static let effect = RPCEffect.read
    package static let deadline = Duration.seconds(60)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown]

    package struct Params: Codable, Sendable {
        package var id: String
        /// 1 to 10,000; 1,000 where absent.
        package var limit: Int?
        /// From `next` of the page before.
        package var cursor: Int?

        package init(id: String, limit: Int? = nil, cursor: Int? = nil) {
            self.id = id
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Codable, Sendable {
        /// With a header on the first page.
        package var csv: String
        package var next: Int?

        package init(csv: String, next: Int? = nil) {
            self.csv = csv
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(id: Campaign.example.id, limit: 1000, cursor: 1000),
        Reply(csv: "line,contact,number,state,message,at,code,explanation\n", next: 2000))

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...10_000).contains(params.limit ?? 1000) else { throw Fault(.params, "limit is 1 to 10,000.", path: "limit") }
    }
}
