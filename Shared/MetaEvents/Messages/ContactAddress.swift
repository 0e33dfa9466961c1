package import RPCContract

/// A postal address of a person who was sent from an address book.
package struct ContactAddress: Described, Equatable {
    package var street: String?
    package var city: String?
    package var state: String?
    package var zip: String?
    package var country: String?
    package var countryCode: String?
    package var type: String?

    package static let fields: Fields = [
        "street": .text("Street and house number.", 0...512),
        "city": .text("The town.", 0...256),
        "state": .text("The state or province.", 0...256),
        "zip": .text("The postal code.", 0...64),
        "country": .text("The country's name.", 0...256),
        "countryCode": .text("The country's two letters.", 0...16),
        "type": .text("What the customer calls it, such as `HOME`.", 0...64),
    ]

    init(_ value: JSONValue) {
        street = value["street"]?.text?.cut(to: 512)
        city = value["city"]?.text?.cut(to: 256)
        state = value["state"]?.text?.cut(to: 256)
        zip = value["zip"]?.text?.cut(to: 64)
        country = value["country"]?.text?.cut(to: 256)
        countryCode = value["country_code"]?.text?.cut(to: 16)
        type = value["type"]?.string?.cut(to: 64)
    }
}
