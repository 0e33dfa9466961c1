import AccountContract
import GraphAPI
import GraphMessages
import RPCContract
import Vocabulary

/// A message that is to be queued.
struct MessageDraft: Sendable {
    /// What is said: Meta's type and the object of that name as JSON text.
    struct Body: Codable, Sendable, Equatable {
        var type: String
        var category: Message.Category
        var object: String

        init(type: String, category: Message.Category, object: String) {
            self.type = type
            self.category = category
            self.object = object
        }

        /// A free-form message.
        init(_ content: MessageContent) throws {
            self.init(type: content.type, category: .service, object: try content.object())
        }
    }

    var workspace: String
    var requestKey: String
    /// Of the request as asked: the same key with another fingerprint is a mistake.
    var fingerprint: Int64
    var account: PhoneNumberID
    var to: ContactID
    var body: Body
    var options = OutboundMessage.Options()
    /// A template, for a free-form body whose window has closed.
    var fallback: Body?
    var priority: Int
    /// Why this number.
    var reason: String
    var campaign: String?
    /// Failed tries before it is given up; nil waits as long as it takes.
    var attemptLimit: Int?
}

extension MessageDraft {
    /// Tells a repeated request from another one under the same key.
    static func fingerprint(of text: String) -> Int64 { Int64(bitPattern: FNV1a.hash(text)) }
}
