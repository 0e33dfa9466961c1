package import RPCContract
package import Vocabulary

/// What WhatsApp itself says about a customer: another number, another id, another phone.
package struct SystemChange: Described, Equatable {
    /// Meta's word, such as `user_changed_number`.
    package var type: String
    /// Meta's sentence about it.
    package var text: String?
    /// The customer's new phone number.
    package var phone: ContactID?
    /// The customer's BSUID, which changes with the number.
    package var userID: ContactID?

    /// Meta's hash of the customer's keys, where those have changed.
    package var identityHash: String?
    /// Whether the business has taken note of the new keys.
    package var isAcknowledged: Bool?
    /// Since when the customer has these keys.
    package var identityAt: Timestamp?

    package static let fields: Fields = [
        "type": .text("Meta's word for what has happened, such as `user_changed_number`.", 0...128),
        "text": .text("Meta's sentence about it.", 0...65_536),
        "phone": "The customer's new phone number. Absent if it is the same.",
        "userID": "The customer's new BSUID. Absent if Meta does not say.",
        "identityHash": .text("Meta's hash of the customer's keys, if those have changed: another phone, or somebody else's.", 1...1024),
        "isAcknowledged": "Whether Meta holds the new keys for acknowledged. Absent if Meta does not say.",
        "identityAt": "Since when the customer has these keys. Absent if Meta does not say.",
    ]

    /// Whether the customer is called something else now.
    package var isOfNames: Bool { phone != nil || userID != nil }

    /// - Parameter identity: beside it in the message, as some of Meta's samples have it.
    init(_ value: JSONValue, identity: JSONValue? = nil) {
        type = value["type"]?.string?.cut(to: 128) ?? "unknown"
        text = value["body"]?.string?.cut(to: 65_536)
        phone = (value["wa_id"] ?? value["new_wa_id"])?.id()
        userID = value["user_id"]?.id()
        let told = identity ?? value["identity"]
        let hash = told?["hash"]?.text ?? value["identity"]?["hash"]?.text ?? value["identity"]?.string
        identityHash = hash.flatMap { (1...1024).contains($0.utf8.count) ? $0 : nil }
        isAcknowledged = told?["acknowledged"]?.bool
        identityAt = .meta(told?["created_timestamp"])
    }

    package init(type: String, text: String?, phone: ContactID?, userID: ContactID?) {
        self.type = type
        self.text = text
        self.phone = phone
        self.userID = userID
    }
}

extension SystemChange: ReceivedPart {
    static let types: Set<MessageKind> = [.system]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        .system(Self(value, identity: raw.said("identity")))
    }
}
