package import RPCContract
package import Vocabulary

/// What a person wants to get of a business, as they have set it in WhatsApp itself.
///
/// Source: Meta, webhook user_preferences; its one category is `marketing_messages`.
package struct UserPreference: Described, Equatable {
    /// What the person has chosen, in Meta's words.
    package enum Choice: String, Codable, Sendable, CaseIterable { case stop, resume, signup }

    package var contact: ContactID
    package var choice: Choice
    package var at: Timestamp?
    package var detail: String?

    package static let fields: Fields = [
        "contact": "The person.",
        "choice": "Whether they have stopped marketing or want it, as Meta's word says.",
        "at": "When they set it, by Meta's clock; absent if Meta names no moment.",
        "detail": .text("The same in Meta's words.", 0...1024),
    ]

    package init(contact: ContactID, choice: Choice, at: Timestamp?, detail: String? = nil) {
        self.contact = contact
        self.choice = choice
        self.at = at
        self.detail = detail
    }

    init?(_ value: JSONValue) {
        guard value["category"]?.text == "marketing_messages", let choice = value["value"]?.text.flatMap({ Choice(rawValue: $0) }),
            let contact = value["wa_id"]?.id(ContactID.self) ?? value["user_id"]?.id(ContactID.self)
        else { return nil }
        self.init(
            contact: contact, choice: choice, at: .meta(value["timestamp"]), detail: value["detail"]?.text?.cut(to: 1024))
    }
}
