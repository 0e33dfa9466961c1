import MetaEvents
import RPCContract
import Vocabulary

/// Something that is part of a conversation and needs no answer.
struct KeptMessage {
    var wamid: WAMID
    var type: MetaWord<MessageKind>
    /// What the customer calls themselves.
    var name: String?
    var username: String?
    /// Meta's hash of their keys.
    var identityHash: String?
    var text: String?
    var content: ReceivedContent?
    var raw: JSONValue
    var at: Timestamp
    var receivedAt: Timestamp?
    /// The group that it was said in, and by whom.
    var group: ContactID?
    var author: ContactID?
    /// Whether the business said it, or called.
    var isEcho = false
}
