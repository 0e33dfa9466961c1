/// Reads short sentences whose every word is known: a verb of ending or beginning, what it is done to, and nothing else.
///
/// A person and a regulator read them one way. Whatever has a word that is not understood is left to the classifier.
enum OptGrammar {
    /// Reads what the words mean beyond doubt; nil where something else may be meant.
    ///
    /// - Parameter isTapped: whether they are a button's title, which names what the business sends.
    static func meaning(_ words: [String], isTapped: Bool = false) -> OptKeyword.Meaning? {
        if let meaning = phrases[words.filter { !isMark($0) && OptConcept.of($0) != .please }.joined(separator: " ")] { return meaning }
        guard !OptDenial.isFound(words), !words.contains("?"), let shape = shape(words) else { return nil }
        if stopping.contains(shape) { return .stop }
        // "Sale chalu" tells of a sale, and who cancels a deal refuses a thing: messages are meant only where they, or their
        // sending, are named.
        let named = words.filter { [.message, .send].contains(OptConcept.of($0)) && !massages.contains($0) }
        guard !named.isEmpty else { return nil }
        // "Cancel my message" may be about the one that the customer wrote.
        let isOwn = words.contains { OptConcept.of($0) == .me && !pronounAsObject.contains($0) }
        if cancelling.contains(shape), !isOwn, isTapped || !named.allSatisfy(things.contains) { return .stop }
        return agreeing.contains(shape) ? .agree : nil
    }

    /// Whether something is cancelled that is called like a message and may be a thing: "cancel my massage", "reminder cancel karo".
    ///
    /// Such words lead to a question at most, however sure the classifier is. A tapped button leads to none: on one, only a massage may be
    /// a thing.
    static func mayCancelThing(_ words: [String], isTapped: Bool = false) -> Bool {
        let things = isTapped ? massages : things
        guard words.contains(where: plainlyCancelling.contains), words.contains(where: things.contains) else { return false }
        return !words.contains { word in !things.contains(word) && OptConcept.of(word).map(endingOrMessage.contains) ?? false }
    }

    /// One letter for each word that matters, the same beside each other once; nil where a word is not understood.
    private static func shape(_ words: [String]) -> String? {
        var shape = ""
        for word in words where !isMark(word) {
            if isFiller(word) { continue }
            guard let letter = letter(word) else { return nil }
            if shape.last != letter { shape.append(letter) }
        }
        // A page of such words is no sentence.
        return words.count <= 14 ? shape : nil
    }

    private static func letter(_ word: String) -> Character? {
        if pronounAsObject.contains(word) { return "P" }
        // Words that say that messages come or came tell something and are no wish.
        if told.contains(word) { return nil }
        return switch OptConcept.of(word) {
        case .stop: "S"
        case .unsubscribe: "U"
        case .remove, .cut: "R"
        case .send: "X"
        case .contact: "C"
        case .message, .promotion: "M"
        case .list, .number, .name: "L"
        case .negation: "N"
        case .want: "W"
        case .closed: "B"
        case .doing: "D"
        case .start: "T"
        case .off: "O"
        case .cancel where plainlyCancelling.contains(word): "K"
        default: nil
        }
    }

    /// Words that change nothing about what is meant.
    private static func isFiller(_ word: String) -> Bool {
        switch OptConcept.of(word) {
        case .please, .you, .these, .more, .can, .me: !pronounAsObject.contains(word)
        default: articles.contains(word)
        }
    }

    private static func isMark(_ word: String) -> Bool { word.utf8.count == 1 && ",.!?".contains(word) }

    private static let articles: Set<String> = [
        "the", "all", "to", "from", "of", "on", "a", "any", "ko", "ke", "ki", "se", "pe", "par", "को", "के", "की", "से", "पर", "में", "भी", "hi",
        "bhi",
        "वर", "var",
    ]
    private static let told = Set(
        OptText.words(
            of: """
                receive get getting recieve receiving got sent भेजा भेजते भेजता भेजती पाठवले पाठवलेत पाठवता पाठवत पाठवतो bheja bhejte bhejta bhejti
                pathvta pathavta pathavat
                """))
    /// "remove me" has an object; "remove it" has none that tells.
    private static let pronounAsObject: Set<String> = ["me"]

