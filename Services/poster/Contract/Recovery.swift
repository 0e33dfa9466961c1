package import RPCContract
package import Vocabulary

/// A look through all that has happened since a time, for what an endpoint has not got.
package struct Recovery: Described, Equatable {
    /// How far it is.
    package enum State: String, Codable, Sendable, CaseIterable {
        case running
        case finished
        /// The endpoint was disabled meanwhile.
        case stopped
    }

    package var job: String
    package var since: Timestamp
    package var state: State
    package var read: Int
    package var recovered: Int
    package var isCut: Bool
    package var createdAt: Timestamp
    package var endedAt: Timestamp?

    package static let fields: Fields = [
        "job": .id("Our id of the recovery."),
        "since": "From when on events are looked at: what was asked for, or as far back as deliveries are kept.",
        "state": "Whether events are still looked at, all have been, or the endpoint was disabled before that.",
        "read": .count("Events that were looked at."),
        "recovered": .count("Events that are posted to the endpoint because it had not got them."),
        "isCut": "Whether some of what happened since the time that was asked for may have been removed for its age.",
        "createdAt": "When it was asked for.",
        "endedAt": "When all had been looked at, or the endpoint was disabled. It is absent if that goes on.",
    ]

    package init(
        job: String, since: Timestamp, state: State, read: Int, recovered: Int, isCut: Bool, createdAt: Timestamp, endedAt: Timestamp? = nil
    ) {
        self.job = job
        self.since = since
        self.state = state
        self.read = read
        self.recovered = recovered
        self.isCut = isCut
        self.createdAt = createdAt
        self.endedAt = endedAt
    }

    package static let example = Recovery(
        job: "01JD0000000000000000000701", since: Timestamp(milliseconds: 1_790_000_000_000), state: .finished, read: 1200, recovered: 35,
        isCut: false, createdAt: Timestamp(milliseconds: 1_790_000_000_000), endedAt: Timestamp(milliseconds: 1_790_000_010_000))
}

package enum RecoverDeliveries: RPCMethod {
    package static let name = "webhook.recover"
    package static let summary =
        "Looks for events since a time that an endpoint has not got, and posts them. One recovery of an endpoint runs at a time, and a repeated call answers with that one."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/webhooks/{id}/recover", .admin)
    package static let faults: [FaultCode] = [.endpointUnknown, .endpointDisabled]
    package typealias Reply = Recovery

    package struct Params: Described {
        package var id: String
        package var since: Timestamp

        package static let fields: Fields = [
            "id": .id("The endpoint."),
            "since": "Events that happened at this time or later are looked at, as far back as they and deliveries are kept.",
        ]

        package init(id: String, since: Timestamp) {
            self.id = id
            self.since = since
        }
    }

    package static let example = RPCExample(
        Params(id: WebhookEndpoint.example.id, since: Timestamp(milliseconds: 1_790_000_000_000)), Recovery.example)
}

package enum GetRecovery: RPCMethod {
    package static let name = "webhook.getJob"
    package static let summary = "Tells how far a recovery is."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/webhooks/{id}/jobs/{job}", .viewer)
    package static let faults: [FaultCode] = [.endpointUnknown, .recoveryUnknown]
    package typealias Reply = Recovery

    package struct Params: Described {
        package var id: String
        package var job: String

        package static let fields: Fields = ["id": .id("The endpoint."), "job": .id("The recovery.")]

        package init(id: String, job: String) {
            self.id = id
            self.job = job
        }
    }

    package static let example = RPCExample(Params(id: WebhookEndpoint.example.id, job: Recovery.example.job), Recovery.example)
}
