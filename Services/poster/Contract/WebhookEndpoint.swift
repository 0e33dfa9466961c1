package import RPCContract
package import Vocabulary

/// Where a customer's program hears of events: a URL, what is posted there, and how it fares.
package struct WebhookEndpoint: Described, Equatable {
    /// Whether anything is posted there.
    package enum State: String, Codable, Sendable, CaseIterable {
        case enabled
        /// Somebody has stopped it: events wait for it.
        case paused
        /// It has failed for too long, or has said that it is gone: events pass it by.
        case disabled
    }

    package var id: String
    package var url: String
    package var description: String?
    package var types: [String]?
    package var headerNames: [String]?
    package var rate: Int?
    package var isOrdered: Bool
    package var state: State
    package var reason: String?
    package var waiting: Int
    package var failingSince: Timestamp?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var rotatedAt: Timestamp?
    package var formerUntil: Timestamp?

    package static let fields: Fields = [
        "id": .id("Our id of the endpoint."),
        "url": .url("Where events are posted."),
        "description": .text("What the endpoint is for, in somebody's words. It is absent if nobody said.", 1...256),
        "types": .list("The only types of events that are posted. It is absent for all types.", 1...100, of: .text(1...64)),
        "headerNames": .list(
            "The names of the headers that each request has besides; their values are not told. It is absent if there are none.", 1...16,
            of: .text(1...64)),
        "rate": .whole("The most requests a second. It is absent if there is no such limit.", 1...10_000, unit: "requests/s"),
        "isOrdered": "Whether events about the same subject are posted one after the other.",
        "state": "Whether events are posted, wait, or pass the endpoint by.",
        "reason": .text("Why the endpoint is disabled. It is absent if it is not.", 1...512),
        "waiting": .count("Deliveries that are neither delivered nor given up."),
        "failingSince": "Since when every attempt has failed. It is absent if the last one succeeded, or there was none.",
        "createdAt": "When the endpoint was made.",
        "updatedAt": "When the endpoint was last changed.",
        "rotatedAt": "When the endpoint got its present secret, if it has had another.",
        "formerUntil": "Until when requests are signed with a former secret, too. It is absent if none is used.",
    ]

    package init(
        id: String, url: String, description: String? = nil, types: [String]? = nil, headerNames: [String]? = nil, rate: Int? = nil,
        isOrdered: Bool, state: State, reason: String? = nil, waiting: Int, failingSince: Timestamp? = nil, createdAt: Timestamp,
        updatedAt: Timestamp, rotatedAt: Timestamp? = nil, formerUntil: Timestamp? = nil
    ) {
        self.id = id
        self.url = url
        self.description = description
        self.types = types
        self.headerNames = headerNames
        self.rate = rate
        self.isOrdered = isOrdered
        self.state = state
        self.reason = reason
        self.waiting = waiting
        self.failingSince = failingSince
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.rotatedAt = rotatedAt
        self.formerUntil = formerUntil
    }

    package static let example = WebhookEndpoint(
        id: "01JD0000000000000000000700", url: "https://shop.example/webhooks", description: "The shop's orders",
        types: ["order.created", "message.failed"], headerNames: ["X-Shop"], rate: 100, isOrdered: true, state: .disabled,
        reason: "Every attempt has failed for five days.", waiting: 3, failingSince: Timestamp(milliseconds: 1_790_000_000_000),
        createdAt: Timestamp(milliseconds: 1_790_000_000_000), updatedAt: Timestamp(milliseconds: 1_790_000_000_000),
        rotatedAt: Timestamp(milliseconds: 1_790_000_000_000), formerUntil: Timestamp(milliseconds: 1_790_086_400_000))
}

/// An endpoint with its secret, which is told this once.
package struct NewEndpoint: Described {
    package var endpoint: WebhookEndpoint
    package var secret: String

    package static let fields: Fields = [
        "endpoint": "The endpoint.",
        "secret": .text(
            "The secret with which the receiver checks signatures, in the form of Standard Webhooks: whsec_ and base64. It is told this once.",
            1...128),
    ]

    package init(endpoint: WebhookEndpoint, secret: String) {
        self.endpoint = endpoint
        self.secret = secret
    }

    package static let example = NewEndpoint(endpoint: .example, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
}

/// The endpoint that a method is about.
package struct EndpointReference: Described {
    package var id: String

    package static let fields: Fields = ["id": .id("The endpoint.")]

    package init(id: String) { self.id = id }

    package static let example = EndpointReference(id: WebhookEndpoint.example.id)
}
