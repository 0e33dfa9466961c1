import AccountContract
import Support
import Testing
import Vocabulary

@testable import AccountCore
@testable import AccountPacing

@Suite struct CapacityTests {
    private func number(_ id: PhoneNumberID, rate: Double = 79.2, peak: Int = 10, share: Double = 1, obstacle: String? = nil)
        -> PlanCapacity.Number
    {
        PlanCapacity.Number(
            account: id, allowed: 80, rate: obstacle == nil ? rate : 0, obstacle: obstacle, learnedShare: share, messages: 1000, peak: peak,
            peakAt: 0, queueTime: 0)
    }

    private func plan(_ numbers: [PlanCapacity.Number], headroom: Int? = nil, coming: [PlanCapacity.Coming] = []) -> CapacityPlan {
        CapacityPlan(category: .marketing, numbers: numbers, headroom: headroom, busiest: [], coming: coming)
    }

    @Test func whatDoesNotFitNamesWhatWould() {
        let reply = plan([number("1"), number("2")]).reply(messages: 48_000, seconds: 300)
        #expect(reply.perSecond == 158.4)
        #expect(reply.need?.enough == false)
        #expect(
            reply.advice == ["48000 messages in 300 s take 160.0/s, and there are 158.4/s: 1 more number at 80/s, or 304 s, would do."])
        let fits = plan([number("1"), number("2")]).reply(messages: 40_000, seconds: 300)
        #expect(fits.need?.enough == true)
        let nothing = plan([number("1", obstacle: "it rests")]).reply(messages: 10, seconds: 10)
        #expect(nothing.need == PlanCapacity.Need(perSecond: 1, takes: nil, enough: false))
        #expect(nothing.advice.contains { $0.contains("it rests") })
        var named = plan([number("1", obstacle: "it rests"), number("2", share: 0.5), number("3", peak: 80)])
        named.names = ["1": "+918047181001", "2": "+918047181002", "3": "+918047181003"]
        let advice = named.reply(messages: nil, seconds: nil).advice
        for name in named.names.values { #expect(advice.contains { $0.contains(name) }, "\(advice)") }
    }

    @Test func whatWaitsAlreadyGoesFirst() {
        var busy = plan([number("1")])
        busy.waiting = 79_200
        let reply = busy.reply(messages: 7920, seconds: 300)
        #expect(reply.need?.takes == .seconds(1100) && reply.need?.enough == false)
        #expect(reply.advice.first?.contains("and 79200 that wait already") == true)
    }

    @Test func aPortfoliosLimitIsPartOfIt() {
        let reply = plan([number("1")], headroom: 900).reply(messages: 1000, seconds: 1000)
        #expect(reply.need?.enough == false)
        #expect(reply.advice.contains { $0.contains("900 more people") && $0.contains("the other 100 wait") })
    }

