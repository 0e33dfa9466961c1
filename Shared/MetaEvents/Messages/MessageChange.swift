package import RPCContract
package import Vocabulary

/// A message of theirs that a customer has edited or taken back.
package struct MessageChange: Described, Equatable {
    package var original: WAMID
    /// What it says now; nil where it was taken back, or says nothing in words.
    package var text: String?
    package var isRevoked: Bool
    /// The file that it has now.
    package var media: ReceivedMedia?
    package var replyTo: WAMID?

    package static let fields: Fields = [
        "original": "The message that was changed.",
        "text": .text("What it says now. It is absent if the message was taken back or has no words.", 0...65_536),
        "isRevoked": "Whether the customer has taken it back.",
        "media": "The picture, film or file that it has now. Absent if it has none.",
        "replyTo": "The message that it answers now. Absent if it answers none.",
    ]

    init?(_ type: String, _ value: JSONValue) {
        guard let original = value["original_message_id"]?.id(WAMID.self) else { return nil }
        self.original = original
        isRevoked = type == "revoke"
        let message = value["message"]
        let kind = message?["type"]?.string ?? "text"
        text = (message?[kind]?["body"] ?? message?[kind]?["caption"])?.string?.cut(to: 65_536)
        media = message.flatMap { ReceivedMedia(kind, $0[kind] ?? .null) }
        replyTo = message?["context"]?["id"]?.id()
    }
}

extension MessageChange: ReceivedPart {
    static let types: Set<MessageKind> = [.edit, .revoke]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        Self(type.rawValue, value).map { .change($0) }
    }
}
