import AccountContract
import AccountPacing
import Vocabulary

/// Whether what is to be sent fits what the numbers may send; the decision behind `capacity.plan`.
struct CapacityPlan {
    var category: Message.Category
    var numbers: [PlanCapacity.Number]
    var headroom: Int?
    /// The moment at which the headroom was read.
    var now = Timestamp.zero
    /// Messages that go first.
    var waiting = 0
    var busiest: [PlanCapacity.Hour]
    var coming: [PlanCapacity.Coming]

    /// From this part of the allowed rate on, a number was at its limit.
    private static let full = 0.95
    /// Meta, throughput: what a number has from the beginning.
    private static let common = 80.0

    var perSecond: Double { numbers.map(\.rate).reduce(0, +) }

    func reply(messages: Int?, seconds: Int?) -> PlanCapacity.Reply {
        var advice: [String] = []
        var need: PlanCapacity.Need?
        if let messages, let seconds {
            let wanted = Double(messages + waiting) / Double(seconds)
            let takes = perSecond > 0 ? Double(messages + waiting) / perSecond : nil
            need = PlanCapacity.Need(perSecond: wanted, takes: takes, enough: wanted <= perSecond && messages <= headroom ?? .max)
            advice += fit(messages, in: seconds, wanted: wanted, takes: takes)
        }
        var plan = judged()
        for item in plan where !item.enough {
            advice.append(
                "\(item.name) asks for \(Self.text(item.perSecond))/s together with what is sent at the same time, and there are \(Self.text(perSecond))/s: widen its window or add numbers."
            )
        }
        advice += countPeople(&plan)
        for number in numbers {
            if let obstacle = number.obstacle { advice.append("\(number.account) sends no \(category.rawValue) now: \(obstacle).") }
            if number.learnedShare < Self.full {
                advice.append(
                    "Meta has refused \(number.account) for its rate, so it sends at \(Int(number.learnedShare * 100)) % of \(number.allowed)/s and grows again by itself: does something else send through it?"
                )
            } else if Double(number.peak) >= Double(number.allowed) * Self.full {
                advice.append(
                    "\(number.account) has sent \(number.peak) of \(number.allowed)/s: it was at its limit; Meta upgrades active numbers to 1,000/s, and more numbers share the load."
                )
            }
        }
        return PlanCapacity.Reply(
            perSecond: perSecond, headroom: headroom, waiting: waiting, numbers: numbers, busiest: busiest, coming: plan, need: need,
            advice: advice)
    }

    private func fit(_ messages: Int, in seconds: Int, wanted: Double, takes: Double?) -> [String] {
        var advice: [String] = []
        let what = "\(messages) messages\(waiting > 0 ? ", and \(waiting) that wait already," : "") in \(seconds) s"
        if wanted > perSecond {
            let missing = Int(((wanted - perSecond) / (Self.common * NumberPace.margin)).rounded(.up))
            let time = takes.map { ", or \(Int($0.rounded(.up))) s," } ?? ""
            advice.append(
                "\(what) take \(Self.text(wanted))/s, and there are \(Self.text(perSecond))/s: \(missing) more \(missing == 1 ? "number" : "numbers") at 80/s\(time) would do."
            )
        } else if let takes {
            advice.append(
                "\(what) take \(Self.text(wanted))/s of the \(Self.text(perSecond))/s there are; at full rate they take \(Int(takes.rounded(.up))) s."
            )
        }
        if let headroom, messages > headroom {
            advice.append(
                "The portfolios may write first to \(headroom) more people in these 24 hours: the other \(messages - headroom) wait, unless they have written themselves."
            )
        }
        return advice
    }

    /// What is open at the same time adds up.
    private func judged() -> [PlanCapacity.Coming] {
        func rate(_ item: PlanCapacity.Coming) -> Double {
            Double(item.messages) / max(.seconds(1), item.deadline - item.startAt).seconds
        }
        return coming.map { item in
            var item = item
            // The most is asked for at one of the moments at which a window opens.
            let moments = coming.map { max($0.startAt, item.startAt) }.filter { $0 < item.deadline }
            item.perSecond =
                moments.map { moment in
                    coming.filter { $0.startAt <= moment && moment < $0.deadline }.map(rate).reduce(0, +)
                }
                .max() ?? 0
            item.enough = item.perSecond <= perSecond
            return item
        }
    }

    /// What begins within 24 hours uses up the portfolios' limit, one after the other; whatever comes later finds new room.
    ///
    /// Who has written themselves does not count against it, so this is the least that fits.
    private func countPeople(_ plan: inout [PlanCapacity.Coming]) -> [String] {
        guard let headroom else { return [] }
        // What waits goes first.
        var left = max(0, headroom - waiting)
        var advice: [String] = []
        for index in plan.indices.sorted(by: { plan[$0].startAt < plan[$1].startAt }) where plan[index].startAt < now + .days(1) {
            let item = plan[index]
            if item.messages > left {
                plan[index].enough = false
                advice.append(
                    "\(item.name) goes to \(item.messages) people, and the portfolios may write first to \(left) more by then: the others wait, unless they have written themselves."
                )
            }
            left -= min(left, item.messages)
        }
        return advice
    }

    private static func text(_ rate: Double) -> String { String(Double(Int((rate * 10).rounded())) / 10) }
}
