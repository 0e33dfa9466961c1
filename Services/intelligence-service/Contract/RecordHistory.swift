package import MetaEvents
package import RPCContract
package import Vocabulary

package enum RecordHistory: RPCMethod {
    package static let name = "history.record"
    package static let summary =
        "Keeps messages that were written before the number came to the Cloud API; nothing is answered, and each is kept once."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]

    /// A message of a chat in the WhatsApp Business app.
    package struct Message: Described {
        package var contact: ContactID
        package var formerly: [ContactID]?
        package var contactName: String?
        package var wamid: WAMID
        package var isFromBusiness: Bool?
        package var type: MetaWord<MessageKind>
        package var text: String?
        package var content: ReceivedContent?
        package var status: String?
        package var raw: JSONValue
        package var at: Timestamp

        package static let fields: Fields = [
            "contact": "The customer of the chat.",
            "formerly": .list(
                "Other names under which the customer may have a conversation, which is then the one. None if absent.", 1...10),
            "contactName": .text("The customer's name on WhatsApp. It is absent if Meta does not tell it.", 0...1024),
            "wamid":
                "WhatsApp's id of the message. A message that is known already changes nothing, but that its file comes to the place that was kept for it.",
            "isFromBusiness": "Whether the business wrote it. False if absent.",
            "type": .text("Meta's type of the message, such as text, image or media_placeholder.", 1...128),
            "text": .text("What was written, tapped or put under a picture. It is absent if the message has no text.", 0...65_536),
            "content": "What the message says beside words. Absent if there is nothing.",
            "status": .text("Meta's word for where the message stood in the app, such as READ. Absent if Meta does not say.", 0...64),
            "raw": .json("Meta's message object as it came."),
            "at": "When it was written.",
        ]

        package init(
            contact: ContactID, formerly: [ContactID]? = nil, contactName: String? = nil, wamid: WAMID, isFromBusiness: Bool? = nil,
            type: MetaWord<MessageKind>, text: String?, content: ReceivedContent? = nil, status: String? = nil, raw: JSONValue,
            at: Timestamp
        ) {
            self.contact = contact
            self.formerly = formerly
            self.contactName = contactName
            self.wamid = wamid
            self.isFromBusiness = isFromBusiness
            self.type = type
            self.text = text
            self.content = content
            self.status = status
            self.raw = raw
            self.at = at
        }
    }

    package struct Params: Described {
        package var account: PhoneNumberID
        package var messages: [Message]

        package static let fields: Fields = [
            "account": "The business number whose chats they are.",
            "messages": .list("The messages, of whichever chats.", 1...500),
        ]

        package init(account: PhoneNumberID, messages: [Message]) {
            self.account = account
            self.messages = messages
        }
    }

    package struct Reply: Described {
        package var kept: Int
        package var filled: Int

        package static let fields: Fields = [
            "kept": .count("Messages that were new."),
            "filled": .count("Messages that were known and have their file now."),
        ]

        package init(kept: Int, filled: Int) {
            self.kept = kept
            self.filled = filled
        }
    }

    package static let example = RPCExample(
        Params(
            account: "106540352242922",
            messages: [
                Message(
                    contact: "919876543210", formerly: ["IN.13491208655302741918"], contactName: "Asha", wamid: "wamid.HBgM",
                    isFromBusiness: false, type: "text", text: "Hello!", content: .example, status: "READ", raw: ["type": "text"],
                    at: Timestamp(milliseconds: 1_790_000_000_000))
            ]),
        Reply(kept: 1, filled: 0))
}
