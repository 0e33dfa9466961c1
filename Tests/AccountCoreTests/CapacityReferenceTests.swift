import AccountContract
import Support
import Testing
import Vocabulary

@testable import AccountCore

/// The plan of capacity beside one that compares every campaign with every other at every moment.
@Suite struct CapacityReferenceTests {
    private static func number(_ id: PhoneNumberID, rate: Double) -> PlanCapacity.Number {
        PlanCapacity.Number(
            account: id, allowed: 1000, rate: rate, obstacle: nil, learnedShare: 1, messages: 0, peak: 0, peakAt: nil, queueTime: 0)
    }

    /// Rates are whole sixteenths, so that they add up to the same in any order.
    private static func plan(_ generator: inout SeededGenerator) -> CapacityPlan {
        let ids: [PhoneNumberID] = ["1", "2", "3", "4"]
        let coming = (0..<Int.random(in: 0...12, using: &generator)).map { index in
            let start = Timestamp(milliseconds: Int64.random(in: 0...8, using: &generator) * 16_000_000)
            // Some close before they open, or as they do.
            let length = [-1, 0, 1, 2, 4, 8].randomElement(using: &generator) ?? 1
            return PlanCapacity.Coming(
                campaign: CampaignID("c\(index)"), name: "c\(index)", startAt: start, deadline: start + .seconds(16_384 * length),
                messages: Int.random(in: 0...400, using: &generator) * 1024)
        }
        var plan = CapacityPlan(
            category: .marketing, numbers: ids.map { number($0, rate: Double(Int.random(in: 0...12, using: &generator))) },
            headroom: Bool.random(using: &generator) ? Int.random(in: 0...1_000_000, using: &generator) : nil, busiest: [], coming: coming)
        plan.waiting = Int.random(in: 0...500_000, using: &generator)
        for campaign in coming where Bool.random(using: &generator) {
            plan.senders[campaign.campaign] = Set(ids.filter { _ in Bool.random(using: &generator) })
            if Bool.random(using: &generator) { plan.limits[campaign.campaign] = Int.random(in: 0...500_000, using: &generator) }
        }
        return plan
    }

    @Test(arguments: 0..<5) func theSameAsEveryCampaignBesideEveryOther(run: UInt64) {
        let seed = Seed.current &+ run
        print("capacity: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        for round in 0..<100 {
            let plan = Self.plan(&generator)
            let reply = plan.reply(messages: nil, seconds: nil)
            let reference = Reference(plan: plan).judged()
            #expect(reply.coming == reference.coming, "seed \(seed), round \(round)")
            #expect(reply.advice == reference.advice, "seed \(seed), round \(round)")
        }
    }

    /// Compared at every moment with every other, they would take hours.
    @Test(.timeLimit(.minutes(1))) func tenThousandCampaignsAreJudgedSoon() {
        var plan = Self.plan(of: 10_000)
        for campaign in plan.coming.prefix(5000) { plan.senders[campaign.campaign] = ["1"] }
        let reply = plan.reply(messages: nil, seconds: nil)
        #expect(reply.coming.last?.perSecond == 625 && reply.coming.last?.enough == true)
        #expect(reply.coming.first?.perSecond == 625 && reply.coming.first?.enough == false)
    }

    /// Each of them stands for itself.
    @Test(.timeLimit(.minutes(1))) func thoseThatNothingCanSendAreJudgedSoon() {
        var plan = Self.plan(of: 40_000)
        for campaign in plan.coming { plan.senders[campaign.campaign] = [] }
        let reply = plan.reply(messages: nil, seconds: nil)
        #expect(reply.coming.count == 40_000 && reply.coming.allSatisfy { $0.perSecond == 0.0625 && $0.enough == false })
    }

    /// So many campaigns, one a second, and two numbers.
    private static func plan(of count: Int) -> CapacityPlan {
        let coming = (0..<count).map { index in
            let start = Timestamp(milliseconds: Int64(index) * 1000)
            return PlanCapacity.Coming(
                campaign: CampaignID("c\(index)"), name: "C", startAt: start, deadline: start + .seconds(16_384), messages: 1024)
        }
        return CapacityPlan(
            category: .marketing, numbers: [number("1", rate: 1), number("2", rate: 1000)], headroom: nil, busiest: [], coming: coming)
    }
}

/// Every campaign beside every other, at every moment at which a window opens.
private struct Reference {
    var plan: CapacityPlan

    func judged() -> (coming: [PlanCapacity.Coming], advice: [String]) {
        var advice: [String] = []
        var judged = plan.coming.map { item in
            var item = item
            let own = senders(of: item)
            let rivals = plan.coming.filter { $0.campaign == item.campaign || !senders(of: $0).isDisjoint(with: own) }
            item.perSecond = most(of: rivals, during: item)
            let bound = rivals.filter { senders(of: $0).isSubset(of: own) }
            let pairs = [
                (wanted: most(of: bound, during: item), there: rate(of: own)),
                (wanted: item.perSecond, there: rate(of: rivals.reduce(into: own) { $0.formUnion(senders(of: $1)) })),
            ]
            let short = pairs.first { $0.wanted > $0.there }
            item.enough = short == nil
            if let short {
                advice.append(
                    "\(item.name) asks for \(text(short.wanted))/s together with what is sent at the same time, and there are \(text(short.there))/s: widen its window or add numbers."
                )
            }
            return item
        }
        advice += countPeople(&judged)
        return (judged, advice)
    }

    private func senders(of item: PlanCapacity.Coming) -> Set<PhoneNumberID> {
        plan.senders[item.campaign] ?? Set(plan.numbers.map(\.account))
    }

    private func rate(of senders: Set<PhoneNumberID>) -> Double {
        plan.numbers.filter { senders.contains($0.account) }.map(\.rate).reduce(0, +)
    }

    private func most(of items: [PlanCapacity.Coming], during item: PlanCapacity.Coming) -> Double {
        func rate(_ item: PlanCapacity.Coming) -> Double {
            Double(item.messages) / max(.seconds(1), item.deadline - item.startAt).seconds
        }
        let moments = items.map { max($0.startAt, item.startAt) }.filter { $0 < item.deadline }
        return moments.map { moment in
            items.filter { $0.startAt <= moment && moment < $0.deadline }.map(rate).reduce(0, +)
        }
        .max() ?? 0
    }

    private func countPeople(_ judged: inout [PlanCapacity.Coming]) -> [String] {
        let running = plan.coming.filter { $0.startAt <= plan.now }.map(\.messages).reduce(0, +)
        var left = plan.headroom.map { max(0, $0 - max(0, plan.waiting - running)) } ?? .max
        var used: [(senders: Set<PhoneNumberID>, people: Int)] = []
        var advice: [String] = []
        for index in judged.indices.sorted(by: { judged[$0].startAt < judged[$1].startAt })
        where judged[index].startAt < plan.now + .days(1) {
            let item = judged[index]
            let own = senders(of: item)
            let shared = used.filter { !$0.senders.isDisjoint(with: own) }.map(\.people).reduce(0, +)
            let room = min(left, plan.limits[item.campaign].map { max(0, $0 - shared) } ?? .max)
            if item.messages > room {
                judged[index].enough = false
                advice.append(
                    "\(item.name) goes to \(item.messages) people, and the portfolios may write first to \(room) more by then: the others wait, unless they have written themselves."
                )
            }
            let people = min(room, item.messages)
            left -= people
            used.append((own, people))
        }
        return advice
    }

    private func text(_ rate: Double) -> String { String(Double(Int((rate * 10).rounded())) / 10) }
}
