import RPCContract

/// A place that a customer has sent.
package struct ReceivedLocation: Sendable, Equatable {
    package var latitude: Double
    package var longitude: Double
    package var name: String?
    package var address: String?

    init?(_ value: JSONValue) {
        guard let latitude = value["latitude"]?.double, let longitude = value["longitude"]?.double else { return nil }
        self.latitude = latitude
        self.longitude = longitude
        name = value["name"]?.string
        address = value["address"]?.string
    }
}
