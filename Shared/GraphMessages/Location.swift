/// A place on the map.
package struct Location: Codable, Sendable, Equatable {
    /// Degrees, -90 to 90.
    package var latitude: Double
    /// Degrees, -180 to 180.
    package var longitude: Double
    package var name: String?
    package var address: String?

    package init(latitude: Double, longitude: Double, name: String? = nil, address: String? = nil) {
        self.latitude = latitude
        self.longitude = longitude
        self.name = name
        self.address = address
    }

    func check(_ path: String) throws(ContentProblem) {
        try ContentProblem.check((-90...90).contains(latitude), "\(path).latitude", "is -90 to 90 degrees")
        try ContentProblem.check((-180...180).contains(longitude), "\(path).longitude", "is -180 to 180 degrees")
        if let name { try ContentProblem.check(name, 1...1000, "\(path).name") }
        if let address { try ContentProblem.check(address, 1...1000, "\(path).address") }
    }
}
