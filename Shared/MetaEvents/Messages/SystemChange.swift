import RPCContract
package import Vocabulary

/// What WhatsApp itself says about a customer: another number, another id, another phone.
package struct SystemChange: Sendable, Equatable {
    /// Meta's word, such as `user_changed_number`.
    package var type: String
    /// The customer's new phone number.
    package var phone: ContactID?
    /// The customer's BSUID, which changes with the number.
    package var userID: ContactID?

    /// Meta's hash of the customer's keys, where those have changed.
    package var identityHash: String?

    /// Whether the customer is called something else now.
    package var isOfNames: Bool { phone != nil || userID != nil }

    /// - Parameter identity: beside it in the message, as some of Meta's samples have it.
    init(_ value: JSONValue, identity: JSONValue? = nil) {
        type = value["type"]?.string ?? "unknown"
        phone = (value["wa_id"] ?? value["new_wa_id"])?.id()
        userID = value["user_id"]?.id()
        let hash = identity?["hash"]?.text ?? value["identity"]?["hash"]?.text ?? value["identity"]?.string
        identityHash = hash.flatMap { (1...1024).contains($0.utf8.count) ? $0 : nil }
    }
}

extension SystemChange: ReceivedPart {
    static let types: Set<MessageKind> = [.system]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        .system(Self(value, identity: raw.said("identity")))
    }
}
