import Testing
import Vocabulary

@testable import IntelligenceCore

/// A person is promised, and asked for.
@Suite struct HandoverTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func decide(_ text: String, handedOver: Milliseconds? = nil, answered: Milliseconds? = nil) -> (Bool, Bool) {
        let standing = Handover.Standing(handedOverAt: handedOver.map { Self.now - $0 }, answeredAt: answered.map { Self.now - $0 })
        let decision = Handover.decide(Utterance(text), standing, at: Self.now)
        return (decision.needsPerson, decision.isTold)
    }

    @Test(arguments: ["Do you deliver to Baner?", "my parcel came broken", "क्या आप आज खुले हैं?", "refund"])
    func aQuestionAsksForAPersonAndSaysSoOnce(text: String) {
        #expect(decide(text) == (true, true))
        #expect(decide(text, handedOver: .hours(11)) == (true, false), "two machines do not talk for ever")
        #expect(decide(text, handedOver: .hours(12)) == (true, true))
    }

    @Test func aWordRightAfterAnAnswerAsksForNobody() {
        #expect(decide("ok thanks", answered: .minutes(1)) == (false, false))
        #expect(decide("धन्यवाद", answered: .minutes(9)) == (false, false))
        #expect(decide("refund?", answered: .minutes(1)) == (true, true))
        #expect(decide("ok thanks", answered: .minutes(10)) == (true, true))
        #expect(decide("where is my parcel", answered: .minutes(1)) == (true, true))
    }

    @Test(arguments: ["", "👍", "…", "123", "   "])
    func whatSaysNothingAsksForNobody(text: String) { #expect(decide(text) == (false, false)) }
}
