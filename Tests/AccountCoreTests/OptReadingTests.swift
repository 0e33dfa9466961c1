import AccountContract
import Foundation
import Testing

@testable import AccountContacts

@Suite struct OptReadingTests {
    private func meaning(_ text: String, isTapped: Bool = false) -> OptKeyword.Meaning? {
        guard case .keyword(let keyword) = OptReading(text, isTapped: isTapped) else { return nil }
        return keyword.meaning
    }

    @Test(arguments: [
        "STOP", "stop", "Stop.", "  stop!!! ", "stop 🙏", "Please stop", "stop, please", "STOP ALL", "stop messages",
        "stop sending me messages", "please stop sending me these messages", "unsubscribe", "Unsubscribe me from this list", "opt out",
        "OPTOUT", "don't message me", "do not send me messages", "remove me from your list", "no more messages", "quit",
        "बंद करो", "स्टॉप", "कृपया बंद करें", "मैसेज मत भेजो", "band karo", "मेसेज पाठवू नका", "बंद करा!", "band kara",
        "S T O P", "s.t.o.p", "stop stop", "stop stop stop stop stop stop stop stop stop", "opt me out", "stop sending me these offers",
        "don't send me any more messages", "stop, thank you", "बंद कर दो", "मैसेज भेजना बंद करो", "मत भेजिए", "मेसेज पाठवणे बंद करा", "st\u{200B}op",
        "S\u{AD}TOP", "ＳＴＯＰ", "stoooop", "dont msg me again", "take me off this broadcast", "msg bhejna bnd kro", "मुझे आपके विज्ञापन नहीं चाहिए",
    ])
    func meansStop(_ text: String) { #expect(meaning(text) == .stop) }

    @Test(arguments: [
        "please stop by the shop", "stop, I want two samosas", "Stop by at 5", "don't stop", "non-stop", "bus stop",
        "can you stop the delivery", "when will it stop raining", "the end", "cancel my order", "I will quit my job",
        "मुझे बंद पैकेट चाहिए", "दुकान बंद है क्या", "band baja", "थांबा मी येतो आहे लगेच", "starting price?", "start my order",
        "resume attached", "pause the video and look", "", "!!!", "🙏", "remove it", "थांबा", "thamba", "start it", "start now", "i agree",
        "please don't stop the messages", "मैसेज बंद मत करना", "मेसेज बंद करू नका", "message band mat karo", "mujhe list se mat hatana",
        "don't send it to the old address", "I'm not getting any messages from you", "मला पाठवले नाही", "मैसेज नहीं भेजा", "sale chalu",
        "offer start", "कांदा नको", "Two pizzas please",
        "stop\u{200B}by the shop tomorrow and bring the papers that we talked about, please, it is quite urgent for all of us here",
    ])
    func meansNothing(_ text: String) { #expect(meaning(text) == nil) }

    @Test(arguments: [
        ("START", OptKeyword.Meaning.start, OptKeyword.Language.en), ("unstop", .start, .en), ("शुरू करें", .start, .hi),
        ("सुरू करा", .start, .mr), ("pause", .pause, .en), ("Pause messages", .pause, .en), ("विराम", .pause, .hi),
        ("थोडा वेळ थांबा", .pause, .mr), ("RESUME", .resume, .en), ("फिर से शुरू करें", .resume, .hi), ("पुन्हा सुरू करा", .resume, .mr),
        ("बंद करो", .stop, .hi), ("बंद करा", .stop, .mr), ("subscribe", .agree, .en), ("start sending me offers", .agree, .en),
        ("मेसेज सुरू करा", .agree, .mr), ("band karo", .stop, .hi), ("message pathvu naka", .stop, .mr),
    ])
    func hasMeaningAndLanguage(text: String, meaning: OptKeyword.Meaning, language: OptKeyword.Language) {
        #expect(OptReading(text) == .keyword(OptKeyword(meaning: meaning, language: language)))
    }

    /// The business wrote the title: STOP on it stops, START on it may begin a menu.
    @Test func aButtonStopsAndStartsNothing() {
        #expect(meaning("Stop promotions", isTapped: true) == .stop)
        #expect(meaning("Unsubscribe", isTapped: true) == .stop)
        #expect(meaning("Start", isTapped: true) == nil)
        #expect(meaning("Resume", isTapped: true) == nil)
        #expect(meaning("Start messages", isTapped: true) == .agree)
    }

    /// What a clerk would ask about is asked, and a yes is heard as one.
    @Test func doubtIsAskedAbout() {
        #expect(OptReading("leave me alone") != .nothing)
        #expect(OptReading("haan") == .yes(.hi))
        #expect(OptReading("Yes!") == .yes(.en))
        #expect(OptReading("होय") == .yes(.mr))
    }

    /// The traffic sign has the word on it; as a button's title it is the business's.
    @Test(arguments: ["🛑", "🛑🛑🛑", " 🛑\u{FE0F}! ", "🛑🚫"]) func aStopSignIsFollowed(text: String) {
        #expect(OptReading(text) == .keyword(OptKeyword(meaning: .stop, language: .en)))
        #expect(OptReading(text, isTapped: true) == .nothing)
    }

    /// A sign without a word is asked about.
    @Test(arguments: ["⛔", " ⛔️ ", "🚫!", "🚫⛔"]) func aSignOfProhibitionIsAskedAbout(text: String) {
        #expect(OptReading(text) == .unsure(.en))
        #expect(OptReading(text, isTapped: true) == .nothing)
    }

    /// What stands in recordings of others, and was once taken for a wish to stop.
    @Test(arguments: [
        "Love these!", "forwarded text", "MESSAGE_TEXT", "message text", "I want these", "Hello from a text message", "Body Text",
        "CAPTION_TEXT", "I love this", "Good morning text", "please text me",
    ])
    func shortWordsOfShoppingStopNothing(text: String) { #expect(OptReading(text) == .nothing, "\(text)") }

    /// The weights were learnt from the texts that stand in the tree.
    @Test func weightsAreThoseOfTheTexts() throws {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0.hasPrefix("train-") }.sorted()
        for file in files {
            for line in try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8).split(separator: "\n") {
                let fields = line.split(separator: "\t", maxSplits: 2)
                for byte in "\(fields[0])\t\(fields[2])\n".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            }
        }
        #expect(hash == OptWeights.fingerprint, "run: make train")
    }

    @Test(arguments: [
        String(repeating: "stop ", count: 20_000), String(repeating: "\u{200B}", count: 50_000), String(repeating: "a", count: 65_536),
        String(repeating: "बंद", count: 10_000), "\u{0}", "stop\u{0}", String(repeating: "e\u{301}", count: 30_000), "\u{FFFD}\u{202E}pots",
        String(repeating: "👩‍👩‍👧‍👦", count: 2_000),
    ])
    func hostileTextIsRead(_ text: String) { _ = OptReading(text) }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Training/consent")

    @Test func whatAWordMakesOfAConsent() throws {
        func state(_ meaning: OptKeyword.Meaning, _ state: Consent.State?, prior: Consent.State? = nil) -> Consent.State? {
            OptKeyword(meaning: meaning, language: .en).state(after: state, prior: prior)
        }
        #expect(state(.stop, nil) == .stopped && state(.stop, .granted) == .stopped)
        #expect(state(.start, nil) == nil, "there is nothing to take back, and it is no agreement to marketing")
        #expect(state(.start, .stopped, prior: .granted) == .granted)
        #expect(state(.start, .stopped) == .resumed)
        #expect(state(.start, .granted, prior: .granted) == nil)
        #expect(state(.agree, nil) == .granted && state(.agree, .stopped) == .granted)
        #expect(state(.resume, nil) == nil && state(.resume, .granted) == nil)
        #expect(state(.resume, .paused, prior: .granted) == .granted && state(.resume, .paused) == .resumed)
        #expect(state(.pause, .stopped) == nil, "who has stopped everything is not opened to utility messages by a pause")
        for language in OptKeyword.Language.allCases {
            #expect(!language.question.isEmpty)
            for meaning in OptKeyword.Meaning.allCases {
                #expect(!OptKeyword(meaning: meaning, language: language).confirmation.isEmpty)
            }
        }
    }

    /// What we say is not taken for what the customer says: a machine that repeats it changes nothing.
    @Test func ourOwnWordsMeanNothing() {
        for language in OptKeyword.Language.allCases {
            for meaning in OptKeyword.Meaning.allCases {
                let own = OptKeyword(meaning: meaning, language: language).confirmation
                #expect(self.meaning(own) == nil, "\(own)")
            }
            #expect(self.meaning(language.question) == nil)
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
        #expect(refusal(.marketing, .marketingStopped) == .marketingStopped)
        #expect(refusal(.utility, .marketingStopped) == nil, "Meta's preference is about marketing alone")
        #expect(refusal(.marketing, .resumed) == .missing, "a STOP taken back is no agreement that was never given")
        #expect(refusal(.utility, .resumed) == nil)
        #expect(refusal(.authentication, .stopped) == nil)
        #expect(refusal(.service, .stopped) == nil)
        #expect(ConsentRule(requiresGrant: false).refusal(of: .marketing, consent: nil, isWindowOpen: false) == nil)
    }
}
