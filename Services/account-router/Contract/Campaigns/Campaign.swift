package import RPCContract
package import Vocabulary

/// A message to many people, or a batch of different ones.
package struct Campaign: Described, Equatable {
    /// Whether one plan made all messages, or each was added by itself.
    package enum Kind: String, Codable, Sendable, CaseIterable { case campaign, batch }

    /// How far it is, from its plan to its end.
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

    package var id: CampaignID
    package var kind: Kind
    package var name: String
    package var state: State
    package var reason: String?
    package var template: String?
    package var experiment: String?
    package var language: String?
    package var category: Message.Category?
    package var priority: Int
    package var rate: Int?
    package var createdAt: Timestamp
    package var startedAt: Timestamp?
    package var finishedAt: Timestamp?
    package var startAt: Timestamp?
    package var localOpening: String?
    package var deadline: Timestamp?
    package var standing: String?
    package var window: WindowID?

    package static let fields: Fields = [
        "id": "The campaign or batch.",
        "kind": "Whether it is a campaign, one template to many people, or a batch of different messages.",
        "name": .text("Name of the campaign, shown to people.", 1...128),
        "state": "Where the campaign stands.",
        "reason": .text("Why it is paused, cancelled or refused, was not started, or has reached nobody.", 1...4096),
        "template": .text("Name of the template that is sent. Absent for batches and experiments.", 1...512),
        "experiment": .text("Name of the experiment whose templates share the recipients, instead of one template.", 1...512),
        "language": .language(
            "Language of the template. Absent for batches, for experiments whose templates have several, and before planning if none was asked for."
        ),
        "category": "Category of the campaign's templates. Absent for batches and before planning.",
        "priority": .whole("Place in the queue; 0 is sent first.", 0...1000),
        "rate": .whole("The most that it sends. It goes as fast as its numbers allow if absent.", 1...10_000, unit: "messages a second"),
        "createdAt": "When it was made.",
        "startedAt": "When it first began to send.",
        "finishedAt": "When it was finished, cancelled or refused. Absent before.",
        "startAt":
            "The moment for which it is planned: its window's opening, or the time that was asked for. In everybody's own zone it is when the first of its people is due, and before they are known when anybody could be. Absent if it begins when started.",
        "localOpening": .text(
            "What everybody's own clocks show when the window opens, such as 2026-09-21 09:00. Absent where it opens for all at once.",
            16...16),
        "deadline": "By when all messages should be with Meta. Absent without a window.",
        "standing": .text(
            "Why it does not move while it runs: what its numbers have, when the next person is due, or that only Meta's word is missing; and why it cannot start, or cannot go on where it stands. Absent where nothing is in its way.",
            1...16_384),
        "window": "The delivery window that it was planned for. Absent without one.",
    ]

    package init(
        id: CampaignID,
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
        createdAt: Timestamp,
        startedAt: Timestamp? = nil,
        finishedAt: Timestamp? = nil,
        startAt: Timestamp? = nil,
        localOpening: String? = nil,
        deadline: Timestamp? = nil,
        standing: String? = nil,
        window: WindowID? = nil
    ) {
        self.standing = standing
        self.window = window
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
        self.localOpening = localOpening
        self.deadline = deadline
    }

    package static let example = Campaign(
        id: "01JC0000000000000000000000", kind: .campaign, name: "Diwali offer", state: .running, reason: "budget reached",
        template: "diwali_offer", experiment: "diwali_test", language: "en", category: .marketing, priority: 500, rate: 100,
        createdAt: Timestamp(milliseconds: 1_790_000_000_000),
        startedAt: Timestamp(milliseconds: 1_790_000_100_000), finishedAt: Timestamp(milliseconds: 1_790_000_400_000),
        startAt: Timestamp(milliseconds: 1_790_000_100_000), localOpening: "2026-09-21 19:45",
        deadline: Timestamp(milliseconds: 1_790_000_400_000),
        standing: "nobody is due before 2026-09-21T14:15:00Z", window: DeliveryWindow.example.id)
}

