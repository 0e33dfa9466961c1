package import RPCContract
package import Vocabulary

/// A campaign that is planned anew for each opening of a delivery window.
package struct Recurrence: Described, Equatable {
    package var id: String
    package var name: String
    package var window: String
    package var next: Timestamp

    package static let fields: Fields = [
        "id": .id("What recurs: the id of the first campaign of the row."),
        "name": .text("The name that its campaigns have.", 1...270),
        "window": .text("Name of the delivery window.", 1...270),
        "next": "The opening that it is planned for next.",
    ]

    package init(id: String, name: String, window: String, next: Timestamp) {
        self.id = id
        self.name = name
        self.window = window
        self.next = next
    }

    package static let example = Recurrence(
        id: "01JC0000000000000000000000", name: "Good morning", window: "Mornings", next: Timestamp(milliseconds: 1_790_000_000_000))
}

/// Names what recurs.
package struct RecurrenceReference: Described {
    package var id: String

    package static let fields: Fields = ["id": .text("What recurs: its id, or its name where only one is called so.", 1...270)]

    package init(_ id: String) { self.id = id }
}

package enum ListRecurrences: RPCMethod {
    package static let name = "recurrence.list"
    package static let summary = "Lists campaigns that are planned anew for each opening of their window, the next first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/recurrences", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Described {
        package var items: [Recurrence]

        package static let fields: Fields = ["items": .list("What recurs.", 0...1000)]

        package init(items: [Recurrence]) { self.items = items }
    }

    package static let example = RPCExample(Nothing(), Reply(items: [.example]))
}

package enum SkipRecurrence: RPCMethod {
    package static let name = "recurrence.skip"
    package static let summary = "Leaves out the next opening. A campaign that is planned for it already is cancelled by campaign.cancel."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/recurrences/{id}/skip", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .recurrenceMoved]

    package struct Params: Described {
        package var id: String
        package var next: Timestamp

        package static let fields: Fields = [
            "id": .text("What recurs: its id, or its name where only one is called so.", 1...270),
            "next": "The opening to leave out, as recurrence.list gives it; another one is refused, so that none is left out twice.",
        ]

        package init(id: String, next: Timestamp) {
            self.id = id
            self.next = next
        }
    }

    package static let example = RPCExample(Params(id: Recurrence.example.id, next: Recurrence.example.next), Recurrence.example)
}

package enum StopRecurrence: RPCMethod {
    package static let name = "recurrence.stop"
    package static let summary = "Plans no further campaign; those that are planned already stay."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/recurrences/{id}/stop", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown]
    package static let example = RPCExample(RecurrenceReference(Recurrence.example.id), Nothing())
}
