package import RPCContract
package import Vocabulary

/// An emoji that a customer has put on a message.
package struct ReceivedReaction: Described, Equatable {
    package var message: WAMID
    /// nil where it was taken away: Meta sends an empty emoji then, or none.
    package var emoji: String?

    package static let fields: Fields = [
        "message": "The message that the emoji is put on.",
        "emoji": .text("The emoji. It is absent if the customer took theirs away.", 1...64),
    ]

    init?(_ value: JSONValue) {
        guard let message = value["message_id"]?.id(WAMID.self) else { return nil }
        self.message = message
        emoji = value["emoji"]?.string.flatMap { $0.isEmpty ? nil : $0.cut(to: 64) }
    }
}

extension ReceivedReaction: ReceivedPart {
    static let types: Set<MessageKind> = [.reaction]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        Self(value).map { .reaction($0) }
    }
}
