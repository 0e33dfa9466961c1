package import RPCContract
package import Vocabulary

package enum PlanCapacity: RPCMethod {
    package static let name = "capacity.plan"
    package static let summary =
        "Tells how much the numbers may send and have sent, when most, what is coming, and whether so many messages fit so much time."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/capacity", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var days: Int?
        package var category: Message.Category?
        package var messages: Int?
        package var seconds: Seconds?

        package static let fields: Fields = [
            "days": .whole("How far back the load is looked at.", 1...90, unit: "days", absent: 7),
            "category":
                "The category of the messages to be sent. Marketing if absent, the category that numbers of low quality send less of.",
            "messages": .whole(
                "How many messages are to be sent; asks with seconds whether they fit. Give both or neither.", 1...100_000_000),
            "seconds": .whole(
                "The time in which the messages should be with Meta. Give it together with messages.", 1...604_800, unit: "seconds"),
        ]

        package init(days: Int? = nil, category: Message.Category? = nil, messages: Int? = nil, seconds: Seconds? = nil) {
            self.days = days
            self.category = category
            self.messages = messages
            self.seconds = seconds
        }
    }

    package struct Number: Described, Equatable {
        package var account: PhoneNumberID
        package var allowed: Int
        package var rate: Double
        package var obstacle: String?
        package var learnedShare: Double
        package var messages: Int
        package var peak: Int
        package var peakAt: Timestamp?
        package var queueTime: Milliseconds

        package static let fields: Fields = [
            "account": "The number whose capacity this is.",
            "allowed": .whole("What Meta allows the number to send.", 1...1000, unit: "messages a second"),
            "rate": .number(
                "What the number can be counted on to send of the category now. 0 if something is in the way.", 0...1_000_000,
                unit: "messages a second"),
            "obstacle": .text(
                "What is in the way, in plain words. Absent if the number counts. A spare counts only while no active number can send.",
                1...1024),
            "learnedShare": .number(
                "Part of the allowed rate that the number uses, as Meta's refusals have taught. 1 means all of it.", 0...1),
            "messages": .count("Messages that the number sent in the period, answers included."),
            "peak": .count("The most messages that the number sent in one second of the period."),
            "peakAt": "Beginning of the hour in which the peak was. Absent if nothing was sent.",
            "queueTime": .whole("How long the number needs for the messages that wait for it.", 0...1_000_000_000_000, unit: "ms"),
        ]

        package init(
            account: PhoneNumberID,
            allowed: Int,
            rate: Double,
            obstacle: String?,
            learnedShare: Double,
            messages: Int,
            peak: Int,
            peakAt: Timestamp?,
            queueTime: Milliseconds
        ) {
            self.account = account
            self.allowed = allowed
            self.rate = rate
            self.obstacle = obstacle
            self.learnedShare = learnedShare
            self.messages = messages
            self.peak = peak
            self.peakAt = peakAt
            self.queueTime = queueTime
        }
    }

    package struct Hour: Described, Equatable {
        package var at: Timestamp
        package var messages: Int

        package static let fields: Fields = [
            "at": "Beginning of the hour.",
            "messages": .count("Messages that all numbers together sent in the hour."),
        ]

        package init(at: Timestamp, messages: Int) {
            self.at = at
            self.messages = messages
        }
    }

    /// A campaign with a window, scheduled or running.
    package struct Coming: Described, Equatable {
        package var campaign: CampaignID
        package var name: String
        package var startAt: Timestamp
        package var deadline: Timestamp
        package var messages: Int
        package var perSecond: Double
        package var enough: Bool

        package static let fields: Fields = [
            "campaign": "The campaign that is scheduled or running in a window.",
            "name": .text("Name of the campaign, shown to people.", 1...128),
            "startAt": "When the campaign begins. Now if it runs already.",
            "deadline": "By when all its messages should be with Meta.",
            "messages": .count("Messages of the campaign that are not with Meta yet."),
            "perSecond": .number(
                "The rate that its window asks for, together with campaigns that are open at the same time.", 0...1_000_000_000,
                unit: "messages a second"),
            "enough": "Whether the numbers can send at that rate.",
        ]

        package init(
            campaign: CampaignID,
            name: String,
            startAt: Timestamp,
            deadline: Timestamp,
            messages: Int,
            perSecond: Double = 0,
            enough: Bool = true
        ) {
            self.campaign = campaign
            self.name = name
            self.startAt = startAt
            self.deadline = deadline
            self.messages = messages
            self.perSecond = perSecond
            self.enough = enough
        }
    }

    /// The answer to `messages` and `seconds`, what waits already going first.
    package struct Need: Described, Equatable {
        package var perSecond: Double
        package var takes: Milliseconds?
        package var enough: Bool

        package static let fields: Fields = [
            "perSecond": .number(
                "The rate that is needed to send what was asked about, and what waits already, in that time.", 0...1_000_000_000,
                unit: "messages a second"),
            "takes": .whole(
                "How long the numbers take for it now. Absent if nothing can be sent.", 0...1_000_000_000_000_000, unit: "ms"),
            "enough": "Whether it fits both the rate of the numbers and the headroom of the portfolios.",
        ]

        package init(perSecond: Double, takes: Milliseconds?, enough: Bool) {
            self.perSecond = perSecond
            self.takes = takes
            self.enough = enough
        }
    }

    package struct Reply: Described {
        package var perSecond: Double
        package var headroom: Int?
        package var waiting: Int
        package var numbers: [Number]
        package var busiest: [Hour]
        package var coming: [Coming]
        package var need: Need?
        package var advice: [String]

        package static let fields: Fields = [
            "perSecond": .number("What all numbers together can send of the category now.", 0...1_000_000_000, unit: "messages a second"),
            "headroom": .count(
                "People that the portfolios may still write to first in these 24 hours. Absent for service messages, if a portfolio has no limit, or if no number can send."
            ),
            "waiting": .count("Messages that go out as soon as they can: those of running campaigns and those in the queue."),
            "numbers": .list("Each number of the workspace with its capacity and load.", 0...10_000),
            "busiest": .list("The hours of the period in which most was sent, busiest first.", 0...5),
            "coming": .list("Campaigns with a window that are scheduled or running.", 0...10_000),
            "need": "Whether the messages fit the time. Absent if messages and seconds were not given.",
            "advice": .list("What to do, in plain words.", 0...100_000, of: .text(1...1024)),
        ]

        package init(
            perSecond: Double,
            headroom: Int?,
            waiting: Int,
            numbers: [Number],
            busiest: [Hour],
            coming: [Coming],
            need: Need?,
            advice: [String]
        ) {
            self.perSecond = perSecond
            self.headroom = headroom
            self.waiting = waiting
            self.numbers = numbers
            self.busiest = busiest
            self.coming = coming
            self.need = need
            self.advice = advice
        }
    }

    package static let example = RPCExample(
        Params(days: 7, category: .marketing, messages: 48_000, seconds: 300),
        Reply(
            perSecond: 79.2,
            headroom: 100_000,
            waiting: 0,
            numbers: [
                Number(
                    account: "106540352242922", allowed: 80, rate: 79.2, obstacle: "it rests", learnedShare: 1, messages: 120_000,
                    peak: 79, peakAt: Timestamp(milliseconds: 1_790_000_000_000), queueTime: 0)
            ],
            busiest: [Hour(at: Timestamp(milliseconds: 1_790_000_000_000), messages: 48_000)],
            coming: [
                Coming(
                    campaign: Campaign.example.id, name: "Diwali offer", startAt: Timestamp(milliseconds: 1_790_000_000_000),
                    deadline: Timestamp(milliseconds: 1_790_000_300_000),
                    messages: 10_000, perSecond: 33.3, enough: true)
            ],
            need: Need(perSecond: 160, takes: 606_000, enough: false),
            advice: ["48000 messages in 300 s take 160.0/s, and there are 79.2/s: 2 more numbers at 80/s, or 607 s, would do."]
        )
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (params.messages == nil) == (params.seconds == nil) else {
            throw Fault(
                .params, "messages and seconds are asked about together.", path: params.messages == nil ? "messages" : "seconds")
        }
    }
}
