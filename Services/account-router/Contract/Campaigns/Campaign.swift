import RPCContract
package import Vocabulary

/// A message to many people, or a batch of different ones.
package struct Campaign: Codable, Sendable, Equatable {
    package enum Kind: String, Codable, Sendable { case campaign, batch }

    package enum State: String, Codable, Sendable, CaseIterable {
        /// A batch that is still being filled.
        case open
        /// Recipients are being frozen: language, version, parameters, number.
        case planning
        /// Ready; the pre-flight report tells what would happen.
        case planned
        /// Started, and its time has not come.
        case scheduled
        case running
        case paused
        /// Every recipient has been handed to Meta, or failed, or was left out.
        case finished
        case cancelled
        /// It could not be planned; `reason` says why.
        case refused

        package var hasEnded: Bool { self == .finished || self == .cancelled || self == .refused }
    }

    package var id: String
    package var kind: Kind
    package var name: String
    package var state: State
    /// Why it is paused or refused.
    package var reason: String?
    package var template: String?
    /// Instead of one template.
    package var experiment: String?
    package var language: String?
    package var category: Message.Category?
    package var priority: Int
    /// Messages a second at most; as fast as its numbers may where absent.
    package var rate: Int?
    /// Unix milliseconds.
    package var createdAt: Int64
    package var startedAt: Int64?
    package var finishedAt: Int64?
    /// When the first message is due, and by when all should be with Meta; for campaigns with a window.
    package var startAt: Int64?
    package var deadline: Int64?

    package init(
        id: String,
        kind: Kind,
        name: String,
        state: State,
        reason: String? = nil,
        template: String? = nil,
        experiment: String? = nil,
        language: String? = nil,
        category: Message.Category? = nil,
        priority: Int,
        rate: Int? = nil,
        createdAt: Int64,
        startedAt: Int64? = nil,
        finishedAt: Int64? = nil,
        startAt: Int64? = nil,
        deadline: Int64? = nil
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.state = state
        self.reason = reason
        self.template = template
        self.experiment = experiment
        self.language = language
        self.category = category
        self.priority = priority
        self.rate = rate
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.startAt = startAt
        self.deadline = deadline
    }

    package static let example = Campaign(
        id: "01JC0000000000000000000000", kind: .campaign, name: "Diwali offer", state: .running, reason: "budget reached",
        template: "diwali_offer", experiment: "diwali_test", language: "en", category: .marketing, priority: 500, rate: 100,
        createdAt: 1_790_000_000_000,
        startedAt: 1_790_000_100_000, finishedAt: 1_790_000_400_000, startAt: 1_790_000_100_000, deadline: 1_790_000_400_000)
}

