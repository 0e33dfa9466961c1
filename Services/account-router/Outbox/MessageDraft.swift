package import AccountContract
package import GraphAPI
package import GraphMessages
import RPCContract
package import Vocabulary

/// A message that is to be queued.
package struct MessageDraft: Sendable {
    /// The content: Meta's type and the object of that name as JSON text.
    package struct Body: Codable, Sendable, Equatable {
        package var type: String
        package var category: Message.Category
        package var object: String
        /// The account (WABA) whose template it is; nil where any number may send it.
        package var wabaID: WABAID?

        package init(type: String, category: Message.Category, object: String, wabaID: WABAID? = nil) {
            self.type = type
            self.category = category
            self.object = object
            self.wabaID = wabaID
        }

        /// A free-form message.
        package init(_ content: MessageContent) throws {
            self.init(type: content.type, category: .service, object: try content.object())
        }
    }

    var workspace: String
    var requestKey: String
    /// Of the request as asked: the same key with another fingerprint is a mistake.
    var fingerprint: Int64
    package var account: PhoneNumberID
    var to: ContactID
    var body: Body
    var options = OutboundMessage.Options()
    /// A template, for a free-form body whose window has closed.
    var fallback: Body?
    var priority: Int
    /// Why this number.
    var reason: String
    var campaign: CampaignID?
    /// Failed tries before it is given up; nil waits as long as it takes.
    var attemptLimit: Int?
    /// The failed message whose content this is.
    var retryOf: MessageID?
    /// Whether the request named the number: no other takes its place.
    package var isAsked = false
    /// It does not go out before.
    var notBefore: Timestamp?

    package init(
        workspace: String,
        requestKey: String,
        fingerprint: Int64,
        account: PhoneNumberID,
        to: ContactID,
        body: Body,
        options: OutboundMessage.Options = OutboundMessage.Options(),
        fallback: Body? = nil,
        priority: Int,
        reason: String,
        campaign: CampaignID? = nil,
        attemptLimit: Int? = nil,
        isAsked: Bool = false
    ) {
        self.workspace = workspace
        self.requestKey = requestKey
        self.fingerprint = fingerprint
        self.account = account
        self.to = to
        self.body = body
        self.options = options
        self.fallback = fallback
        self.priority = priority
        self.reason = reason
        self.campaign = campaign
        self.attemptLimit = attemptLimit
        self.isAsked = isAsked
    }
}

extension MessageDraft {
    /// Tells a repeated request from another one under the same key.
    package static func fingerprint(of text: String) -> Int64 { Int64(bitPattern: FNV1a.hash(text)) }
}

extension SendMessage.Params {
    /// Tells a repeated request from another one under the same key.
    ///
    /// The number chosen, the priority and the spelling of the recipient's number do not make it another message.
    package var fingerprint: Int64 {
        get throws {
            var asked = self
            (asked.account, asked.priority) = (nil, nil)
            // The same person, however their number is spaced.
            asked.to = PhoneNumber.normalise(asked.to)?.rawValue ?? asked.to
            return MessageDraft.fingerprint(of: try JSON.text(asked, sorted: true))
        }
    }
}