    /// The patterns that end messages, in the order of words of English, then of Hindi and Marathi.
    private static let stopping: Set<String> = [
        "S", "SP", "SM", "SX", "SXP", "SXM", "SXPM", "SPM", "SMP", "SXMP", "SC", "SCP", "U", "UP", "UM", "UPM", "UL", "UPL", "NXM", "NXPM",
        "NXMP",
        "NMP", "NMPM", "NCP", "NWM", "RP", "RPL", "RPLM", "RPML", "RPM", "RLL", "RPOL", "RLM",
        "BD", "MB", "MBD", "MXBD", "MSD", "MXB", "XBD", "XB", "MNX", "MNXD", "NX", "MXN", "XN", "MXND", "MNW", "MWN", "MN", "MND", "MDN",
        "LR", "LRD", "MSX", "SD",
    ]
    /// The patterns that cancel messages, likewise.
    private static let cancelling: Set<String> = ["KM", "KXM", "KXPM", "MKD", "MXKD"]
    /// Of the words that end an agreement, those that are no more than that: "turn", "switch" and "end" begin many phrases.
    private static let plainlyCancelling = Set(OptText.words(of: "cancel cancle discontinue deactivate disable radd रद्द कैंसिल कैंसल कॅन्सल"))
    /// A message, misspelt, or what a spa sells.
    private static let massages = Set(OptText.words(of: "massage massages"))
    /// Words for things that are cancelled by themselves as often as they are messages.
    private static let things = massages.union(OptText.words(of: "reminder reminders update updates text"))
    /// Concepts that say, beside such a thing, that messages are meant.
    private static let endingOrMessage: Set<OptConcept> = [.message, .promotion, .send, .stop, .unsubscribe, .remove, .closed]
    private static let agreeing: Set<String> = ["TM", "TXM", "TXPM", "TPM", "TMP", "TXMP", "MTD", "MXTD", "MXT"]

    private static let phrases: [String: OptKeyword.Meaning] = {
        let lists: [(OptKeyword.Meaning, [String])] = [
            (.stop, ["stopall", "quit", "end", "opt out", "opt me out", "स्टॉप", "बंद"]),
            (
                .start,
                [
                    "start", "unstop", "restart", "स्टार्ट", "शुरू", "शुरू करो", "शुरू करें", "शुरु करो", "शुरु करें", "शुरू कर दो", "शुरू कीजिए", "चालू करो", "चालू करें",
                    "shuru karo", "shuru kare", "shuru kar do", "chalu karo", "सुरू", "सुरू करा", "सुरु करा", "चालू करा", "suru kara", "chalu kara",
                ]
            ),
            (.agree, ["subscribe", "subscribe me", "resubscribe", "optin", "opt in", "opt me in"]),
            (
                .pause,
                [
                    "pause", "snooze", "pause messages", "pause all messages", "pause your messages", "विराम", "पॉज", "पॉज़",
                    "कुछ समय के लिए बंद करो",
                    "कुछ समय के लिए रोकें", "थोडा वेळ थांबा", "थोडा वेळ बंद करा", "thoda vel thamba",
                ]
            ),
            (
                .resume,
                [
                    "resume", "unpause", "resume messages", "continue messages", "रिज्यूम", "फिर से शुरू करो", "फिर से शुरू करें", "फिर शुरू करें",
                    "phir se shuru karo",
                    "पुन्हा सुरू करा", "परत सुरू करा", "punha suru kara", "parat suru kara",
                ]
            ),
        ]
        var found: [String: OptKeyword.Meaning] = [:]
        for (meaning, phrases) in lists {
            for phrase in phrases { found[OptText(phrase).words.joined(separator: " ")] = meaning }
        }
        return found
    }()
}
