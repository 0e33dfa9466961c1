/// An emoji on an earlier message; an empty one takes it back.
package struct Reaction: Codable, Sendable, Equatable {
    /// The message it is put on.
    package var messageID: String
    package var emoji: String

    package init(messageID: String, emoji: String) {
        self.messageID = messageID
        self.emoji = emoji
    }

    private enum CodingKeys: String, CodingKey {
        case messageID = "message_id"
        case emoji
    }

    func check(_ path: String) throws(ContentProblem) {
        try ContentProblem.check(messageID, 1...512, "\(path).message_id")
        let isEmoji = emoji.count <= 1 && emoji.unicodeScalars.allSatisfy { !$0.isASCII || "0"..."9" ~= $0 || $0 == "#" || $0 == "*" }
        try ContentProblem.check(isEmoji, "\(path).emoji", "is one emoji, or empty to take the reaction back")
    }
}
