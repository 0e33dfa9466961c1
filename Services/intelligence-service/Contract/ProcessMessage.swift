package import MetaEvents
package import RPCContract
package import Vocabulary

package enum ProcessMessage: RPCMethod {
    package static let name = "message.process"
    package static let summary = "Keeps a customer's message, understands it and answers; the same message again changes nothing."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var account: PhoneNumberID
        package var accountName: String
        package var contact: ContactID
        package var formerly: [ContactID]?
        package var contactName: String?
        package var username: String?
        package var identityHash: String?
        package var author: ContactID?
        package var wamid: WAMID
        package var type: MetaWord<MessageKind>
        package var text: String?
        package var content: ReceivedContent?
        package var raw: JSONValue
        package var at: Timestamp
        package var receivedAt: Timestamp?
        package var answered: Bool?
        package var isEcho: Bool?

        package static let fields: Fields = [
            "account": "The business number to which the customer wrote.",
            "accountName": .text("The business's name, for use in answers.", 1...256),
            "contact": "The customer who wrote; the group, if it was said in one.",
            "formerly": .list(
                "Other names under which the customer may have a conversation; it becomes part of this one. None if absent.", 1...100),
            "contactName": .text(
                "The customer's name on WhatsApp. The name that is known from earlier messages stays if absent.", 0...1024),
            "username": .text("The customer's username on WhatsApp. The one that is known stays if absent.", 0...256),
            "identityHash": .text("Meta's hash of the customer's keys. The one that is known stays if absent.", 1...1024),
            "author":
                "Who wrote it in a group. It is kept in the group's conversation and not answered. Absent if it was said to the business alone.",
            "wamid": "WhatsApp's id of the message. A message that is known already changes nothing.",
            "type": .text("Meta's type of the message, such as text, image or interactive.", 1...128),
            "text": .text(
                "What the customer wrote, tapped or put under a picture. The message is kept without an answer if absent.", 0...65_536),
            "content":
                "What the message says beside words: a file, a place, a cart, a call, what it answers. Absent if there is nothing.",
            "raw": .json("Meta's message object as it came."),
            "at": "When the customer sent the message.",
            "receivedAt": "When the message reached us, which tells the order of what was said within a second; now if absent.",
            "answered":
                "Whether account-router has answered the message already, as it does with STOP and START. The message is then kept and not answered again. False if absent.",
            "isEcho":
                "Whether the business itself wrote it to the customer, in the WhatsApp Business app. It is kept as outgoing and not answered. False if absent.",
        ]

        package init(
            account: PhoneNumberID,
            accountName: String,
            contact: ContactID,
            formerly: [ContactID]? = nil,
            contactName: String?,
            username: String? = nil,
            identityHash: String? = nil,
            author: ContactID? = nil,
            wamid: WAMID,
            type: MetaWord<MessageKind>,
            text: String?,
            content: ReceivedContent? = nil,
            raw: JSONValue,
            at: Timestamp,
            receivedAt: Timestamp? = nil,
            answered: Bool? = nil,
            isEcho: Bool? = nil
        ) {
            self.isEcho = isEcho
            self.account = account
            self.accountName = accountName
            self.contact = contact
            self.formerly = formerly
            self.contactName = contactName
            self.username = username
            self.identityHash = identityHash
            self.author = author
            self.wamid = wamid
            self.type = type
            self.text = text
            self.content = content
            self.raw = raw
            self.at = at
            self.receivedAt = receivedAt
            self.answered = answered
        }
    }

    package struct Reply: Described {
        package var conversation: String
        package var intent: String
        package var confidence: Double
        package var answered: Bool

        package static let fields: Fields = [
            "conversation": .text("The conversation: the business number's id, a colon and the contact.", 3...512),
            "intent": .text("What the message was understood as, or `unknown`.", 1...64),
            "confidence": .number("How sure the handler is that the message is meant for it. It is 0 if the intent is unknown.", 0...1),
            "answered": "Whether an answer to the message has been queued.",
        ]

        package init(conversation: String, intent: String, confidence: Double, answered: Bool) {
            self.conversation = conversation
            self.intent = intent
            self.confidence = confidence
            self.answered = answered
        }
    }

    package static let example = RPCExample(
        Params(
            account: "106540352242922",
            accountName: "Lucky Shrub",
            contact: "919876543210",
            formerly: ["IN.13491208655302741918"],
            contactName: "Asha",
            username: "asha.k",
            identityHash: "KFR5BsqHpIGhvn",
            author: "919876543211",
            wamid: "wamid.HBgM",
            type: "text",
            text: "Hello!",
            content: .example,
            raw: ["type": "text"],
            at: Timestamp(milliseconds: 1_790_000_000_000),
            receivedAt: Timestamp(milliseconds: 1_790_000_000_700),
            answered: false,
            isEcho: false
        ),
        Reply(conversation: "default:106540352242922:919876543210", intent: "greeting", confidence: 0.97, answered: true)
    )
}
