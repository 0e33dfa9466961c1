package import RPCContract
package import Vocabulary

package enum ProcessMessage: RPCMethod {
    package static let name = "message.process"
    package static let summary = "Keeps a customer's message, understands it and answers; the same message again changes nothing."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        package var account: PhoneNumberID
        /// The business's name, for answers.
        package var accountName: String
        package var contact: ContactID
        package var contactName: String?
        package var wamid: WAMID
        /// Meta's type, such as text, image or interactive.
        package var type: String
        /// What the customer wrote, tapped or captioned.
        package var text: String?
        /// Meta's message object as it came.
        package var raw: JSONValue
        /// Unix milliseconds.
        package var at: Int64
        /// Whether account-router has answered it already, as it does with STOP and START: then it is kept and not answered again.
        package var answered: Bool?

        package init(
            account: PhoneNumberID,
            accountName: String,
            contact: ContactID,
            contactName: String?,
            wamid: WAMID,
            type: String,
            text: String?,
            raw: JSONValue,
            at: Int64,
            answered: Bool? = nil
        ) {
            self.account = account
            self.accountName = accountName
            self.contact = contact
            self.contactName = contactName
            self.wamid = wamid
            self.type = type
            self.text = text
            self.raw = raw
            self.at = at
            self.answered = answered
        }
    }

    package struct Reply: Codable, Sendable {
        package var conversation: String
        package var intent: String
        package var confidence: Double
        /// Whether an answer has been queued.
        package var answered: Bool

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
            contactName: "Asha",
            wamid: "wamid.HBgM",
            type: "text",
            text: "Hello!",
            raw: ["type": "text"],
            at: 1_790_000_000_000,
            answered: false
        ),
        Reply(conversation: "106540352242922:919876543210", intent: "greeting", confidence: 0.97, answered: true)
    )
}
