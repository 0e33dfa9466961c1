import Testing

@testable import AccountContacts

/// Who refuses a thing refuses no messages, though the verbs are the same.
@Suite struct RefusedThingsTests {
    private func stops(_ text: String, isTapped: Bool = false) -> Bool {
        guard case .keyword(let keyword) = OptReading(text, isTapped: isTapped) else { return false }
        return keyword.meaning == .stop
    }

    @Test(arguments: [
        "मला वडापाव नकोत", "मला भजी नकोत", "आम्हाला समोसे नकोत", "mala bhaji nakot", "मुझे प्याज नहीं चाहिए", "अब मुझे वो जूते नहीं चाहिए",
        "mujhe cheeni nahi chahiye", "I don't want onions", "don't send the pickle", "cancel one burger", "कल की बुकिंग रद्द कर दीजिए",
        "माझी ऑर्डर रद्द करा", "monday se doodh band kar do",
    ])
    func aThingThatIsRefusedStopsNothing(_ text: String) { #expect(!stops(text)) }

    @Test(arguments: [
        "cancel the messages", "please cancel sending me offers", "मैसेज कैंसिल कर दो", "मेसेज रद्द करा", "message cancel kara",
        "मला तुमच्या जाहिराती नकोत", "mala message nakot", "मुझे आपके विज्ञापन नहीं चाहिए",
    ])
    func messagesThatAreRefusedStop(_ text: String) { #expect(stops(text)) }

    /// A deal is a thing, so may be a reminder, and the message may be the customer's own.
    @Test(arguments: [
        "cancel the deal", "cancel my message", "mera message cancel karo", "was it cancelled?", "cancel the messages?", "cancel massage",
        "please cancel massage", "massage cancel kara", "cancel the reminder", "cancel the update", "cancel the text",
    ])
    func theGrammarCancelsNothingElse(_ text: String) { #expect(OptGrammar.meaning(OptText(text).words) == nil) }

    /// A spa's customers and a clinic's say it of what they booked: nobody is unsubscribed by it without being asked.
    @Test(arguments: [
        "cancel massage", "please cancel my massage", "massage cancel kara", "discontinue massage", "cancel reminder",
        "reminder cancel karo",
        "cancel the reminders",
    ])
    func whatMayBeAThingIsAskedAbout(_ text: String) { #expect(OptReading(text).isUnsure, "\(text)") }

    /// Nobody is asked about a button: its title names what the business sends, unless that is a massage.
    @Test(arguments: [
        ("Cancel updates", true), ("Cancel reminders", true), ("Cancel text", true), ("Cancel massage", false),
        ("Cancel my massage", false),
    ])
    func aTappedCancelIsFollowed(title: String, isStop: Bool) { #expect(stops(title, isTapped: true) == isStop, "\(title)") }

    @Test(arguments: ["cancel whatsapp updates", "cancel sending me updates", "please cancel texts", "cancel the reminder messages"])
    func aThingBesideMessagesIsOne(_ text: String) { #expect(stops(text), "\(text)") }

    /// Whose massage begins has agreed to no marketing.
    @Test func aThingThatBeginsIsNoAgreement() {
        #expect(OptGrammar.meaning(OptText("start massage").words) == nil)
        #expect(OptGrammar.meaning(OptText("start sending me updates").words) == .agree)
    }
}
