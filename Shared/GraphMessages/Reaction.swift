package import RPCContract

/// An emoji on an earlier message; an empty one takes it back.
package struct Reaction: Described, Equatable {
    package var messageID: String
    package var emoji: String

    package static let fields: Fields = [
        "message_id": .text("WhatsApp's id of the message that the emoji is put on.", 1...512),
        "emoji": .text("The one emoji to put on the message; an empty text takes the reaction back.", 0...16),
    ]

    package init(messageID: String, emoji: String) {
        self.messageID = messageID
        self.emoji = emoji
    }

    private enum CodingKeys: String, CodingKey {
        case messageID = "message_id"
        case emoji
    }

    func check(_ path: String) throws(ContentProblem) {
        let isEmoji = emoji.count <= 1 && emoji.unicodeScalars.allSatisfy { !$0.isASCII || "0"..."9" ~= $0 || $0 == "#" || $0 == "*" }
        try ContentProblem.check(isEmoji, "\(path).emoji", "is one emoji, or empty to take the reaction back")
    }
}
