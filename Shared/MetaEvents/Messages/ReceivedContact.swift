package import RPCContract

/// A person whom a customer has sent from their address book.
package struct ReceivedContact: Described, Equatable {
    package var name: String?
    package var phones: [String]

    package static let fields: Fields = [
        "name": .text("The person's whole name.", 0...1024),
        "phones": .list("The person's phone numbers, as the customer has them.", 0...20, of: .text(1...64)),
    ]

    init(_ value: JSONValue) {
        name = value["name"]?["formatted_name"]?.string?.cut(to: 1024)
        phones = (value["phones"]?.array ?? []).prefix(20).compactMap { phone in
            (phone["phone"]?.text ?? phone["wa_id"]?.text).flatMap { $0.isEmpty ? nil : $0.cut(to: 64) }
        }
    }
}

extension ReceivedContact: ReceivedPart {
    static let types: Set<MessageKind> = [.contacts]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        value.array.map { .contacts($0.prefix(257).map { Self($0) }) }
    }
}
