import Testing
import Vocabulary

@testable import IntelligenceCore

/// A person is promised, and asked for.
@Suite struct HandoverTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func decide(_ text: String?, type: String = "text", told: Milliseconds? = nil) -> (Bool, Bool) {
        let decision = Handover.decide(text.map(Utterance.init), type: type, told: told.map { Self.now - $0 }, at: Self.now)
        return (decision.needsPerson, decision.isTold)
    }

    @Test(arguments: ["Do you deliver to Baner?", "my parcel came broken", "क्या आप आज खुले हैं?", "refund", "Refund please", "cancel order"])
    func whatNobodyTakesAsksForAPersonAndSaysSoOnce(text: String) {
        #expect(decide(text) == (true, true))
        #expect(decide(text, told: .hours(11)) == (true, false), "two machines do not talk for ever")
        #expect(decide(text, told: .hours(12)) == (true, true))
    }

    @Test(arguments: [
        "ok thanks", "Thank you so much!", "धन्यवाद", "theek hai", "ठीक है", "bye", "great", "OK", "thanks a lot for your help", "", "👍", "…",
        "123", "   ",
    ])
    func whatOnlyEndsAConversationAsksForNobody(text: String) { #expect(decide(text) == (false, false), "\(text)") }

    @Test(arguments: [
        "ok but where is it", "thanks, when do you open", "no thanks, cancel it", "yes please call me", "thanks?", "ok nahi chahiye",
    ])
    func politeRequestsAreStillRequests(text: String) { #expect(decide(text) == (true, true), "\(text)") }

    /// A voice note is a request as well.
    @Test(arguments: ["audio", "image", "location", "contacts", "unsupported", "interactive"])
    func whatIsSaidWithoutWordsAsksForAPerson(type: String) { #expect(decide(nil, type: type) == (true, true)) }

    @Test(arguments: ["reaction", "edit", "revoke", "call", "system", "hologram"])
    func whatAsksNothingIsLeftAlone(type: String) { #expect(decide(nil, type: type) == (false, false)) }
}
