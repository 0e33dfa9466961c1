package import RPCContract

/// A phone number of a person who was sent from an address book.
package struct ContactPhone: Described, Equatable {
    package var phone: String?
    package var contact: String?
    package var type: String?

    package static let fields: Fields = [
        "phone": .text("The number, as the customer has it.", 0...64),
        "contact": .text("The number by which WhatsApp knows the person. It is absent if they are not on WhatsApp.", 0...64),
        "type": .text("What the customer calls it, such as `Mobile`.", 0...64),
    ]

    init(_ value: JSONValue) {
        phone = value["phone"]?.text?.cut(to: 64)
        contact = value["wa_id"]?.text?.cut(to: 64)
        type = value["type"]?.string?.cut(to: 64)
    }
}
