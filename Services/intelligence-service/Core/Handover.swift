import Vocabulary

/// What a customer is told whose question nothing here can answer: that a person will.
///
/// Said once in twelve hours, so that two machines cannot talk to each other for ever; the conversation waits for a
/// person meanwhile. A word or two right after an answer of ours, such as a thank-you, ask for nobody.
enum Handover {
    static let pause = Milliseconds.hours(12)
    private static let echo = Milliseconds.minutes(10)

    /// How a conversation stands when a text comes that no handler takes.
    struct Standing {
        var handedOverAt: Timestamp?
        /// When the business last answered.
        var answeredAt: Timestamp?
    }

    /// - Returns: whether a person is asked for, and whether the customer is told so.
    static func decide(_ utterance: Utterance, _ standing: Standing, at now: Timestamp) -> (needsPerson: Bool, isTold: Bool) {
        guard utterance.words.contains(where: { $0.contains(where: \.isLetter) }) else { return (false, false) }
        let isShort = utterance.words.count <= 2 && !utterance.text.contains("?")
        if isShort, let answered = standing.answeredAt, now - answered < echo { return (false, false) }
        return (true, standing.handedOverAt.map { now - $0 >= pause } ?? true)
    }

    static func words(_ utterance: Utterance, _ customer: Customer) -> String {
        switch utterance.language {
        case .english: "Thank you for your message. A person of \(customer.accountName) will answer you here."
        case .hindi: "आपके संदेश के लिए धन्यवाद। \(customer.accountName) की टीम आपको यहीं जवाब देगी।"
        case .marathi: "तुमच्या संदेशाबद्दल धन्यवाद. \(customer.accountName) ची टीम तुम्हाला इथेच उत्तर देईल."
        }
    }
}
