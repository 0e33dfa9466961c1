package import Foundation
import GraphMessages
import RPCContract
package import Vocabulary

/// One message to one recipient, ready to be posted.
///
/// Source: Meta, Cloud API messages reference.
package struct OutboundMessage: Sendable, Equatable {
    /// How a marketing template goes out through the marketing messages endpoint.
    package struct Marketing: Codable, Sendable, Equatable {
        /// `CLOUD_API_FALLBACK` or `STRICT`.
        package var productPolicy: String?
        package var activitySharing: Bool?

        package init(productPolicy: String? = nil, activitySharing: Bool? = nil) {
            self.productPolicy = productPolicy
            self.activitySharing = activitySharing
        }
    }

    /// What stands around the content.
    package struct Options: Codable, Sendable, Equatable {
        /// The message it answers.
        package var replyTo: WAMID?
        /// Delivered only while the recipient's identity is this one.
        package var identityKeyHash: String?
        /// Set where `marketing_messages` is to be used instead of `messages`.
        package var marketing: Marketing?

        package init(replyTo: WAMID? = nil, identityKeyHash: String? = nil, marketing: Marketing? = nil) {
            self.replyTo = replyTo
            self.identityKeyHash = identityKeyHash
            self.marketing = marketing
        }

        package var isPlain: Bool { self == Options() }
    }

    package var to: ContactID
    /// Meta's `type`.
    package var type: String
    /// The object of that name, as JSON text.
    package var object: String
    package var options: Options
    /// Comes back in every status of the message; our own id.
    package var callbackData: String

    package init(to: ContactID, type: String, object: String, options: Options = Options(), callbackData: String) {
        self.to = to
        self.type = type
        self.object = object
        self.options = options
        self.callbackData = callbackData
    }

    /// The edge under the number's id.
    var edge: String { options.marketing == nil ? "messages" : "marketing_messages" }

    /// Meta's envelope around the content.
    package var body: Data {
        func quoted(_ text: String) -> String { JSON.text(JSONValue.string(text)) }
        var text = #"{"messaging_product":"whatsapp","recipient_type":"individual","#
        text += "\"\(to.isBSUID ? "recipient" : "to")\":\(quoted(to.rawValue)),"
        if let replyTo = options.replyTo { text += #""context":{"message_id":"# + quoted(replyTo.rawValue) + "}," }
        if let hash = options.identityKeyHash { text += #""recipient_identity_key_hash":"# + quoted(hash) + "," }
        if let policy = options.marketing?.productPolicy { text += #""product_policy":"# + quoted(policy) + "," }
        if let sharing = options.marketing?.activitySharing { text += #""message_activity_sharing":\#(sharing),"# }
        text += "\"type\":\"\(type)\",\"\(type)\":\(object),\"biz_opaque_callback_data\":\(quoted(callbackData))}"
        return Data(text.utf8)
    }
}
