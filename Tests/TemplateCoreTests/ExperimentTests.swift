import TemplateContract
import Testing
import Vocabulary

@testable import TemplateCore

@Suite struct ExperimentTests {
    private func experiment(_ name: String, _ shares: [Int], winner: String? = nil) -> Experiment {
        Experiment(
            name: name, state: winner == nil ? .running : .stopped,
            variants: shares.enumerated().map { Experiment.Variant(template: "t\($0)", share: $1) }, winner: winner, results: [],
            leader: nil,
            createdAt: .zero)
    }

    @Test func peopleAreSharedOutByPartsAndStayWhereTheyAre() {
        let assignment = ExperimentAssignment(experiment("a", [1, 3]))
        let people = (0..<10_000).map { ContactID(String(919_800_000_000 + $0)) }
        let choices = people.map(assignment.choice)
        #expect((2300...2700).contains(choices.count { $0 == 0 }))
        #expect(choices == people.map(ExperimentAssignment(experiment("a", [1, 3])).choice))
        // Another experiment shares the same people out anew.
        let others = people.map(ExperimentAssignment(experiment("b", [1, 1])).choice)
        let both = zip(choices, others).count { $0 == 0 && $1 == 0 }
        #expect((1100...1400).contains(both), "\(both): a half of a quarter")
        #expect(Set(people.map(ExperimentAssignment(experiment("a", [1, 3], winner: "t1")).choice)) == [0])
        #expect(ExperimentAssignment(experiment("a", [1, 3], winner: "t1")).templates == ["t1"])
    }

    /// Against published values: of 81 in 263 Wilson's interval is 0.2553 to 0.3662 (Newcombe 1998).
    @Test func theIntervalIsWilsons() {
        let judged = ReadShare.judged(.init(template: "t", messages: 263, delivered: 263, read: 81, failed: 0))
        #expect((judged.readShare, judged.readFrom, judged.readTo) == (30.8, 25.5, 36.6))
        let none = ReadShare.judged(.init(template: "t", messages: 5, delivered: 0, read: 0, failed: 5))
        #expect(none.readShare == nil)
        let all = ReadShare.judged(.init(template: "t", messages: 10, delivered: 10, read: 10, failed: 0))
        #expect(all.readTo == 100 && all.readFrom ?? 100 < 80)
    }

    @Test func aLeaderIsBeyondChance() {
        func result(_ name: String, _ delivered: Int, _ read: Int) -> Experiment.Result {
            ReadShare.judged(.init(template: name, messages: delivered, delivered: delivered, read: read, failed: 0))
        }
        #expect(ReadShare.leader([result("a", 100, 50), result("b", 100, 60)]) == nil)
        #expect(ReadShare.leader([result("a", 10_000, 5000), result("b", 10_000, 6000)]) == "b")
        #expect(ReadShare.leader([result("a", 0, 0), result("b", 10_000, 6000)]) == nil, "the other has not been tried")
    }
}
