package import Vocabulary

/// One row of a process's durable event log.
package struct Event: Described, Equatable {
    package var cursor: Int64
    package var at: Timestamp
    package var type: String
    package var workspace: String
    package var subject: String
    package var data: JSONValue

    package static let fields: Fields = [
        "cursor": .whole(
            "The place of the event in the log. It grows with every event and is never used again.", 1...9_007_199_254_740_991),
        "at": "When the event happened.",
        "type": .text("What happened, as a noun and a past participle: message.delivered.", 1...64),
        "workspace": .workspace("The workspace in which it happened."),
        "subject": .text("What the event is about, such as the id of a message, a contact or an account.", 0...1024),
        "data": .json("The details of the event; the type decides what they hold."),
    ]

    package init(cursor: Int64, at: Timestamp, type: String, workspace: String, subject: String, data: JSONValue) {
        self.cursor = cursor
        self.at = at
        self.type = type
        self.workspace = workspace
        self.subject = subject
        self.data = data
    }

    fileprivate static let example = Event(
        cursor: 42,
        at: Timestamp(milliseconds: 1_790_000_000_000),
        type: "message.delivered",
        workspace: "default",
        subject: "01JD0000000000000000000000",
        data: ["account": "106540352242922"]
    )
}

package enum EventsRead: RPCMethod {
    package static let name = "events.read"
    package static let summary = "Reads the event log after a cursor, oldest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var after: Int64?
        package var limit: Int?
        package var types: [String]?
        package var wait: Milliseconds?

        package static let fields: Fields = [
            "after": .whole(
                "Only events with a greater cursor are given; 0 is the beginning of the log. If absent nothing is read, and `next` tells where the log ends.",
                0...9_007_199_254_740_991),
            "limit": .whole("The largest number of events to read at once.", 1...1000, absent: 100),
            "types": .list("Only events of these types; all types if absent or empty.", 0...100, of: .text(1...64)),
            "wait": .whole("How long to wait for the first event where there is none yet.", 0...2000, unit: "ms", absent: 0),
        ]

        package init(after: Int64?, limit: Int? = nil, types: [String]? = nil, wait: Milliseconds? = nil) {
            self.after = after
            self.limit = limit
            self.types = types
            self.wait = wait
        }
    }

    package struct Reply: Described {
        package var items: [Event]
        package var next: Int64
        package var isCut: Bool?

        package static let fields: Fields = [
            "items": .list("The events, oldest first.", 0...1000),
            "next": .whole("The cursor after which to read on.", 0...9_007_199_254_740_991),
            "isCut":
                "Whether events after the cursor had been removed already for their age, or the log was restored from an earlier copy and ends before the cursor. It is absent if neither is so.",
        ]

        package init(items: [Event], next: Int64, isCut: Bool? = nil) {
            self.items = items
            self.next = next
            self.isCut = isCut
        }
    }

    package static let example = RPCExample(
        Params(after: 41, limit: 10, types: ["message.delivered"], wait: 1000),
        Reply(items: [.example], next: 42, isCut: true)
    )

}

package enum EventsFollow: RPCMethod {
    package static let name = "events.follow"
    package static let summary = "Sends every event after a cursor as an `events.next` notification, then waits for more."
    package static let effect = RPCEffect.stream
    package static let http: HTTPRoute? = nil
    package static let deadline = Duration.seconds(86_400)
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var after: Int64
        package var limit: Int?
        package var types: [String]?

        package static let fields: Fields = [
            "after": .whole("Only events with a greater cursor are given; 0 is the beginning of the log.", 0...9_007_199_254_740_991),
            "limit": .whole("The largest number of events to read at once.", 1...1000, absent: 100),
            "types": .list("Only events of these types; all types if absent or empty.", 0...100, of: .text(1...64)),
        ]

        package init(after: Int64, limit: Int? = nil, types: [String]? = nil) {
            self.after = after
            self.limit = limit
            self.types = types
        }
    }

    /// Where the stream stood when it ended.
    package struct Reply: Described {
        package var next: Int64

        package static let fields: Fields = [
            "next": .whole("The cursor after which to go on.", 0...9_007_199_254_740_991)
        ]

        package init(next: Int64) { self.next = next }
    }

    /// What each `events.next` notification carries.
    package struct Notification: Described {
        package var id: String
        package var event: Event

        package static let fields: Fields = [
            "id": .text("The id of the events.follow call that the event belongs to.", 1...1024),
            "event": "The event that was read.",
        ]

        package init(id: String, event: Event) {
            self.id = id
            self.event = event
        }
    }

    package static let notification = "events.next"
    package static let example = RPCExample(Params(after: 41, limit: 10, types: ["message.delivered"]), Reply(next: 42))
}