/// What would happen, told before anything is sent.
package struct PreflightReport: Codable, Sendable, Equatable {
    package struct Skip: Codable, Sendable, Equatable {
        package var reason: String
        package var count: Int

        package init(reason: String, count: Int) {
            self.reason = reason
            self.count = count
        }
    }

    package struct NumberShare: Codable, Sendable, Equatable {
        package var account: PhoneNumberID
        package var recipients: Int
        /// Messages a second that it may send now.
        package var rate: Double
        package var seconds: Double

        package init(account: PhoneNumberID, recipients: Int, rate: Double, seconds: Double) {
            self.account = account
            self.recipients = recipients
            self.rate = rate
            self.seconds = seconds
        }
    }

    package struct Cost: Codable, Sendable, Equatable {
        package var currency: String
        package var amount: Double

        package init(currency: String, amount: Double) {
            self.currency = currency
            self.amount = amount
        }
    }

    /// Recipients that will be written to.
    package var recipients: Int
    /// Those left out, by reason.
    package var skipped: [Skip]
    package var numbers: [NumberShare]
    /// Seconds that sending takes once it runs, at the present rates.
    package var seconds: Double
    /// People that the portfolios may still write to first today; absent where there is no limit.
    package var headroom: Int?
    /// By currency; nothing for countries without a tariff.
    package var cost: [Cost]
    /// Recipients for whom no tariff is known.
    package var unpriced: Int
    /// What stands in the way of starting.
    package var blockers: [String]
    /// What is worth knowing.
    package var warnings: [String]

    package init(
        recipients: Int,
        skipped: [Skip],
        numbers: [NumberShare],
        seconds: Double,
        headroom: Int?,
        cost: [Cost],
        unpriced: Int,
        blockers: [String],
        warnings: [String]
    ) {
        self.recipients = recipients
        self.skipped = skipped
        self.numbers = numbers
        self.seconds = seconds
        self.headroom = headroom
        self.cost = cost
        self.unpriced = unpriced
        self.blockers = blockers
        self.warnings = warnings
    }

    package static let example = PreflightReport(
        recipients: 9_950,
        skipped: [Skip(reason: "has not agreed to marketing", count: 50)],
        numbers: [NumberShare(account: "106540352242922", recipients: 9_950, rate: 79.2, seconds: 125.6)],
        seconds: 125.6,
        headroom: 12_000,
        cost: [Cost(currency: "INR", amount: 8_689.3)],
        unpriced: 12,
        blockers: ["the template is paused at Meta"],
        warnings: ["it takes 125 s, and the window has 300 s"]
    )
}

/// Where a campaign stands.
package struct CampaignProgress: Codable, Sendable {
    package var campaign: Campaign
    package var report: PreflightReport?
    /// Recipients by where they are: planned, skipped, cancelled, queued, unknown, accepted, sent, delivered, read, played, failed.
    package var counts: [String: Int]
    /// All that are to be sent.
    package var total: Int
    /// With Meta, or failed.
    package var done: Int
    /// Messages a second over the last ten seconds.
    package var rate: Double
    /// Seconds until all are with Meta, at the present rate; absent while nothing moves.
    package var secondsLeft: Double?
    /// With Meta by the deadline, and after it; for campaigns with a window.
    package var inside: Int
    package var outside: Int
    /// Estimated cost of what has been handed over.
    package var spent: [PreflightReport.Cost]
    /// What may be spent at most.
    package var budget: PreflightReport.Cost?
    /// What each number has taken over, and where it is; by number.
    package var numbers: [Number]

    package struct Number: Codable, Sendable, Equatable {
        package var account: PhoneNumberID
        /// As `counts` of the whole.
        package var counts: [String: Int]

        package init(account: PhoneNumberID, counts: [String: Int]) {
            self.account = account
            self.counts = counts
        }
    }

    package init(
        campaign: Campaign,
        report: PreflightReport?,
        counts: [String: Int],
        total: Int,
        done: Int,
        rate: Double,
        secondsLeft: Double?,
        inside: Int,
        outside: Int,
        spent: [PreflightReport.Cost],
        budget: PreflightReport.Cost?,
        numbers: [Number]
    ) {
        self.campaign = campaign
        self.report = report
        self.counts = counts
        self.total = total
        self.done = done
        self.rate = rate
        self.secondsLeft = secondsLeft
        self.inside = inside
        self.outside = outside
        self.spent = spent
        self.budget = budget
        self.numbers = numbers
    }

    package static let example = CampaignProgress(
        campaign: .example, report: .example, counts: ["planned": 5000, "delivered": 4950], total: 9_950, done: 4_950, rate: 79.1,
        secondsLeft: 63.2, inside: 4_950, outside: 0, spent: [PreflightReport.Cost(currency: "INR", amount: 4_323)],
        budget: PreflightReport.Cost(currency: "INR", amount: 10_000),
        numbers: [Number(account: "106540352242922", counts: ["delivered": 4950])])
}

/// Names one campaign or batch.
package struct CampaignReference: Codable, Sendable {
    package var id: String

    package init(_ id: String) { self.id = id }
}
