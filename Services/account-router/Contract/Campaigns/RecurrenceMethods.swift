package import RPCContract
package import Vocabulary

/// A campaign that is planned anew for each opening of a delivery window.
package struct Recurrence: Described, Equatable {
    package var id: CampaignID
    package var name: String
    package var window: String
    package var timeZone: String
    package var next: Timestamp
    package var leftOut: [Timestamp]

    package static let fields: Fields = [
        "id": "What recurs: the id of the first campaign of the row.",
        "name": .text("The name that its campaigns have.", 1...270),
        "window": .text("Name of the delivery window.", 1...270),
        "timeZone": .timeZone("Time zone of the window, or the word recipient for each person's own."),
        "next":
            "The next opening at which it goes out, whether it is planned for it already or not. In everybody's own zone an opening is no moment: in UTC it reads as everybody's own clocks do then.",
        "leftOut": .list("The openings that are left out and have not begun, the next first.", 0...1000, of: Timestamp.rule),
    ]

    package init(id: CampaignID, name: String, window: String, timeZone: String, next: Timestamp, leftOut: [Timestamp] = []) {
        self.id = id
        self.name = name
        self.window = window
        self.timeZone = timeZone
        self.next = next
        self.leftOut = leftOut
    }

    package static let example = Recurrence(
        id: "01JC0000000000000000000000", name: "Good morning", window: "Mornings", timeZone: "Asia/Kolkata",
        next: Timestamp(milliseconds: 1_790_000_000_000), leftOut: [Timestamp(milliseconds: 1_789_913_600_000)])
}

/// Names what recurs.
package struct RecurrenceReference: Described {
    package var id: String

    package static let fields: Fields = ["id": .text("What recurs: its id, or its name where only one is called so.", 1...270, of: .line)]

    package init(_ reference: String) { id = reference }
    package init(_ id: CampaignID) { self.id = id.rawValue }
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

/// An opening that is left out, and what that has changed.
package struct SkippedOpening: Described, Equatable {
    package var opening: Timestamp
    package var wasLeftOut: Bool
    package var campaign: CampaignID?

    package static let fields: Fields = [
        "opening": "The opening at which nothing goes out.",
        "wasLeftOut": "Whether it was left out before, so that this call has changed nothing about it.",
        "campaign": "The campaign that was planned for the opening and is cancelled now. Absent where none was.",
    ]

    package init(opening: Timestamp, wasLeftOut: Bool, campaign: CampaignID? = nil) {
        self.opening = opening
        self.wasLeftOut = wasLeftOut
        self.campaign = campaign
    }
}

package enum SkipRecurrence: RPCMethod {
    package static let name = "recurrence.skip"
    package static let summary =
        "Leaves out the next opening that has not begun, several of them, or a certain one; a campaign that is planned for it is cancelled. An opening whose campaign runs and has handed nothing over yet has not begun: it is the next one that is left out."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/recurrences/{id}/skip", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .campaignState, .recurrenceMoved, .windowPast]

    package struct Params: Described {
        package var id: String
        package var next: Timestamp?
        package var count: Int?

        package static let fields: Fields = [
            "id": .text("What recurs: its id, or its name where only one is called so.", 1...270, of: .line),
            "next": "The opening to leave out. The next one that has not begun if absent.",
            "count": .whole(
                "How many of the next openings are left out. Those that are left out already count, so the same call again changes nothing.",
                1...100, absent: 1),
        ]

        package init(id: String, next: Timestamp? = nil, count: Int? = nil) {
            self.id = id
            self.next = next
            self.count = count
        }
    }

    package struct Reply: Described, Equatable {
        package var recurrence: Recurrence
        package var openings: [SkippedOpening]

        package static let fields: Fields = [
            "recurrence": "What recurs, with the next opening at which it goes out.",
            "openings": .list("The openings that were asked for, in order; all of them are left out now.", 1...100),
        ]

        package init(recurrence: Recurrence, openings: [SkippedOpening]) {
            self.recurrence = recurrence
            self.openings = openings
        }
    }

    package static let example = RPCExample(
        Params(id: Recurrence.example.id.rawValue, next: Timestamp(milliseconds: 1_789_913_600_000)),
        Reply(
            recurrence: .example,
            openings: [
                SkippedOpening(
                    opening: Timestamp(milliseconds: 1_789_913_600_000), wasLeftOut: false, campaign: "01JC0000000000000000000001")
            ]))

    package static let alternatives = [Params(id: Recurrence.example.id.rawValue, count: 2)]

    package static func validate(_ params: Params) throws(Fault) {
        guard params.next == nil || params.count == nil else { throw Fault(.params, "Give either next or count.", path: "count") }
    }
}

package enum UnskipRecurrence: RPCMethod {
    package static let name = "recurrence.unskip"
    package static let summary = "Takes recurrence.skip back: an opening that is left out and has not begun is planned like any other."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/recurrences/{id}/unskip", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown, .recurrenceMoved, .windowPast]

    package struct Params: Described {
        package var id: String
        package var next: Timestamp?

        package static let fields: Fields = [
            "id": .text("What recurs: its id, or its name where only one is called so.", 1...270, of: .line),
            "next": "The opening that is not to be left out any more. All that are left out and have not begun if absent.",
        ]

        package init(id: String, next: Timestamp? = nil) {
            self.id = id
            self.next = next
        }
    }

    package struct Reply: Described, Equatable {
        package var recurrence: Recurrence
        package var openings: [Timestamp]

        package static let fields: Fields = [
            "recurrence": "What recurs, with the next opening at which it goes out.",
            "openings": .list(
                "The openings that were left out and are not any more. Empty where there was none, and nothing has changed.", 0...1000,
                of: Timestamp.rule),
        ]

        package init(recurrence: Recurrence, openings: [Timestamp]) {
            self.recurrence = recurrence
            self.openings = openings
        }
    }

    package static let example = RPCExample(
        Params(id: Recurrence.example.id.rawValue, next: Recurrence.example.next),
        Reply(recurrence: .example, openings: [Recurrence.example.next]))
}

package enum StopRecurrence: RPCMethod {
    package static let name = "recurrence.stop"
    package static let summary = "Plans no further campaign; those that are planned or run already go on, and are named."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/recurrences/{id}/stop", .admin)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.campaignUnknown]

    package struct Reply: Described, Equatable {
        package var id: CampaignID
        package var name: String
        package var planned: [Campaign]
        package var running: [Campaign]

        package static let fields: Fields = [
            "id": "What recurs no longer: the id of the first campaign of the row.",
            "name": .text("The name that its campaigns have.", 1...270),
            "planned": .list(
                "Campaigns of the row that are planned already and have not begun, the next first. Each goes out unless it is cancelled; one that was not started only once it is.",
                0...1000),
            "running": .list(
                "Campaigns of the row that run or are paused, the earliest first. Each goes on unless it is cancelled; one that is paused only once it is resumed.",
                0...1000),
        ]

        package init(id: CampaignID, name: String, planned: [Campaign], running: [Campaign]) {
            self.id = id
            self.name = name
            self.planned = planned
            self.running = running
        }
    }

    package static let example = RPCExample(
        RecurrenceReference(Recurrence.example.id),
        Reply(id: Recurrence.example.id, name: Recurrence.example.name, planned: [.example], running: [.example]))
}
