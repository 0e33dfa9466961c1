import RPCContract
package import Vocabulary

/// An emoji that a customer has put on a message.
package struct ReceivedReaction: Sendable, Equatable {
    package var message: WAMID
    /// nil where it was taken away: Meta sends an empty emoji then, or none.
    package var emoji: String?

    init?(_ value: JSONValue) {
        guard let message = value["message_id"]?.text else { return nil }
        self.message = WAMID(message)
        emoji = value["emoji"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
}
