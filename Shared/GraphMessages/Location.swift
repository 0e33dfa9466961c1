package import RPCContract

/// A place on the map.
package struct Location: Described, Equatable {
    package var latitude: Double
    package var longitude: Double
    package var name: String?
    package var address: String?

    package static let fields: Fields = [
        "latitude": .number("How far north of the equator the place is; negative for south.", -90...90, unit: "degrees"),
        "longitude": .number("How far east of Greenwich the place is; negative for west.", -180...180, unit: "degrees"),
        "name": .text("The name of the place, shown to the recipient.", 1...1000),
        "address": .text("The address of the place, shown to the recipient.", 1...1000),
    ]

    package init(latitude: Double, longitude: Double, name: String? = nil, address: String? = nil) {
        self.latitude = latitude
        self.longitude = longitude
        self.name = name
        self.address = address
    }
}
