package import RPCContract
package import Vocabulary

package enum PlanCapacity: RPCMethod {
    package static let name = "capacity.plan"
    package static let summary =
        "Tells how much the numbers may send and have sent, when most, what is coming, and whether so many messages fit so much time."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        /// How far back the load is looked at: 1 to 90; 7 where absent.
        package var days: Int?
        /// Marketing where absent: what numbers of low quality send less of.
        package var category: Message.Category?
        /// Together: whether so many messages can be with Meta within so many seconds.
        package var messages: Int?
        package var seconds: Int?

        package init(days: Int? = nil, category: Message.Category? = nil, messages: Int? = nil, seconds: Int? = nil) {
            self.days = days
            self.category = category
            self.messages = messages
            self.seconds = seconds
        }
    }

    package struct Number: Codable, Sendable, Equatable {
        package var account: PhoneNumberID
        /// Messages a second that Meta allows.
        package var allowed: Int
        /// Messages a second of the category that can be counted on now; 0 where something is in the way.
        package var rate: Double
        /// What is in the way; a spare counts only while no active number can send.
        package var obstacle: String?
        /// Of the allowed rate, as Meta's refusals have taught.
        package var learnedShare: Double
        /// Sent in the period, answers included.
        package var messages: Int
        /// The most in any one second of it.
        package var peak: Int
        /// The hour in which that was; Unix milliseconds of its beginning.
        package var peakAt: Int64?
        /// Seconds that it needs for what waits on it.
        package var queuedSeconds: Double

        package init(
            account: PhoneNumberID,
            allowed: Int,
            rate: Double,
            obstacle: String?,
            learnedShare: Double,
            messages: Int,
            peak: Int,
            peakAt: Int64?,
            queuedSeconds: Double
        ) {
            self.account = account
            self.allowed = allowed
            self.rate = rate
            self.obstacle = obstacle
            self.learnedShare = learnedShare
            self.messages = messages
            self.peak = peak
            self.peakAt = peakAt
            self.queuedSeconds = queuedSeconds
        }
    }

    package struct Hour: Codable, Sendable, Equatable {
        /// Unix milliseconds of its beginning.
        package var at: Int64
        package var messages: Int

        package init(at: Int64, messages: Int) {
            self.at = at
            self.messages = messages
        }
    }

    /// A campaign with a window, scheduled or running.
    package struct Coming: Codable, Sendable, Equatable {
        package var campaign: String
        package var name: String
        /// Now, for one that runs.
        package var startAt: Int64
        package var deadline: Int64
        /// That are not with Meta yet.
        package var messages: Int
        /// Messages a second that its window asks for, with those of the others that are open at the same time.
        package var perSecond: Double
        package var enough: Bool

        package init(
            campaign: String,
            name: String,
            startAt: Int64,
            deadline: Int64,
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
    package struct Need: Codable, Sendable, Equatable {
        /// Messages a second that it takes.
        package var perSecond: Double
        /// Seconds that the numbers take for it now; absent where nothing can be sent.
        package var takes: Double?
        package var enough: Bool

        package init(perSecond: Double, takes: Double?, enough: Bool) {
            self.perSecond = perSecond
            self.takes = takes
            self.enough = enough
        }
    }

    package struct Reply: Codable, Sendable {
        /// Messages a second of all numbers together.
        package var perSecond: Double
        /// People that the portfolios may still write to first in these 24 hours; absent where one has no limit.
        package var headroom: Int?
        /// Messages that are to go out as soon as they can: of running campaigns, and those that are queued.
        package var waiting: Int
        package var numbers: [Number]
        /// The busiest of the period, busiest first.
        package var busiest: [Hour]
        package var coming: [Coming]
        package var need: Need?
        /// What to do, in plain words.
        package var advice: [String]

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
                    peak: 79, peakAt: 1_790_000_000_000, queuedSeconds: 0)
            ],
            busiest: [Hour(at: 1_790_000_000_000, messages: 48_000)],
            coming: [
                Coming(
                    campaign: Campaign.example.id, name: "Diwali offer", startAt: 1_790_000_000_000, deadline: 1_790_000_300_000,
                    messages: 10_000, perSecond: 33.3, enough: true)
            ],
            need: Need(perSecond: 160, takes: 606, enough: false),
            advice: ["48000 messages in 300 s take 160.0/s, and there are 79.2/s: 2 more numbers at 80/s, or 607 s, would do."]
        )
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...90).contains(params.days ?? 7) else { throw Fault(.params, "days is 1 to 90.", path: "days") }
        guard (params.messages == nil) == (params.seconds == nil) else {
            throw Fault(
                .params, "messages and seconds are asked about together.", path: params.messages == nil ? "messages" : "seconds")
        }
        guard (1...100_000_000).contains(params.messages ?? 1) else {
            throw Fault(.params, "messages is 1 to 100,000,000.", path: "messages")
        }
        guard (1...604_800).contains(params.seconds ?? 1) else { throw Fault(.params, "seconds is 1 to 604,800.", path: "seconds") }
    }
}
