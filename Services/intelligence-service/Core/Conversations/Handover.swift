import IntelligenceContract
import MetaEvents
import Vocabulary

/// The answer to a message that nothing here can answer: a person will.
///
/// Said once in twelve hours, so that two machines cannot talk to each other for ever; the conversation waits for a
/// person meanwhile.
enum Handover {
    static let pause = Milliseconds.hours(12)

    /// Whether a message says something without words: a voice note is a request, an emoji on a message is none.
    private static func speaks(_ type: MetaWord<MessageKind>) -> Bool {
        switch type.known {
        case .text, .image, .video, .audio, .document, .location, .contacts, .interactive, .button, .order, .unsupported: true
        case .sticker, .reaction, .edit, .revoke, .system, .call, nil: false
        }
    }

    /// Emojis that want something: account-router asks once what, and then they are somebody's to understand.
    private static let stopSigns: Set<Unicode.Scalar> = ["🛑", "⛔", "🚫"]

    /// Whether it is a person's, whoever has answered it: a call that nobody took, or a wish about the customer's own data.
    ///
    /// A STOP that is followed deletes nothing.
    static func isOwed(_ params: ProcessMessage.Params, _ utterance: Utterance?) -> Bool {
        guard params.isOfCustomer, params.author == nil else { return false }
        if let call = params.content?.call {
            // Meta names the seconds of a call that was taken.
            return call.event == .known(.terminate) && call.seconds ?? 0 == 0
        }
        return utterance.map(DataRequest.isFound) ?? false
    }

    /// Whether it answers what the customer has said before: the business wrote it itself, or spoke with them.
    static func isAnswer(_ params: ProcessMessage.Params) -> Bool {
        // Taken back or corrected, a message says nothing that is new.
        guard params.isEcho == true, ![.edit, .revoke, .system].contains(params.type.known) else { return false }
        guard let call = params.content?.call else { return true }
        return call.event == .known(.terminate) && call.seconds ?? 0 > 0
    }

    /// - Parameters:
    ///   - utterance: the words, if there are any.
    ///   - told: when the customer was last told.
    /// - Returns: whether a person is asked for, and whether the customer is told so.
    static func decide(_ utterance: Utterance?, type: MetaWord<MessageKind>, told: Timestamp?, at now: Timestamp) -> (
        needsPerson: Bool, isTold: Bool
    ) {
        if let utterance {
            let speaks =
                utterance.words.contains { $0.contains(where: \.isLetter) }
                || utterance.text.unicodeScalars.contains { stopSigns.contains($0) }
            guard speaks, !Closing.isAll(of: utterance) else { return (false, false) }
        } else if !speaks(type) {
            return (false, false)
        }
        return (true, told.map { now - $0 >= pause } ?? true)
    }

    static func words(_ utterance: Utterance?, _ customer: Customer) -> String {
        switch utterance?.language ?? .english {
        case .english: "Thank you for your message. A person of \(customer.accountName) will answer you here."
        case .hindi: "आपके संदेश के लिए धन्यवाद। \(customer.accountName) की टीम आपको यहीं जवाब देगी।"
        case .marathi: "तुमच्या संदेशाबद्दल धन्यवाद. \(customer.accountName) ची टीम तुम्हाला इथेच उत्तर देईल."
        }
    }
}
