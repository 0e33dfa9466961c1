package import RPCContract

/// An e-mail address or a web page of a person who was sent from an address book.
package struct ContactDetail: Described, Equatable {
    package var value: String
    package var type: String?

    package static let fields: Fields = [
        "value": .text("The e-mail address or the web page.", 1...2048),
        "type": .text("What the customer calls it, such as `WORK`.", 0...64),
    ]

    init?(_ value: JSONValue, _ name: String) {
        guard let text = value[name]?.text, !text.isEmpty else { return nil }
        self.value = text.cut(to: 2048)
        type = value["type"]?.string?.cut(to: 64)
    }
}
