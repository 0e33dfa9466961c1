package import RPCContract

/// A call of a customer's.
package struct ReceivedCall: Described, Equatable {
    package var event: String
    package var seconds: Int?

    package static let fields: Fields = [
        "event": .text("Meta's word for what has happened: `connect` or `terminate`.", 1...64),
        "seconds": .whole("How long they spoke; given at the end.", 0...2_147_483_647, unit: "seconds"),
    ]

    package init(event: String, seconds: Int?) {
        self.event = event
        self.seconds = seconds
    }
}
