import RPCContract
package import Vocabulary

/// A message of theirs that a customer has edited or taken back.
package struct MessageChange: Sendable, Equatable {
    package var original: WAMID
    /// What it says now; nil where it was taken back, or says nothing in words.
    package var text: String?
    package var isRevoked: Bool

    init?(_ type: String, _ value: JSONValue) {
        guard let original = value["original_message_id"]?.text else { return nil }
        self.original = WAMID(original)
        isRevoked = type == "revoke"
        text = value["message"]?["text"]?["body"]?.string
    }
}
