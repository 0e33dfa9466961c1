import AccountContract
import Testing
import Vocabulary

@testable import AccountCore

/// What campaigns ask for together, and which of them share numbers.
@Suite struct CampaignDemandTests {
    private func campaign(_ id: CampaignID, _ seconds: ClosedRange<Int64>, messages: Int) -> PlanCapacity.Coming {
        PlanCapacity.Coming(
            campaign: id, name: id.rawValue, startAt: Timestamp(milliseconds: seconds.lowerBound * 1000),
            deadline: Timestamp(milliseconds: seconds.upperBound * 1000), messages: messages)
    }

    private func number(_ id: PhoneNumberID, rate: Double) -> PlanCapacity.Number {
        PlanCapacity.Number(
            account: id, allowed: 80, rate: rate, obstacle: nil, learnedShare: 1, messages: 0, peak: 0, peakAt: nil, queueTime: 0)
    }

    @Test func whatIsOpenAtOnceAddsUp() {
        let first = campaign("a", 0...100, messages: 1000)
        let second = campaign("b", 50...100, messages: 1000)
        let after = campaign("c", 100...200, messages: 100)
        let demand = CampaignDemand([after, second, first])
        #expect(demand.most(during: first) == 30 && demand.most(during: second) == 30)
        #expect(demand.most(during: after) == 1, "the others have closed")
        // What closes as it opens is never open, and nobody asks for anything where nobody is.
        let closed = campaign("d", 60...60, messages: 1_000_000)
        #expect(CampaignDemand([first, closed]).most(during: first) == 10)
        #expect(CampaignDemand([PlanCapacity.Coming]()).most(during: first) == 0)
    }

    /// Against adding up each moment by itself.
    @Test func manyAreAddedUpAsOneByOne() {
        let all = (0..<200).map { n in
            campaign(CampaignID("\(n)"), Int64(n * 37 % 500)...Int64(n * 37 % 500 + 20 + n % 90), messages: 100 + n)
        }
        let demand = CampaignDemand(all)
        for one in all {
            let moments = all.map(\.startAt).filter { $0 >= one.startAt && $0 < one.deadline }
            let sums = moments.map { moment in
                all.filter { $0.startAt <= moment && moment < $0.deadline }
                    .map { Double($0.messages) / ($0.deadline - $0.startAt).seconds }.reduce(0, +)
            }
            #expect(abs(demand.most(during: one) - (sums.max() ?? 0)) < 0.000_001, "\(one.campaign)")
        }
    }

    @Test func crowdsShareTheNumbersThatTheyHaveInCommon() throws {
        let both = campaign("both", 0...100, messages: 1000)
        let second = campaign("second", 0...100, messages: 500)
        let nobody = campaign("nobody", 0...100, messages: 7)
        let all = campaign("all", 0...100, messages: 100)
        let again = campaign("again", 0...100, messages: 500)
        let crowds = CampaignCrowds(
            [both, second, nobody, all, again],
            senders: ["both": ["1", "2"], "second": ["2"], "nobody": [], "again": ["2"]],
            numbers: [number("1", rate: 10), number("2", rate: 20), number("3", rate: 5)])
        #expect(crowds.crowds.count == 4 && crowds.place(of: second) == crowds.place(of: again))
        let own = crowds.crowds[crowds.place(of: both)]
        #expect(own.senders == ["1", "2"] && own.rate == 30 && own.sharedRate == 35)
        #expect(own.own.most(during: both) == 20, "its own, and what can go out from its numbers only")
        #expect(own.shared.most(during: both) == 21, "what may go out from elsewhere, too")
        let none = crowds.crowds[crowds.place(of: nobody)]
        #expect(none.rate == 0 && none.rivals == [crowds.place(of: nobody)], "what nothing can send shares nothing")
        #expect(crowds.crowds[crowds.place(of: all)].rate == 35, "all numbers, where none are named")
    }
}
