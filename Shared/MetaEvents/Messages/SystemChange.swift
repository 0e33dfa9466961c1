import RPCContract
package import Vocabulary

/// What WhatsApp itself says about a customer: another number, another id, another phone.
package struct SystemChange: Sendable, Equatable {
    /// Meta's word, such as `user_changed_number`.
    package var type: String
    /// The customer's new phone number or BSUID.
    package var contact: ContactID?

    init(_ value: JSONValue) {
        type = value["type"]?.string ?? "unknown"
        contact = (value["wa_id"]?.text ?? value["new_wa_id"]?.text ?? value["user_id"]?.text).map { ContactID($0) }
    }
}