/// What would happen, told before anything is sent.
package struct PreflightReport: Described, Equatable {
    package struct Skip: Described, Equatable {
        package var reason: String
        package var count: Int

        package static let fields: Fields = [
            "reason": .text("Why these recipients are left out.", 0...4096),
            "count": .count("Recipients that are left out for this reason."),
        ]

        package init(reason: String, count: Int) {
            self.reason = reason
            self.count = count
        }
    }

    package struct NumberShare: Described, Equatable {
        package var account: PhoneNumberID
        package var recipients: Int
        package var rate: Double
        package var duration: Milliseconds

        package static let fields: Fields = [
            "account": "The number that sends this share.",
            "recipients": .count("Recipients that the number writes to."),
            "rate": .number("What the number may send now.", 0...1_000_000, unit: "messages a second"),
            "duration": .whole(
                "How long the number takes for its share: at that rate, or at its full one while it may send nothing.",
                0...1_000_000_000_000_000, unit: "ms"),
        ]

        package init(account: PhoneNumberID, recipients: Int, rate: Double, duration: Milliseconds) {
            self.account = account
            self.recipients = recipients
            self.rate = rate
            self.duration = duration
        }
    }

    package var recipients: Int
    package var skipped: [Skip]
    package var numbers: [NumberShare]
    package var duration: Milliseconds
    package var headroom: Int?
    package var cost: [Money]
    package var leastPrices: [Money]?
    package var unpriced: Int
    package var blockers: [String]
    package var warnings: [String]

    package static let fields: Fields = [
        "recipients": .count("Recipients that will be written to."),
        "skipped": .list("Recipients that are left out, by reason, the most frequent reasons first.", 0...50),
        "numbers": .list("The numbers that send, each with its share of the recipients.", 0...10_000),
        "duration": .whole("How long sending takes once it runs, at the present rates.", 0...1_000_000_000_000_000, unit: "ms"),
        "headroom": .count(
            "People that the portfolios may still write to first today. Absent if one of them has no limit, or if no number sends."),
        "cost": .list("Estimated cost by currency. Recipients without a tariff are not in it.", 0...1000),
        "leastPrices": .list(
            "What one message to any of the recipients costs at least, by currency. Absent in reports of campaigns that were planned before it was told.",
            0...1000),
        "unpriced": .count("Recipients for whom no tariff is known."),
        "blockers": .list(
            "Reasons for which the campaign cannot start, in plain words. Empty once it has ended.", 0...16, of: .text(1...4096)),
        "warnings": .list("What is worth knowing before the start, in plain words.", 0...16, of: .text(1...4096)),
    ]

    package init(
        recipients: Int,
        skipped: [Skip],
        numbers: [NumberShare],
        duration: Milliseconds,
        headroom: Int?,
        cost: [Money],
        leastPrices: [Money]? = nil,
        unpriced: Int,
        blockers: [String],
        warnings: [String]
    ) {
        self.recipients = recipients
        self.skipped = skipped
        self.numbers = numbers
        self.duration = duration
        self.headroom = headroom
        self.cost = cost
        self.leastPrices = leastPrices
        self.unpriced = unpriced
        self.blockers = blockers
        self.warnings = warnings
    }

    package static let example = PreflightReport(
        recipients: 9_950,
        skipped: [Skip(reason: "has not agreed to marketing", count: 50)],
        numbers: [NumberShare(account: "106540352242922", recipients: 9_950, rate: 79.2, duration: 125_600)],
        duration: 125_600,
        headroom: 12_000,
        cost: [Money(currency: "INR", micros: 8_689_300_000)],
        leastPrices: [Money(currency: "INR", micros: 863_100)],
        unpriced: 12,
        blockers: ["the template is paused at Meta"],
        warnings: ["it takes 125 s, and the window has 300 s"]
    )
}

