import IntelligenceContract
import MetaEvents
import RPCContract
import Testing
import Vocabulary

@testable import IntelligenceCore

/// A person is promised, and asked for.
@Suite struct HandoverTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func decide(_ text: String?, type: MetaWord<MessageKind> = "text", told: Milliseconds? = nil) -> (Bool, Bool) {
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
    func whatIsSaidWithoutWordsAsksForAPerson(type: String) { #expect(decide(nil, type: MetaWord(type)) == (true, true)) }

    /// account-router asks once what it means; after that a person does.
    @Test(arguments: ["🛑", "⛔️", "🚫🚫", "🛑\u{FE0F}"]) func aStopSignAsksForAPerson(text: String) { #expect(decide(text) == (true, true)) }

    private func isOwed(_ text: String?, type: MetaWord<MessageKind> = "text", content: ReceivedContent? = nil, isEcho: Bool? = nil) -> Bool
    {
        let params = ProcessMessage.Params(
            account: "1", accountName: "Shop", contact: "919876543210", contactName: nil, wamid: "wamid.1", type: type, text: text,
            content: content, raw: [:], at: Self.now, answered: true, isEcho: isEcho)
        return Handover.isOwed(params, text.map(Utterance.init))
    }

    @Test(arguments: [
        "please delete my data", "Delete my account", "Under GDPR, stop", "मेरा डेटा हटा दें", "माझी माहिती काढून टाका",
        "mera data delete kar do",
    ])
    func whatBecomesOfTheirDataIsAPersons(text: String) {
        #expect(isOwed(text))
        #expect(!isOwed(text, isEcho: true), "the business's own words")
    }

    @Test(arguments: ["STOP", "remove me from your list", "send me the details", "data pack price?", "delete my number", "मेसेज नको"])
    func whatAMachineCanSettleIsNot(text: String) { #expect(!isOwed(text), "\(text)") }

    @Test func aCallThatNobodyTookIsAPersons() {
        func call(_ event: MetaWord<ReceivedCall.Word>, _ seconds: Seconds?) -> Bool {
            isOwed(nil, type: "call", content: ReceivedContent(call: ReceivedCall(event: event, seconds: seconds)))
        }
        #expect(call("terminate", nil) && call("terminate", 0))
        #expect(!call("terminate", 9), "they have spoken")
        #expect(!call("connect", nil), "it rings")
    }

    @Test(arguments: ["reaction", "edit", "revoke", "call", "system", "hologram"])
    func whatAsksNothingIsLeftAlone(type: String) { #expect(decide(nil, type: MetaWord(type)) == (false, false)) }

    /// Somebody who takes a message back in the app, or corrects it, has answered nobody.
    @Test(arguments: [("text", true), ("image", true), ("revoke", false), ("edit", false), ("system", false)])
    func whatTheBusinessWritesInTheAppIsAnAnswer(type: String, isAnswer: Bool) {
        let params = ProcessMessage.Params(
            account: "1", accountName: "A", contact: "919876543210", contactName: nil, wamid: "w", type: MetaWord(type), text: "x",
            raw: [:], at: Self.now,
            isEcho: true)
        #expect(Handover.isAnswer(params) == isAnswer)
    }
}
