package import RPCContract
package import Vocabulary

/// A call of a customer's.
package struct ReceivedCall: Described, Equatable {
    /// What Meta tells of a call; of others, such as a recording, nothing follows.
    package enum Word: String, Sendable { case connect, terminate }

    package var event: MetaWord<Word>
    package var seconds: Seconds?

    package static let fields: Fields = [
        "event": .text("Meta's word for what has happened: `connect` or `terminate`.", 1...64),
        "seconds": .whole("How long they spoke; given at the end.", 0...2_147_483_647, unit: "seconds"),
    ]

    package init(event: MetaWord<Word>, seconds: Seconds?) {
        self.event = event
        self.seconds = seconds
    }
}
