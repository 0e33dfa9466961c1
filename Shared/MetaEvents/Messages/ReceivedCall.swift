package import RPCContract
package import Vocabulary

/// A call between a customer and the business.
package struct ReceivedCall: Described, Equatable {
    /// What Meta tells of a call; the words in capitals are told of one that the business makes.
    package enum Word: String, Sendable {
        case connect, terminate
        case ringing = "RINGING"
        case accepted = "ACCEPTED"
        case rejected = "REJECTED"
    }

    package var event: MetaWord<Word>
    package var seconds: Seconds?
    package var id: String?
    package var direction: String?
    package var status: String?
    package var startedAt: Timestamp?
    package var endedAt: Timestamp?
    package var callbackData: String?

    package static let fields: Fields = [
        "event": .text(
            "Meta's word for what has happened: `connect` or `terminate`; of a call that the business makes also `RINGING`, `ACCEPTED` or `REJECTED`.",
            1...64),
        "seconds": .whole("How long they spoke; given at the end.", 0...2_147_483_647, unit: "seconds"),
        "id": .text("Meta's id of the call, the same for all that is told of it.", 1...256),
        "direction": .text("Meta's word for who called: `USER_INITIATED` or `BUSINESS_INITIATED`.", 0...64),
        "status": .text("Meta's word for how it ended: `COMPLETED` or `FAILED`; given at the end.", 0...64),
        "startedAt": "When it was taken; given at the end, and absent if nobody took it.",
        "endedAt": "When it ended; absent if it has not, or nobody took it.",
        "callbackData": .text("What the business gave along when it made or took the call.", 0...512),
    ]

    package init(
        event: MetaWord<Word>, seconds: Seconds?, id: String? = nil, direction: String? = nil, status: String? = nil,
        startedAt: Timestamp? = nil, endedAt: Timestamp? = nil, callbackData: String? = nil
    ) {
        self.event = event
        self.seconds = seconds
        self.id = id
        self.direction = direction
        self.status = status
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.callbackData = callbackData
    }

    static let example = ReceivedCall(
        event: "terminate", seconds: 9, id: "wacid.HBgM", direction: "USER_INITIATED", status: "COMPLETED",
        startedAt: Timestamp(seconds: 1_790_000_000), endedAt: Timestamp(seconds: 1_790_000_009), callbackData: "order 4711")
}
