/// The meaning of a customer's words for whether they want our messages.
///
/// Plain sentences are read by a grammar and followed at once. The long tail is read by a classifier: what it is sure of
/// is followed too, and where it is not, the customer is asked.
package enum OptReading: Equatable, Sendable {
    /// It says what is wanted.
    case keyword(OptKeyword)
    /// It may mean that no more messages are wanted.
    case unsure(OptKeyword.Language)
    /// A bare yes, which means something only after our question.
    case yes(OptKeyword.Language)
    /// It is about something else.
    case nothing

    /// A withdrawal from this probability on; calibrated so that one in two hundred other messages reaches it.
    package static let certain: Float = 0.8
    /// A question from this probability on.
    package static let doubtful: Float = 0.3

    /// - Parameters:
    ///   - isTapped: whether the words are a button's title, which the business wrote and not the customer.
    ///   - classifier: decides where the grammar does not.
    package init(_ text: String, isTapped: Bool = false, classifier: OptClassifier = .trained) {
        if let signs = Self.stopSigns(in: text) {
            // A traffic sign says the word itself. Of the others none says what shall stop: the customer does, when asked.
            self = isTapped ? .nothing : signs.contains("🛑") ? .keyword(OptKeyword(meaning: .stop, language: .en)) : .unsure(.en)
            return
        }
        let text = OptText(text)
        let language = OptKeyword.Language(text.words)
        guard !text.words.isEmpty else {
            self = .nothing
            return
        }
        if let meaning = OptGrammar.meaning(text.words, isTapped: isTapped), text.isWhole {
            // A menu's "Start" or "Resume" begins something of the bot's.
            let isOfMenu = isTapped && (meaning == .start || meaning == .resume || meaning == .pause)
            self = isOfMenu ? .nothing : .keyword(OptKeyword(meaning: meaning, language: language))
            return
        }
        let core = text.words.filter { !",.!?".contains($0) }
        if Self.yes.contains(core.joined(separator: " ")) {
            // A button's yes is about what the button was under.
            self = isTapped ? .nothing : .yes(language)
            return
        }
        guard !OptDenial.isFound(text.words), !OptDenial.isOfMissing(text.words) else {
            self = .nothing
            return
        }
        switch classifier.probability(text) {
        case Self.certain... where !OptGrammar.mayCancelThing(text.words, isTapped: isTapped):
            self = .keyword(OptKeyword(meaning: .stop, language: language))
        case Self.doubtful... where !isTapped: self = .unsure(language)
        default: self = .nothing
        }
    }

    package var isUnsure: Bool { if case .unsure = self { true } else { false } }

    /// The signs of a text that is nothing but stop signs, however many; nil for any other.
    private static func stopSigns(in text: String) -> Set<Unicode.Scalar>? {
        var found: Set<Unicode.Scalar> = []
        for sign in text.unicodeScalars where !sign.properties.isWhitespace && !besides.contains(sign) {
            guard stopSigns.contains(sign) else { return nil }
            found.insert(sign)
        }
        return found.isEmpty ? nil : found
    }

    private static let stopSigns: Set<Unicode.Scalar> = ["🛑", "⛔", "🚫"]
    /// Signs that change nothing about them: how an emoji is drawn, and marks.
    private static let besides: Set<Unicode.Scalar> = ["\u{FE0F}", "!", "."]

    private static let yes: Set<String> = Set(
        [
            "yes", "y", "yes please", "yeah", "yep", "haan", "han", "haa", "ha", "ji", "ji haan", "हां", "हाँ", "जी", "जी हां", "हो", "ho", "होय",
            "hoy",
        ]
        .map { OptText($0).words.joined(separator: " ") })
}

extension OptKeyword.Language {
    /// The language of words: by their script, and by what only one of the languages has.
    init(_ words: [String]) {
        let marathi = words.count { Self.marathi.contains($0) }
        let hindi = words.count { Self.hindi.contains($0) }
        let isDevanagari = words.contains { $0.unicodeScalars.contains { (0x900...0x97F).contains($0.value) } }
        switch (marathi, hindi, isDevanagari) {
        case (0, 0, false): self = .en
        case _ where marathi > hindi: self = .mr
        default: self = .hi
        }
    }

    private static let marathi = evened(
        """
        नका नको नकोत नकोय नाही नाहीत आहे आहेत मला माझा माझे माझं माझ्या करा करू पाठवू पाठवा पाठवणे थांबवा काढा आम्हाला तुम्ही तुमचे तुमच्या मेसेजेस वगळा यापुढे हवे हवेत पाहिजे सुरू
        थांबा कृपा होय हो naka nako nakot nka mala maza maze kara karu pathvu pathavu pathva pathwu thamba thambva thambava kadha tumche tumchya ahe aahe pahije
        suru vel punha parat hoy
        """)
    private static let hindi = evened(
        """
        मत नहीं नही मुझे मेरा मेरे करो करें करे कीजिए दो भेजो भेजना भेजें भेजिए है हैं हूं आप आपके चाहिए रोको हटाओ शुरू mat mt nahi nhi nahin mujhe mera mere karo kro kare
        karen kijiye kar krdo kardo bhejo bhejna bhej bhejiye hai hain aap aapke chahiye roko hatao shuru haan han ji ye yeh
        """)

    private static func evened(_ words: String) -> Set<String> { Set(OptText.words(of: words)) }
}
