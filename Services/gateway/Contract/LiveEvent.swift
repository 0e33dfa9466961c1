package import RPCContract
package import Vocabulary

/// Something that has happened in one of the processes.
package struct LiveEvent: Described, Equatable {
    package var cursor: PageCursor<ListEvents>
    package var process: ProcessName
    package var number: Int64
    package var at: Timestamp
    package var type: String
    package var workspace: String
    package var subject: String
    package var data: JSONValue

    package static let fields: Fields = [
        "cursor": "The place behind the event: what is asked for from there on begins with the one that follows.",
        "process": "The process in which it happened.",
        "number": .whole(
            "The place of the event in its process's own log. With the process it names the event, whichever way it is read.",
            1...9_007_199_254_740_991),
        "at": "When it happened.",
        "type": .text("What happened, as a noun and a past participle: message.delivered.", 1...64),
        "workspace": .workspace("The workspace in which it happened."),
        "subject": .text("What the event is about, such as the id of a message, a contact or an account.", 0...1024),
        "data": .json("The details of the event; the type decides what they hold."),
    ]

    package init(
        cursor: PageCursor<ListEvents>, process: ProcessName, number: Int64, at: Timestamp, type: String, workspace: String,
        subject: String, data: JSONValue
    ) {
        self.cursor = cursor
        self.process = process
        self.number = number
        self.at = at
        self.type = type
        self.workspace = workspace
        self.subject = subject
        self.data = data
    }

    fileprivate static let example = LiveEvent(
        cursor: "4.7.42.11.3", process: .accountRouter, number: 42, at: Timestamp(milliseconds: 1_790_000_000_000),
        type: "message.delivered", workspace: "default", subject: "01JD0000000000000000000000", data: ["account": "106540352242922"])
}

package enum ListEvents: RPCMethod {
    package static let name = "event.list"
    package static let summary =
        "Reads what has happened in all processes, oldest first. Over HTTP the same path gives it as it happens to who accepts text/event-stream."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/events", .viewer, streams: true)
    package static let callers: Set<Caller> = [.poster]

    package struct Params: Described {
        package var cursor: PageCursor<ListEvents>?
        package var limit: Int?
        package var types: [String]?
        package var atEnd: Bool?
        package var wait: Milliseconds?

        package static let fields: Fields = [
            "cursor": .cursor(
                "Only what follows this place: `next` of the page before, or the cursor of an event. If absent a page begins with the oldest event that is kept, and a stream with what happens from now on."
            ),
            "limit": .whole("The most events that one page has.", 1...500, absent: 100),
            "types": .list("Only events of these types; all types if absent or empty.", 0...100, of: .text(1...64)),
            "atEnd":
                "Whether nothing is read, and `next` tells the place behind what has happened so far. It is not given together with `cursor`.",
            "wait": .whole(
                "How long a page waits for its first event where there is none yet. A stream waits anyway.", 0...2000, unit: "ms", absent: 0
            ),
        ]

        package init(
            cursor: PageCursor<ListEvents>? = nil, limit: Int? = nil, types: [String]? = nil, atEnd: Bool? = nil,
            wait: Milliseconds? = nil
        ) {
            self.cursor = cursor
            self.limit = limit
            self.types = types
            self.atEnd = atEnd
            self.wait = wait
        }
    }

    package struct Reply: Described {
        package var items: [LiveEvent]
        package var next: PageCursor<ListEvents>
        package var isCut: Bool?

        package static let fields: Fields = [
            "items": .list("The events, oldest first; those of one process in the order in which they happened there.", 0...500),
            "next": "The cursor after which to read on, also where nothing follows yet.",
            "isCut":
                "Whether events after the cursor had been removed already for their age, or a log was restored from an earlier copy and ends before the cursor. It is absent if neither is so.",
        ]

        package init(items: [LiveEvent], next: PageCursor<ListEvents>, isCut: Bool? = nil) {
            self.items = items
            self.next = next
            self.isCut = isCut
        }
    }

    package static let example = RPCExample(
        Params(cursor: "4.7.41.11.3", limit: 10, types: ["message.delivered"], wait: .seconds(2)),
        Reply(items: [.example], next: "4.7.42.11.3", isCut: true))

    package static let alternatives = [Params(atEnd: true)]

    /// The place before the first event of every log; what was removed since is told, as behind any other cursor.
    package static let beginning: PageCursor<ListEvents> = "0"

    package static func validate(_ params: Params) throws(Fault) {
        guard params.cursor == nil || params.atEnd != true else { throw Fault(.params, "Give either cursor or atEnd.", path: "atEnd") }
    }
}
