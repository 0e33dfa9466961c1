package import RPCContract
package import Vocabulary

/// The conversation that Meta counts a message to: one for each message, or none but for what began at a free entry point.
///
/// Source: Meta, webhooks, status object, conversation.
package struct MessageConversation: Described, Equatable {
    package var id: String?
    package var origin: String?
    package var expiresAt: Timestamp?

    package static let fields: Fields = [
        "id": .text("Meta's id of the conversation.", 1...256),
        "origin": .text("Meta's word for how it began, such as `service`, `marketing` or `referral_conversion`.", 1...64),
        "expiresAt": "When it ends, by Meta's clock; absent if Meta has not said.",
    ]

    /// nil where nothing is said.
    package init?(id: String? = nil, origin: String? = nil, expiresAt: Timestamp? = nil) {
        guard id != nil || origin != nil || expiresAt != nil else { return nil }
        self.id = id
        self.origin = origin
        self.expiresAt = expiresAt
    }

    /// - Parameter raw: Meta's conversation object.
    init?(_ raw: JSONValue?) {
        self.init(
            id: raw?["id"]?.text?.line(to: 256), origin: raw?["origin"]?["type"]?.text?.line(to: 64),
            expiresAt: .meta(raw?["expiration_timestamp"]))
    }

    package static let example = MessageConversation(
        id: "0e1b2c3d4e5f60718293a4b5c6d7e8f9", origin: "utility", expiresAt: Timestamp(milliseconds: 1_790_086_400_000))
}
