package import RPCContract
package import Vocabulary

package enum CreateEndpoint: RPCMethod {
    package static let name = "webhook.create"
    package static let summary = "Makes an endpoint, to which events are posted from now on; its secret is told once."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/webhooks", .admin)
    package static let faults: [FaultCode] = [.endpointTaken, .endpointRefused, .endpointLimit]
    package typealias Reply = NewEndpoint

    package struct Params: Described {
        package var url: String
        package var description: String?
        package var types: [String]?
        package var headers: [String: String]?
        package var rate: Int?
        package var isOrdered: Bool?

        package static let fields: Fields = [
            "url": .url(
                "Where events are posted, with https. A URL that the workspace has an endpoint for is refused, so that a repeated call makes no second one."
            ),
            "description": .text("What the endpoint is for. Nothing if absent.", 1...256, of: .line),
            "types": .list("The only types of events that are posted; all types if absent or empty.", 0...100, of: .text(1...64)),
            "headers": .map(
                "Headers that each request has besides, such as one that opens the receiver's door. None if absent.", 0...16,
                of: .text(1...1024)),
            "rate": .whole("The most requests a second. There is no such limit if absent.", 1...10_000, unit: "requests/s"),
            "isOrdered": Field(
                "Whether events about the same subject are posted one after the other: the next waits until the one before is delivered or given up.",
                absent: false),
        ]

        package init(
            url: String, description: String? = nil, types: [String]? = nil, headers: [String: String]? = nil, rate: Int? = nil,
            isOrdered: Bool? = nil
        ) {
            self.url = url
            self.description = description
            self.types = types
            self.headers = headers
            self.rate = rate
            self.isOrdered = isOrdered
        }
    }

    package static let example = RPCExample(
        Params(
            url: "https://shop.example/webhooks", description: "The shop's orders", types: ["order.created", "message.failed"],
            headers: ["X-Shop": "berlin"], rate: 100, isOrdered: true),
        NewEndpoint.example)

    package static func validate(_ params: Params) throws(Fault) {
        try EndpointRules.check(url: params.url)
        try EndpointRules.check(headers: params.headers ?? [:])
    }
}

package enum ListEndpoints: RPCMethod {
    package static let name = "webhook.list"
    package static let summary = "Lists the endpoints of the workspace, the oldest first; never a secret."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/webhooks", .admin)

    package struct Reply: Described {
        package var items: [WebhookEndpoint]

        package static let fields: Fields = ["items": .list("The endpoints, the oldest first.", 0...100)]

        package init(items: [WebhookEndpoint]) { self.items = items }
    }

    package static let example = RPCExample(Nothing(), Reply(items: [.example]))
}

package enum GetEndpoint: RPCMethod {
    package static let name = "webhook.get"
    package static let summary = "Tells of one endpoint."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/webhooks/{id}", .admin)
    package static let faults: [FaultCode] = [.endpointUnknown]
    package static let example = RPCExample(EndpointReference.example, WebhookEndpoint.example)
}

package enum UpdateEndpoint: RPCMethod {
    package static let name = "webhook.update"
    package static let summary = "Changes an endpoint; absent fields stay as they are. What waits already goes where it says from then on."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .patch("/v1/webhooks/{id}", .admin)
    package static let faults: [FaultCode] = [.endpointUnknown, .endpointTaken, .endpointRefused]
    package typealias Reply = WebhookEndpoint

    package struct Params: Described {
        package var id: String
        package var url: String?
        package var description: String?
        package var types: [String]?
        package var headers: [String: String]?
        package var rate: Int?
        package var isOrdered: Bool?

        package static let fields: Fields = [
            "id": .id("The endpoint to change."),
            "url": .url("Where events are posted, with https. It stays as it is if absent."),
            "description": .text(
                "What the endpoint is for. It stays as it is if absent, and an empty one takes it away.", 0...256, of: .line),
            "types": .list(
                "The only types of events that are posted. They stay as they are if absent; an empty list is all types.", 0...100,
                of: .text(1...64)),
            "headers": .map(
                "Headers that each request has besides, in place of those before. They stay as they are if absent.", 0...16,
                of: .text(1...1024)),
            "rate": .whole(
                "The most requests a second. It stays as it is if absent, and 0 takes the limit away.", 0...10_000, unit: "requests/s"),
            "isOrdered": "Whether events about the same subject are posted one after the other. It stays as it is if absent.",
        ]

        package init(
            id: String, url: String? = nil, description: String? = nil, types: [String]? = nil, headers: [String: String]? = nil,
            rate: Int? = nil, isOrdered: Bool? = nil
        ) {
            self.id = id
            self.url = url
            self.description = description
            self.types = types
            self.headers = headers
            self.rate = rate
            self.isOrdered = isOrdered
        }
    }

    package static let example = RPCExample(
        Params(
            id: WebhookEndpoint.example.id, url: "https://shop.example/webhooks", description: "The shop's orders",
            types: ["order.created", "message.failed"], headers: ["X-Shop": "berlin"], rate: 100, isOrdered: true),
        WebhookEndpoint.example)

    package static func validate(_ params: Params) throws(Fault) {
        if let url = params.url { try EndpointRules.check(url: url) }
        try EndpointRules.check(headers: params.headers ?? [:])
    }
}

package enum DeleteEndpoint: RPCMethod {
    package static let name = "webhook.delete"
    package static let summary = "Removes an endpoint with all its deliveries."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .delete("/v1/webhooks/{id}", .admin)
    package static let faults: [FaultCode] = [.endpointUnknown]
    package static let example = RPCExample(EndpointReference.example, Nothing())
}

package enum PauseEndpoint: RPCMethod {
    package static let name = "webhook.pause"
    package static let summary = "Stops an endpoint: what happens waits until webhook.resume."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/webhooks/{id}/pause", .admin)
    package static let faults: [FaultCode] = [.endpointUnknown, .endpointDisabled]
    package static let example = RPCExample(EndpointReference.example, WebhookEndpoint.example)
}

package enum ResumeEndpoint: RPCMethod {
    package static let name = "webhook.resume"
    package static let summary = "Starts an endpoint that was paused or disabled again: what waits is posted."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/webhooks/{id}/resume", .admin)
    package static let faults: [FaultCode] = [.endpointUnknown]
    package static let example = RPCExample(EndpointReference.example, WebhookEndpoint.example)
}

package enum RotateEndpointSecret: RPCMethod {
    package static let name = "webhook.rotateSecret"
    package static let summary = "Gives an endpoint a new secret; requests are signed with the one before as well for a while."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/webhooks/{id}/rotate", .admin)
    package static let faults: [FaultCode] = [.endpointUnknown]
    package typealias Reply = NewEndpoint

    package struct Params: Described {
        package var id: String
        package var overlap: Milliseconds?

        package static let fields: Fields = [
            "id": .id("The endpoint."),
            "overlap": Field(
                "How long requests are signed with the former secret, too.", .whole(0...2_592_000_000, unit: "ms"), absent: 86_400_000),
        ]

        package init(id: String, overlap: Milliseconds? = nil) {
            self.id = id
            self.overlap = overlap
        }
    }

    package static let example = RPCExample(Params(id: WebhookEndpoint.example.id, overlap: .days(1)), NewEndpoint.example)
}
