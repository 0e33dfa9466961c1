package import AccountContract

/// A customer's word that means: write to me, or do not.
///
/// The whole message must be the word, perhaps with "please" and an object such as "messages": "STOP!!" and "please stop
/// sending me messages" are meant, "please stop by the shop" and "stop, I want two samosas" are not.
package struct OptKeyword: Equatable, Sendable {
    /// What the person wants.
    package enum Meaning: String, CaseIterable { case stop, start, pause, resume }
    /// The language of the word, in which it is answered.
    package enum Language: String, CaseIterable { case en, hi, mr }

    package var meaning: Meaning
    package var language: Language

    /// The keyword that a text is, if it is one.
    package static func read(_ text: String) -> OptKeyword? {
        // The longest phrase has seven words; a longer text is no keyword.
        guard text.utf8.count <= 256 else { return nil }
        let words = Self.words(text)
        guard !words.isEmpty, words.count <= 8 else { return nil }
        var core = words.filter { !polite.contains($0) }[...]
        while core.first == "," { core.removeFirst() }
        while core.last == "," { core.removeLast() }
        guard !core.isEmpty else { return nil }
        let phrase = core.joined(separator: " ")
        if let found = phrases[phrase] { return found }
        guard let object = objects.first(where: { phrase.hasSuffix(" " + $0) }) else { return nil }
        let verb = String(phrase.dropLast(object.count + 1))
        if let found = verbs[verb] { return OptKeyword(meaning: found, language: .en) }
        return nil
    }

    /// Lower case, without punctuation, emoji and doubled spaces.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        for scalar in text.lowercased().unicodeScalars {
            // Letters with the vowel signs that belong to them.
            let isPart =
                scalar.properties.isAlphabetic || scalar.properties.generalCategory == .nonspacingMark
                || scalar.properties.generalCategory == .spacingMark || scalar == "'" || scalar == "\u{2019}"
            if isPart {
                if scalar != "'" && scalar != "\u{2019}" { word.unicodeScalars.append(scalar) }
            } else {
                if !word.isEmpty { words.append(word) }
                word = ""
                // A number, or a comma between two thoughts, makes it a sentence of its own kind.
                if scalar.properties.generalCategory == .decimalNumber { words.append("0") }
                if scalar == "," || scalar == ";" || scalar == ":" { words.append(",") }
            }
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    private static let polite: Set<String> = [
        "please", "pls", "plz", "kindly", "thanks", "thankyou", "कृपया", "प्लीज", "प्लीज़", "kripya", "krupaya",
    ]
    /// What a verb of English may be followed by.
    private static let objects = [
        "all", "now", "it", "this", "messages", "message", "msgs", "msg", "texts", "promotions", "promotion", "marketing", "offers", "ads",
        "spam",
        "me", "everything", "all messages", "the messages", "these messages", "your messages", "my messages", "marketing messages",
        "promotional messages", "sending messages", "sending me messages", "sending me these messages", "sending these messages", "sending",
        "messaging me", "texting me", "messaging", "from this list", "from your list", "me from this list", "me from your list",
        "sending me promotions", "sending me offers", "sending promotions", "sending offers",
    ]
    .sorted { $0.count > $1.count }
    private static let verbs: [String: Meaning] = [
        "stop": .stop, "unsubscribe": .stop, "remove": .stop, "optout": .stop, "opt out": .stop, "pause": .pause, "resume": .resume,
        "start": .start, "subscribe": .start, "restart": .resume,
    ]

    private static let phrases: [String: OptKeyword] = {
        let lists: [(Meaning, Language, [String])] = [
            (
                .stop, .en,
                [
                    "stop", "stopall", "stop all", "unsubscribe", "unsub", "optout", "opt out", "quit", "end", "do not message me",
                    "dont message me", "do not send me messages", "dont send me messages", "do not text me", "dont text me",
                    "no more messages", "leave me alone", "remove me",
                ]
            ),
            (.start, .en, ["start", "unstop", "subscribe", "optin", "opt in", "i agree", "subscribe me"]),
            (.pause, .en, ["pause", "snooze"]),
            (.resume, .en, ["resume", "unpause", "continue messages"]),
            (
                .stop, .hi,
                [
                    "स्टॉप", "बंद", "बंद करो", "बंद करें", "बंद करे", "बंद कीजिए", "बन्द करो", "बन्द करें", "रोको", "रोकें", "रोक दो", "मत भेजो",
                    "मत भेजें", "मैसेज बंद करो", "मैसेज बंद करें", "मेसेज बंद करो", "संदेश बंद करो", "संदेश बंद करें", "मैसेज मत भेजो", "मैसेज मत भेजें",
                    "मुझे मैसेज मत भेजो", "संदेश मत भेजो", "संदेश मत भेजें", "अनसब्सक्राइब", "band karo", "band kar do", "band kare", "band karen",
                    "message band karo", "msg band karo", "message mat bhejo", "msg mat bhejo", "mat bhejo",
                ]
            ),
            (
                .start, .hi,
                [
                    "स्टार्ट", "शुरू", "शुरू करो", "शुरू करें", "शुरु करो", "शुरु करें", "चालू करो", "चालू करें", "मैसेज शुरू करो", "संदेश शुरू करें",
                    "shuru karo", "shuru kare", "chalu karo", "message shuru karo",
                ]
            ),
            (.pause, .hi, ["विराम", "पॉज", "पॉज़", "कुछ समय के लिए बंद करो", "कुछ समय के लिए रोकें"]),
            (.resume, .hi, ["रिज्यूम", "फिर से शुरू करो", "फिर से शुरू करें", "फिर शुरू करें", "phir se shuru karo"]),
            (
                .stop, .mr,
                [
                    "थांबा", "थांबवा", "थांब", "बंद करा", "बंद कर", "मेसेज बंद करा", "संदेश बंद करा", "मेसेज थांबवा", "संदेश थांबवा", "पाठवू नका",
                    "मेसेज पाठवू नका", "संदेश पाठवू नका", "मला मेसेज पाठवू नका", "thamba", "thambva", "band kara", "message band kara",
                    "msg band kara", "message pathvu naka", "pathvu naka",
                ]
            ),
            (
                .start, .mr,
                ["सुरू", "सुरू करा", "सुरु करा", "चालू करा", "मेसेज सुरू करा", "संदेश सुरू करा", "suru kara", "chalu kara", "message suru kara"]
            ),
            (.pause, .mr, ["थोडा वेळ थांबा", "थोडा वेळ बंद करा", "thoda vel thamba"]),
            (.resume, .mr, ["पुन्हा सुरू करा", "परत सुरू करा", "punha suru kara", "parat suru kara"]),
        ]
        var found: [String: OptKeyword] = [:]
        for (meaning, language, phrases) in lists {
            for phrase in phrases { found[words(phrase).joined(separator: " ")] = OptKeyword(meaning: meaning, language: language) }
        }
        return found
    }()

    /// What the person is told once it has been heeded.
    package var confirmation: String {
        switch (meaning, language) {
        case (.stop, .en): "You will get no more messages from us. Write START to get them again."
        case (.start, .en): "You will get our messages. Write STOP at any time to end them."
        case (.pause, .en): "Our messages are paused. Write RESUME to get them again."
        case (.resume, .en): "You will get our messages again. Write STOP at any time to end them."
        case (.stop, .hi): "अब आपको हमारे संदेश नहीं मिलेंगे। फिर से पाने के लिए START लिखें।"
        case (.start, .hi): "अब आपको हमारे संदेश मिलेंगे। बंद करने के लिए कभी भी STOP लिखें।"
        case (.pause, .hi): "हमारे संदेश कुछ समय के लिए रोक दिए गए हैं। फिर से पाने के लिए RESUME लिखें।"
        case (.resume, .hi): "आपको हमारे संदेश फिर से मिलेंगे। बंद करने के लिए कभी भी STOP लिखें।"
        case (.stop, .mr): "यापुढे तुम्हाला आमचे संदेश येणार नाहीत. पुन्हा मिळवण्यासाठी START लिहा."
        case (.start, .mr): "तुम्हाला आमचे संदेश येतील. बंद करण्यासाठी कधीही STOP लिहा."
        case (.pause, .mr): "आमचे संदेश काही काळ थांबवले आहेत. पुन्हा मिळवण्यासाठी RESUME लिहा."
        case (.resume, .mr): "तुम्हाला आमचे संदेश पुन्हा येतील. बंद करण्यासाठी कधीही STOP लिहा."
        }
    }

    /// What it makes of a consent; nil where it says nothing about it now.
    package func state(after state: Consent.State?) -> Consent.State? {
        switch meaning {
        case .stop: .stopped
        case .start: .granted
        case .pause: state == .stopped ? nil : .paused
        // Only who has paused or stopped can resume; else it is a word like any other.
        case .resume: state == .paused || state == .stopped ? .granted : nil
        }
    }
}
