import AccountContract
import AccountPacing
import Vocabulary

/// Whether what is to be sent fits what the numbers may send; the decision behind `capacity.plan`.
struct CapacityPlan {
    var category: Message.Category
    var numbers: [PlanCapacity.Number]
    var headroom: Int?
    /// How each number is dialled, for those who read the advice.
    var names: [PhoneNumberID: String] = [:]
    /// The moment at which the headroom was read.
    var now = Timestamp.zero
    /// Messages that go first.
    var waiting = 0
    var busiest: [PlanCapacity.Hour]
    var coming: [PlanCapacity.Coming]
    /// The numbers that may send a campaign, by its id: its template's account (WABA) has them; all where it is not there.
    var senders: [CampaignID: Set<PhoneNumberID>] = [:]
    /// How many people these may still write to first, by campaign; without a limit where it is not there.
    var limits: [CampaignID: Int] = [:]

    /// From this part of the allowed rate on, a number was at its limit.
    private static let full = 0.95
    /// Meta, throughput: what a number has from the beginning.
    private static let common = 80.0

    var perSecond: Double { numbers.map(\.rate).reduce(0, +) }

    func reply(messages: Int?, seconds: Seconds?) -> PlanCapacity.Reply {
        var advice: [String] = []
        var need: PlanCapacity.Need?
        if let messages, let seconds {
            let wanted = Double(messages + waiting) / Double(seconds.count)
            let takes = perSecond > 0 ? Milliseconds.seconds(Double(messages + waiting) / perSecond) : nil
            need = PlanCapacity.Need(perSecond: wanted, takes: takes, enough: wanted <= perSecond && messages <= headroom ?? .max)
            advice += fit(messages, in: seconds, wanted: wanted, takes: takes)
        }
        let crowds = CampaignCrowds(coming, senders: senders, numbers: numbers)
        var plan = judged(crowds, &advice)
        advice += countPeople(crowds, &plan)
        for number in numbers {
            let name = names[number.account] ?? number.account.rawValue
            if let obstacle = number.obstacle { advice.append("\(name) sends no \(category.rawValue) now: \(obstacle).") }
            if number.learnedShare < Self.full {
                advice.append(
                    "Meta has refused \(name) for its rate, so it sends at \(Int(number.learnedShare * 100)) % of \(number.allowed)/s and grows again by itself: does something else send through it?"
                )
            } else if Double(number.peak) >= Double(number.allowed) * Self.full {
                advice.append(
                    "\(name) has sent \(number.peak) of \(number.allowed)/s: it was at its limit; Meta upgrades active numbers to 1,000/s, and more numbers share the load."
                )
            }
        }
        return PlanCapacity.Reply(
            perSecond: perSecond, headroom: headroom, waiting: waiting, numbers: numbers, busiest: busiest, coming: plan, need: need,
            advice: advice)
    }

    private func fit(_ messages: Int, in seconds: Seconds, wanted: Double, takes: Milliseconds?) -> [String] {
        var advice: [String] = []
        let what = "\(messages) messages\(waiting > 0 ? ", and \(waiting) that wait already," : "") in \(seconds)"
        if wanted > perSecond {
            let missing = Int(((wanted - perSecond) / (Self.common * NumberPace.margin)).rounded(.up))
            let time = takes.map { ", or \(Int($0.seconds.rounded(.up))) s," } ?? ""
            advice.append(
                "\(what) take \(Self.text(wanted))/s, and there are \(Self.text(perSecond))/s: \(missing) more \(missing == 1 ? "number" : "numbers") at 80/s\(time) would do."
            )
        } else if let takes {
            advice.append(
                "\(what) take \(Self.text(wanted))/s of the \(Self.text(perSecond))/s there are; at full rate they take \(Int(takes.seconds.rounded(.up))) s."
            )
        }
        if let headroom, messages > headroom {
            advice.append(
                "The portfolios may write first to \(headroom) more people in these 24 hours: the other \(messages - headroom) wait, unless they have written themselves."
            )
        }
        return advice
    }

    /// Campaigns that are open at the same time and may go out from the same numbers add up.
    private func judged(_ crowds: CampaignCrowds, _ advice: inout [String]) -> [PlanCapacity.Coming] {
        coming.map { item in
            var item = item
            let crowd = crowds.crowds[crowds.place(of: item)]
            item.perSecond = crowd.shared.most(during: item)
            // Messages that only its own numbers may send must fit those; with those that others may send, they must fit all.
            let fits = [(wanted: crowd.own.most(during: item), there: crowd.rate), (wanted: item.perSecond, there: crowd.sharedRate)]
            let short = fits.first { $0.wanted > $0.there }
            item.enough = short == nil
            if let short {
                advice.append(
                    "\(item.name) asks for \(Self.text(short.wanted))/s together with what is sent at the same time, and there are \(Self.text(short.there))/s: widen its window or add numbers."
                )
            }
            return item
        }
    }

    /// A campaign that begins within 24 hours uses up the portfolios' limit, one after the other; a later one finds new room.
    ///
    /// People who have written themselves do not count against it, so this is the least that fits.
    private func countPeople(_ crowds: CampaignCrowds, _ plan: inout [PlanCapacity.Coming]) -> [String] {
        // Waiting messages go first; of running campaigns with a deadline they are counted below.
        let running = coming.filter { $0.startAt <= now }.map(\.messages).reduce(0, +)
        var left = headroom.map { max(0, $0 - max(0, waiting - running)) } ?? .max
        // The room that earlier campaigns have used up, by the numbers that they may go out from.
        var used = [Int](repeating: 0, count: crowds.crowds.count)
        var advice: [String] = []
        for index in plan.indices.sorted(by: { plan[$0].startAt < plan[$1].startAt }) where plan[index].startAt < now + .days(1) {
            let item = plan[index]
            // No more than its own portfolios may, whatever is left in those of other accounts.
            let place = crowds.place(of: item)
            let shared = crowds.crowds[place].rivals.map { used[$0] }.reduce(0, +)
            let room = min(left, limits[item.campaign].map { max(0, $0 - shared) } ?? .max)
            if item.messages > room {
                plan[index].enough = false
                advice.append(
                    "\(item.name) goes to \(item.messages) people, and the portfolios may write first to \(room) more by then: the others wait, unless they have written themselves."
                )
            }
            // Messages that its own portfolios do not let through take nothing from the others'.
            let people = min(room, item.messages)
            left -= people
            used[place] += people
        }
        return advice
    }

    private static func text(_ rate: Double) -> String { String(Double(Int((rate * 10).rounded())) / 10) }
}
