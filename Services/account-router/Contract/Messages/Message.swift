package import MetaEvents
package import RPCContract
package import Vocabulary

/// An outgoing message and where it stands.
package struct Message: Described, Equatable {
    /// queued → sending → held or accepted → sent → delivered → read → played; or failed; never backwards.
    ///
    /// `unknown` means that the process ended while Meta was being asked: the
    /// statuses will tell, and nothing is sent again before they had their chance.
    package enum State: String, Codable, Sendable, CaseIterable {
        case queued, sending, unknown
        /// Meta took it and keeps it back for quality assessment: sent or dropped within the hour.
        case held
        case accepted, sent, delivered, read, played, failed
    }

    /// What Meta files and charges a message as; free-form messages are `service`.
    package enum Category: String, Codable, Sendable, CaseIterable {
        case marketing, utility, authentication, service
    }

    package var id: MessageID
    package var account: PhoneNumberID
    package var to: ContactID
    package var type: String
    package var category: Category
    package var state: State
    package var wamid: WAMID?
    package var requestKey: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var attempts: Int
    package var errorCode: Int?
    package var error: String?
    package var metaErrors: [MetaFault]?
    package var price: MessagePrice?
    package var conversation: MessageConversation?
    package var campaign: CampaignID?
    package var text: String?

    package static let fields: Fields = [
        "id": "Identifies the message.",
        "account": "The number that it is sent from.",
        "to": "The person that it is sent to.",
        "type": .text("Meta's type of the content, such as `text` or `template`.", 1...32, of: .lowercase),
        "category": "What Meta files and charges it as.",
        "state": "Where the message stands.",
        "wamid": "WhatsApp's id of the message; absent until Meta has accepted it.",
        "requestKey": .text("The key that names this sending.", 1...1024),
        "createdAt": "When the message was queued.",
        "updatedAt": "When the message last changed.",
        "attempts": .count(
            "How often sending was begun. A try that Meta refused for the number, the account or the token does not count."),
        "errorCode": .whole("Meta's error code; absent if Meta gave none.", 0...2_147_483_647),
        "error": .text(
            "Why it failed, or why the latest try did not succeed, in plain words. Absent once Meta has taken it, unless it fails afterwards.",
            0...65_536),
        "metaErrors": .list("What Meta itself said as it refused the message, the first error first; absent if it did not.", 1...10),
        "price": "What Meta says of its price; absent until Meta says anything.",
        "conversation": "The conversation that Meta counts it to; absent if Meta names none.",
        "text": .text(
            "What it says in words: a text, a caption, a question, or the name of a template with what was filled in. Given by message.list where it is asked for, as long as the content is kept.",
            0...65_536),
        "campaign": "The campaign or batch that it belongs to; absent for a single message.",
    ]

    package init(
        id: MessageID,
        account: PhoneNumberID,
        to: ContactID,
        type: String,
        category: Category,
        state: State,
        wamid: WAMID? = nil,
        requestKey: String,
        createdAt: Timestamp,
        updatedAt: Timestamp,
        attempts: Int,
        errorCode: Int? = nil,
        error: String? = nil,
        campaign: CampaignID? = nil,
        text: String? = nil,
        metaErrors: [MetaFault]? = nil,
        price: MessagePrice? = nil,
        conversation: MessageConversation? = nil
    ) {
        self.text = text
        self.metaErrors = metaErrors
        self.price = price
        self.conversation = conversation
        self.id = id
        self.account = account
        self.to = to
        self.type = type
        self.category = category
        self.state = state
        self.wamid = wamid
        self.requestKey = requestKey
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.attempts = attempts
        self.errorCode = errorCode
        self.error = error
        self.campaign = campaign
    }

    package static let example = Message(
        id: "01JD0000000000000000000000",
        account: "106540352242922",
        to: "919876543210",
        type: "text",
        category: .service,
        state: .failed,
        wamid: "wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSQUJDREVGMDEyMzQ1Njc4OTAA",
        requestKey: "order-4711",
        createdAt: Timestamp(milliseconds: 1_790_000_000_000),
        updatedAt: Timestamp(milliseconds: 1_790_000_001_000),
        attempts: 1,
        errorCode: 131026,
        error: "The recipient cannot get it.",
        campaign: "01JC0000000000000000000000",
        text: "Your order has left.",
        metaErrors: [.example],
        price: MessagePrice.example,
        conversation: MessageConversation.example
    )
}
