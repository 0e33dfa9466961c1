package import RPCContract

/// A place that a customer has sent.
package struct ReceivedLocation: Described, Equatable {
    package var latitude: Double
    package var longitude: Double
    package var name: String?
    package var address: String?
    package var url: String?

    package static let fields: Fields = [
        "latitude": .number("Degrees north of the equator.", -90...90),
        "longitude": .number("Degrees east of Greenwich.", -180...180),
        "name": .text("What the place is called.", 0...1024),
        "address": .text("Where it is, in words.", 0...1024),
        "url": .text("A page about the place.", 0...2048),
    ]

    init?(_ value: JSONValue) {
        guard let latitude = value["latitude"]?.double, let longitude = value["longitude"]?.double,
            (-90...90).contains(latitude), (-180...180).contains(longitude)
        else { return nil }
        self.latitude = latitude
        self.longitude = longitude
        name = value["name"]?.string?.cut(to: 1024)
        address = value["address"]?.string?.cut(to: 1024)
        url = value["url"]?.string?.cut(to: 2048)
    }
}

extension ReceivedLocation: ReceivedPart {
    static let types: Set<MessageKind> = [.location]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        Self(value).map { .location($0) }
    }
}