    /// A campaign that is fast enough and goes to more people than may be written to does not fit.
    @Test func whatIsComingCountsAgainstThePortfoliosLimit() {
        func coming(_ name: String, _ at: Timestamp, _ messages: Int) -> PlanCapacity.Coming {
            PlanCapacity.Coming(campaign: CampaignID(name), name: name, startAt: at, deadline: at + .hours(1), messages: messages)
        }
        let day = Milliseconds.days(1)
        let items = [coming("late", .zero + day, 1000), coming("b", 2000, 600), coming("a", 1000, 500)]
        let reply = plan([number("1")], headroom: 1000, coming: items).reply(messages: nil, seconds: nil)
        #expect(reply.coming.map(\.enough) == [true, false, true])
        #expect(
            reply.advice.count == 1 && reply.advice[0].hasPrefix("b goes to 600 people, and the portfolios may write first to 500 more"))
        #expect(plan([number("1")], coming: items).reply(messages: nil, seconds: nil).advice.isEmpty, "without a limit")
    }

    @Test func windowsThatAreOpenAtTheSameTimeAddUp() {
        func coming(_ name: String, _ window: Range<Timestamp>, _ messages: Int) -> PlanCapacity.Coming {
            PlanCapacity.Coming(
                campaign: CampaignID(name), name: name, startAt: window.lowerBound, deadline: window.upperBound, messages: messages)
        }
        let reply = plan(
            [number("1")],
            coming: [coming("a", 0..<100_000, 5000), coming("b", 50_000..<150_000, 5000), coming("c", 150_000..<250_000, 5000)]
        )
        .reply(messages: nil, seconds: nil)
        #expect(reply.coming.map(\.perSecond) == [100, 100, 50])
        #expect(reply.coming.map(\.enough) == [false, false, true])
        #expect(reply.need == nil)
        #expect(reply.advice.count == 2)
        // Two that never meet do not add up, though a third meets both.
        let day = plan(
            [number("1")], coming: [coming("a", 0..<800_000, 800), coming("b", 0..<100_000, 5000), coming("c", 700_000..<800_000, 5000)]
        )
        .reply(messages: nil, seconds: nil)
        #expect(day.coming.map(\.perSecond) == [51, 51, 51])
    }

    /// A template goes out from its own account alone: what another account's numbers and portfolios may do is not its.
    @Test func aCampaignIsHeldAgainstTheNumbersOfItsAccount() {
        func coming(_ name: String, _ messages: Int) -> PlanCapacity.Coming {
            PlanCapacity.Coming(campaign: CampaignID(name), name: name, startAt: 0, deadline: 100_000, messages: messages)
        }
        var two = plan([number("1"), number("2")], headroom: 100_000, coming: [coming("a", 10_000), coming("b", 5000)])
        two.senders = ["a": ["1"], "b": ["2"]]
        let apart = two.reply(messages: nil, seconds: nil)
        #expect(apart.coming.map(\.perSecond) == [100, 50] && apart.coming.map(\.enough) == [false, true])
        #expect(apart.advice.count == 1 && apart.advice[0].hasPrefix("a asks for 100.0/s") && apart.advice[0].contains("79.2/s"))
        two.limits = ["b": 100]
        let limited = two.reply(messages: nil, seconds: nil)
        #expect(limited.coming.map(\.enough) == [false, false] && limited.advice.last?.contains("write first to 100 more") == true)
        // What its own portfolio does not let through takes nothing from the other's, and two of one portfolio share it.
        two.limits = ["a": 1000, "b": 99_000]
        two.coming[0] = coming("a", 1_000_000)
        #expect(two.reply(messages: nil, seconds: nil).advice.filter { $0.contains("write first to") }.count == 1)
        two.coming = [coming("a", 900), coming("b", 900)]
        two.senders = ["a": ["1"], "b": ["1"]]
        two.limits = ["a": 1000, "b": 1000]
        #expect(two.reply(messages: nil, seconds: nil).advice.contains { $0.hasPrefix("b goes to") && $0.contains("first to 100 more") })
        two.coming = [coming("a", 10_000), coming("b", 5000)]
        // One that may go out from both still leaves the other its own.
        two.senders = ["a": ["1", "2"], "b": ["2"]]
        two.limits = [:]
        #expect(two.reply(messages: nil, seconds: nil).coming.map(\.enough) == [true, true])
        two.coming[1] = coming("b", 8000)
        #expect(two.reply(messages: nil, seconds: nil).coming.map(\.enough) == [false, false])
    }

    @Test func aNumberAtItsLimitAndOneThatMetaSlowsAreNamed() {
        let reply = plan([number("1", peak: 79), number("2", rate: 40, share: 0.5), number("3")]).reply(messages: nil, seconds: nil)
        #expect(reply.advice.count == 2)
        #expect(reply.advice[0].hasPrefix("1 has sent 79 of 80/s"))
        #expect(reply.advice[1].contains("50 % of 80/s"))
    }

    @Test func theMeterCountsSecondsAndForgetsNothing() {
        var meter = LoadMeter()
        #expect(meter.drain() == nil)
        for time in [100.0, 200, 900, 1000, 1100, 5000] { meter.count(at: time) }
        #expect(meter.drain() == .init(messages: 6, peak: 3))
        // A second that goes on after it was asked keeps what it had.
        meter.count(at: 5500)
        #expect(meter.drain() == .init(messages: 1, peak: 2))
        #expect(meter.drain() == nil)
    }
}
