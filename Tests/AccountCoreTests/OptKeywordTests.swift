import AccountContract
import Testing

@testable import AccountContacts

@Suite struct OptKeywordTests {
    @Test(arguments: [
        "STOP", "stop", "Stop.", "  stop!!! ", "stop 🙏", "Please stop", "stop, please", "STOP ALL", "stop messages",
        "stop sending me messages",
        "please stop sending me these messages", "unsubscribe", "Unsubscribe me from this list", "opt out", "OPTOUT", "don't message me",
        "do not send me messages", "remove me from your list", "no more messages", "quit",
        "बंद करो", "स्टॉप", "कृपया बंद करें", "मैसेज मत भेजो", "band karo", "थांबा", "मेसेज पाठवू नका", "बंद करा!", "band kara",
    ])
    func meansStop(_ text: String) { #expect(OptKeyword.read(text)?.meaning == .stop) }

    @Test(arguments: [
        "please stop by the shop", "stop, I want two samosas", "Stop by at 5", "don't stop", "non-stop", "bus stop",
        "can you stop the delivery",
        "stop 2", "when will it stop raining", "the end", "cancel my order", "I will quit my job", "stop it hurts", "मुझे बंद पैकेट चाहिए",
        "दुकान बंद है क्या", "band baja", "थांबा मी येतो आहे लगेच", "starting price?", "start my order", "resume attached", "pause the video and look",
        "how do I subscribe to the newsletter", "", "!!!", "🙏", "stop stop stop stop stop stop stop stop stop",
        "stop\u{200B}by the shop tomorrow and bring the papers that we talked about, please, it is quite urgent for all of us here",
    ])
    func meansNothing(_ text: String) { #expect(OptKeyword.read(text) == nil) }

    @Test(arguments: [
        ("START", OptKeyword.Meaning.start, OptKeyword.Language.en), ("unstop", .start, .en), ("शुरू करें", .start, .hi),
        ("सुरू करा", .start, .mr),
        ("pause", .pause, .en), ("Pause messages", .pause, .en), ("विराम", .pause, .hi), ("थोडा वेळ थांबा", .pause, .mr), ("RESUME", .resume, .en),
        ("फिर से शुरू करें", .resume, .hi), ("पुन्हा सुरू करा", .resume, .mr), ("बंद करो", .stop, .hi), ("बंद करा", .stop, .mr),
    ])
    func hasMeaningAndLanguage(text: String, meaning: OptKeyword.Meaning, language: OptKeyword.Language) {
        #expect(OptKeyword.read(text) == OptKeyword(meaning: meaning, language: language))
    }

    @Test func resumingMeansSomethingOnlyAfterAPauseOrStop() throws {
        let resume = try #require(OptKeyword.read("resume"))
        #expect(resume.state(after: nil) == nil)
        #expect(resume.state(after: .granted) == nil)
        #expect(resume.state(after: .paused) == .granted)
        #expect(resume.state(after: .stopped) == .granted)
        let pause = try #require(OptKeyword.read("pause"))
        #expect(pause.state(after: .stopped) == nil, "who has stopped everything is not opened to utility messages by a pause")
        for language in OptKeyword.Language.allCases {
            for meaning in OptKeyword.Meaning.allCases {
                #expect(!OptKeyword(meaning: meaning, language: language).confirmation.isEmpty)
            }
        }
    }

    @Test func consentIsNeededForWhatTheBusinessBegins() {
        let rule = ConsentRule(requiresGrant: true)
        func refusal(_ category: Message.Category, _ state: Consent.State?, _ open: Bool = false) -> ConsentRule.Refusal? {
            rule.refusal(of: category, consent: state, isWindowOpen: open)
        }
        #expect(refusal(.marketing, nil) == .missing)
        #expect(refusal(.marketing, .granted) == nil)
        #expect(refusal(.marketing, .stopped, true) == .stopped, "an open window is no agreement to marketing")
        #expect(refusal(.marketing, .paused) == .paused)
        #expect(refusal(.utility, nil) == nil)
        #expect(refusal(.utility, .paused) == nil)
        #expect(refusal(.utility, .stopped) == .stopped)
        #expect(refusal(.utility, .stopped, true) == nil)
        #expect(refusal(.authentication, .stopped) == nil)
        #expect(refusal(.service, .stopped) == nil)
        #expect(ConsentRule(requiresGrant: false).refusal(of: .marketing, consent: nil, isWindowOpen: false) == nil)
    }
}