/// Where a campaign stands.
package struct CampaignProgress: Described {
    package var campaign: Campaign
    package var namesakes: Int?
    package var report: PreflightReport?
    package var counts: [String: Int]
    package var total: Int
    package var done: Int
    package var rate: Double
    package var timeLeft: Milliseconds?
    package var skips: [PreflightReport.Skip]
    package var verdict: String?
    package var promised: Int
    package var inside: Int
    package var outside: Int
    package var missing: [PreflightReport.Skip]
    package var spent: [Money]
    package var budget: Money?
    package var numbers: [Number]

    package static let fields: Fields = [
        "campaign":
            "The campaign or batch itself. Where several have the name that was asked for it is the one that runs, else one that is paused halfway, else the latest that has sent something, else the latest that has not ended, else the latest.",
        "namesakes": .count("Others that are called as it is. Absent where it was asked for by its id."),
        "report": "The pre-flight report. Absent for batches, and before planning has ended.",
        "counts": .map(
            "Recipients by where they are: planned, skipped, cancelled, queued, unknown, accepted, sent, delivered, read, played, failed. States with nobody are left out.",
            0...11, of: .count),
        "total": .count("Recipients that were or will be written to. Those that were skipped or cancelled do not count."),
        "done": .count("Recipients whose message is with Meta or has failed."),
        "rate": .number("How fast it went over the last ten seconds.", 0...1_000_000, unit: "messages a second"),
        "timeLeft": .whole(
            "How long until all messages are with Meta: at the present rate, and not before the last is due. Absent while nothing moves, or something is in its way.",
            0...1_000_000_000_000_000, unit: "ms"),
        "skips": .list("Who was left out after planning, by reason, the commonest first. Told once it stands still or has ended.", 0...50),
        "verdict": .words(
            "Whether the promise of its window was kept, once that is decided. Absent before, and without a window.", ["kept", "missed"]),
        "promised": .count(
            "People to whom the promise of its window is made: those of the pre-flight report who have not opted out since. 0 without a window."
        ),
        "inside": .count("Messages that were with Meta by the deadline. 0 without a window."),
        "outside": .count("Messages that were with Meta only after the deadline. 0 without a window."),
        "missing": .list(
            "Why people to whom the promise is made were not reached in time, by reason, the commonest first. Empty unless it is missed.",
            0...50),
        "spent": .list("Estimated cost of what has been handed over. Empty if nothing has a price.", 0...1),
        "budget": "What may be spent at most. There is no limit if absent.",
        "numbers": .list("Each number that has taken recipients over, with where those recipients are.", 0...10_000),
    ]

    package struct Number: Described, Equatable {
        package var account: PhoneNumberID
        package var counts: [String: Int]

        package static let fields: Fields = [
            "account": "The number that has taken the recipients over.",
            "counts": .map(
                "Recipients of this number by where they are. The words are those of the campaign's own counts.", 0...11, of: .count),
        ]

        package init(account: PhoneNumberID, counts: [String: Int]) {
            self.account = account
            self.counts = counts
        }
    }

    package init(
        campaign: Campaign,
        namesakes: Int? = nil,
        report: PreflightReport?,
        counts: [String: Int],
        total: Int,
        done: Int,
        rate: Double,
        timeLeft: Milliseconds?,
        skips: [PreflightReport.Skip] = [],
        verdict: String? = nil,
        promised: Int,
        inside: Int,
        outside: Int,
        missing: [PreflightReport.Skip] = [],
        spent: [Money],
        budget: Money?,
        numbers: [Number]
    ) {
        self.campaign = campaign
        self.namesakes = namesakes
        self.report = report
        self.counts = counts
        self.total = total
        self.done = done
        self.rate = rate
        self.timeLeft = timeLeft
        self.skips = skips
        self.verdict = verdict
        self.promised = promised
        self.inside = inside
        self.outside = outside
        self.missing = missing
        self.spent = spent
        self.budget = budget
        self.numbers = numbers
    }

    package static let example = CampaignProgress(
        campaign: .example, namesakes: 2, report: .example, counts: ["planned": 5000, "delivered": 4950], total: 9_950, done: 4_950,
        rate: 79.1,
        timeLeft: 63_200, skips: [PreflightReport.Skip(reason: "its window has closed", count: 5_000)], verdict: "missed",
        promised: 9_950, inside: 4_950, outside: 0, missing: [PreflightReport.Skip(reason: "its window has closed", count: 5_000)],
        spent: [Money(currency: "INR", micros: 4_323_000_000)],
        budget: Money(currency: "INR", micros: 10_000_000_000),
        numbers: [Number(account: "106540352242922", counts: ["delivered": 4950])])
}

/// Names one campaign or batch.
package struct CampaignReference: Described {
    package var id: String

    package static let fields: Fields = [
        "id": .text(
            "The campaign or batch that is meant: its id, or its name. What changes one takes a name only where one alone is meant by it: one that has not ended goes before those that have.",
            1...270, of: .line)
    ]

    package init(_ reference: String) { id = reference }
    package init(_ id: CampaignID) { self.id = id.rawValue }
}
