package import RPCContract
package import Vocabulary

/// One event on its way to one endpoint.
package struct EventDelivery: Described, Equatable {
    /// Where it stands.
    package enum State: String, Codable, Sendable, CaseIterable { case pending, delivered, failed }

    package var event: String
    package var type: String
    package var subject: String
    package var at: Timestamp
    package var state: State
    package var attempts: Int
    package var dueAt: Timestamp?
    package var createdAt: Timestamp
    package var endedAt: Timestamp?

    package static let fields: Fields = [
        "event": .text("The id of the event, the same in every attempt and at every endpoint: the header webhook-id.", 1...128),
        "type": .text("What happened, as a noun and a past participle: message.delivered.", 1...64),
        "subject": .text("What the event is about, such as the id of a message, a contact or an account.", 0...1024),
        "at": "When it happened.",
        "state": "Whether the delivery waits, was taken by the receiver, or was given up.",
        "attempts": .count("How often it was tried."),
        "dueAt": "Before when it is not tried again. It is absent if it may be tried now, waits behind another, or has ended.",
        "createdAt": "When the event was read for the endpoint.",
        "endedAt": "When it was delivered or given up. It is absent if it waits.",
    ]

    package init(
        event: String, type: String, subject: String, at: Timestamp, state: State, attempts: Int, dueAt: Timestamp? = nil,
        createdAt: Timestamp, endedAt: Timestamp? = nil
    ) {
        self.event = event
        self.type = type
        self.subject = subject
        self.at = at
        self.state = state
        self.attempts = attempts
        self.dueAt = dueAt
        self.createdAt = createdAt
        self.endedAt = endedAt
    }

    package static let example = EventDelivery(
        event: "evt_1790000000000_account-router_42", type: "message.delivered", subject: "01JD0000000000000000000000",
        at: Timestamp(milliseconds: 1_790_000_000_000), state: .pending, attempts: 1, dueAt: Timestamp(milliseconds: 1_790_000_005_000),
        createdAt: Timestamp(milliseconds: 1_790_000_000_000), endedAt: Timestamp(milliseconds: 1_790_000_010_000))
}

/// One request to an endpoint, and its answer.
package struct DeliveryAttempt: Described, Equatable {
    package var number: Int
    package var at: Timestamp
    package var status: Int?
    package var error: String?
    package var duration: Milliseconds
    package var answer: String?

    package static let fields: Fields = [
        "number": .whole("Which attempt of the delivery it was, from 1.", 1...1_000_000_000),
        "at": "When it began.",
        "status": .whole("The status of the answer. It is absent if there was no whole answer.", 100...999),
        "error": .text("Why it does not count as delivered. It is absent if it does.", 1...1024),
        "duration": .whole("How long it took, to the end of the answer.", 0...86_400_000, unit: "ms"),
        "answer": .text("The first 1,024 bytes of the answer. It is absent if it was empty.", 1...1024),
    ]

    package init(
        number: Int, at: Timestamp, status: Int? = nil, error: String? = nil, duration: Milliseconds, answer: String? = nil
    ) {
        self.number = number
        self.at = at
        self.status = status
        self.error = error
        self.duration = duration
        self.answer = answer
    }

    package static let example = DeliveryAttempt(
        number: 1, at: Timestamp(milliseconds: 1_790_000_000_000), status: 503, error: "the receiver answered 503", duration: 120,
        answer: "busy")
}

/// One event at one endpoint.
package struct DeliveryReference: Described {
    package var id: String
    package var event: String

    package static let fields: Fields = [
        "id": .id("The endpoint."),
        "event": .text("The id of the event, as the receiver has it in webhook-id.", 1...128, of: .printable),
    ]

    package init(id: String, event: String) {
        self.id = id
        self.event = event
    }

    package static let example = DeliveryReference(id: WebhookEndpoint.example.id, event: EventDelivery.example.event)
}

package enum TestEndpoint: RPCMethod {
    package static let name = "webhook.test"
    package static let summary = "Posts an event of the type webhook.test to an endpoint, whatever types it has."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/webhooks/{id}/test", .admin)
    package static let faults: [FaultCode] = [.endpointUnknown, .endpointDisabled]
    package static let example = RPCExample(EndpointReference.example, EventDelivery.example)
}

package enum ListDeliveries: RPCMethod {
    package static let name = "webhook.listDeliveries"
    package static let summary = "Lists what an endpoint was and will be posted, newest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/webhooks/{id}/deliveries", .viewer)
    package static let faults: [FaultCode] = [.endpointUnknown]

    package struct Params: Described {
        package var id: String
        package var state: EventDelivery.State?
        package var limit: Int?
        package var cursor: PageCursor<ListDeliveries>?

        package static let fields: Fields = [
            "id": .id("The endpoint."),
            "state": "Only deliveries in this state; all states if absent.",
            "limit": .whole("How many deliveries one page holds at most.", 1...500, absent: 100),
            "cursor": .cursor("`next` of the page before. The list starts with the newest delivery if absent."),
        ]

        package init(id: String, state: EventDelivery.State? = nil, limit: Int? = nil, cursor: PageCursor<ListDeliveries>? = nil) {
            self.id = id
            self.state = state
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Described {
        package var items: [EventDelivery]
        package var next: PageCursor<ListDeliveries>?

        package static let fields: Fields = [
            "items": .list("The deliveries, newest first.", 0...500),
            "next": .cursor("Cursor of the next page. There are no more deliveries if absent."),
        ]

        package init(items: [EventDelivery], next: PageCursor<ListDeliveries>? = nil) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(id: WebhookEndpoint.example.id, state: .pending, limit: 100, cursor: "42"), Reply(items: [.example], next: "41"))
}

package enum GetDelivery: RPCMethod {
    package static let name = "webhook.getDelivery"
    package static let summary = "Tells of one delivery, with what is posted and with its latest attempts."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/webhooks/{id}/deliveries/{event}", .viewer)
    package static let faults: [FaultCode] = [.endpointUnknown, .deliveryUnknown]

    package struct Reply: Described {
        package var delivery: EventDelivery
        package var payload: JSONValue
        package var attempts: [DeliveryAttempt]

        package static let fields: Fields = [
            "delivery": "The delivery.",
            "payload": .json("What is posted: the body of each request."),
            "attempts": .list("The latest attempts, the oldest first.", 0...50),
        ]

        package init(delivery: EventDelivery, payload: JSONValue, attempts: [DeliveryAttempt]) {
            self.delivery = delivery
            self.payload = payload
            self.attempts = attempts
        }
    }

    package static let example = RPCExample(
        DeliveryReference.example,
        Reply(delivery: .example, payload: ["type": "message.delivered", "version": 1], attempts: [.example]))
}

package enum ResendDelivery: RPCMethod {
    package static let name = "webhook.resend"
    package static let summary = "Posts an event to an endpoint again, whatever became of it before; its attempts begin anew."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/webhooks/{id}/deliveries/{event}/resend", .admin)
    package static let faults: [FaultCode] = [.endpointUnknown, .endpointDisabled, .deliveryUnknown]
    package static let example = RPCExample(DeliveryReference.example, EventDelivery.example)
}
