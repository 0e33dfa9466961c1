package import AccountContract

/// The customer's wish about our messages, in the language in which they are answered.
package struct OptKeyword: Equatable, Sendable {
    /// The person's wish.
    package enum Meaning: String, CaseIterable, Sendable {
        /// No more messages.
        case stop
        /// They want the messages again that a STOP took.
        case start
        /// Marketing, in words that say so.
        case agree
        /// No marketing for a while.
        case pause
        /// They want the messages again that a pause took.
        case resume
    }

    /// The language in which the person is answered.
    package enum Language: String, CaseIterable, Sendable { case en, hi, mr }

    package var meaning: Meaning
    package var language: Language

    package init(meaning: Meaning, language: Language) {
        self.meaning = meaning
        self.language = language
    }

    /// The consent that follows from it; nil where it says nothing about the present one.
    ///
    /// - Parameter prior: what stood before the person stopped or paused.
    package func state(after state: Consent.State?, prior: Consent.State?) -> Consent.State? {
        switch (meaning, state) {
        case (.stop, _): .stopped
        case (.agree, _): .granted
        // A pause opens nobody who has stopped everything to utility messages.
        case (.pause, .stopped), (.pause, .marketingStopped): nil
        case (.pause, _): .paused
        // It gives back what was taken, and is no agreement to what was never agreed to.
        case (.start, .stopped), (.start, .paused), (.start, .marketingStopped), (.resume, .stopped), (.resume, .paused),
            (.resume, .marketingStopped):
            Consent.State.returned(prior)
        case (.start, _), (.resume, _): nil
        }
    }

    /// The answer that the person gets once their wish has been followed.
    package var confirmation: String {
        switch (meaning, language) {
        case (.stop, .en): "You will get no more messages from us. Write START to get them again."
        case (.start, .en), (.resume, .en): "You will get our messages again. Write STOP at any time to end them."
        case (.agree, .en): "You will get our messages and offers. Write STOP at any time to end them."
        case (.pause, .en): "Our messages are paused. Write RESUME to get them again."
        case (.stop, .hi): "अब आपको हमारे संदेश नहीं मिलेंगे। फिर से पाने के लिए START लिखें।"
        case (.start, .hi), (.resume, .hi): "आपको हमारे संदेश फिर से मिलेंगे। बंद करने के लिए कभी भी STOP लिखें।"
        case (.agree, .hi): "अब आपको हमारे संदेश और ऑफ़र मिलेंगे। बंद करने के लिए कभी भी STOP लिखें।"
        case (.pause, .hi): "हमारे संदेश कुछ समय के लिए रोक दिए गए हैं। फिर से पाने के लिए RESUME लिखें।"
        case (.stop, .mr): "यापुढे तुम्हाला आमचे संदेश येणार नाहीत. पुन्हा मिळवण्यासाठी START लिहा."
        case (.start, .mr), (.resume, .mr): "तुम्हाला आमचे संदेश पुन्हा येतील. बंद करण्यासाठी कधीही STOP लिहा."
        case (.agree, .mr): "तुम्हाला आमचे संदेश आणि ऑफर येतील. बंद करण्यासाठी कधीही STOP लिहा."
        case (.pause, .mr): "आमचे संदेश काही काळ थांबवले आहेत. पुन्हा मिळवण्यासाठी RESUME लिहा."
        }
    }
}

extension OptKeyword.Language {
    /// The question to a person whose words may mean that they want no more messages.
    package var question: String {
        switch self {
        case .en: "Do you want no more messages from us? Reply STOP and we will send none."
        case .hi: "क्या आप हमसे और संदेश नहीं चाहते? STOP लिखें, फिर हम कोई संदेश नहीं भेजेंगे।"
        case .mr: "तुम्हाला आमचे संदेश नको आहेत का? STOP लिहा, मग आम्ही एकही संदेश पाठवणार नाही."
        }
    }
}
