/// One row of a process's durable event log.
package struct Event: Codable, Sendable, Equatable {
    /// Grows with every event and is never reused.
    package var cursor: Int64
    /// Unix milliseconds.
    package var at: Int64
    /// `noun.pastTense`, such as `message.delivered`.
    package var type: String
    package var workspace: String
    /// What the event is about: a message, contact or account id.
    package var subject: String
    package var data: JSONValue

    package init(cursor: Int64, at: Int64, type: String, workspace: String, subject: String, data: JSONValue) {
        self.cursor = cursor
        self.at = at
        self.type = type
        self.workspace = workspace
        self.subject = subject
        self.data = data
    }

    fileprivate static let example = Event(
        cursor: 42,
        at: 1_790_000_000_000,
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
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        /// Events with a greater cursor are given; 0 is the beginning.
        package var after: Int64
        /// 1 to 1,000; 100 where absent.
        package var limit: Int?
        /// Only these types; all where absent.
        package var types: [String]?

        package init(after: Int64, limit: Int? = nil, types: [String]? = nil) {
            self.after = after
            self.limit = limit
            self.types = types
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Event]
        /// Where to read on.
        package var next: Int64

        package init(items: [Event], next: Int64) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(after: 41, limit: 10, types: ["message.delivered"]),
        Reply(items: [.example], next: 42)
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard params.after >= 0 else { throw Fault(.params, "after is a cursor, 0 or more.", path: "after") }
        guard (1...1000).contains(params.limit ?? 100) else {
            throw Fault(.params, "limit is 1 to 1,000.", path: "limit")
        }
    }
}

package enum EventsFollow: RPCMethod {
    package static let name = "events.follow"
    package static let summary = "Sends every event after a cursor as an `events.next` notification, then waits for more."
    package static let effect = RPCEffect.stream
    package static let deadline = Duration.seconds(86_400)
    package static let callers: Set<Caller> = [.gateway]
    package typealias Params = EventsRead.Params

    /// Where the stream stood when it ended.
    package struct Reply: Codable, Sendable {
        package var next: Int64

        package init(next: Int64) { self.next = next }
    }

    /// What each `events.next` notification carries.
    package struct Notification: Codable, Sendable {
        /// The id of the `events.follow` call.
        package var id: String
        package var event: Event

        package init(id: String, event: Event) {
            self.id = id
            self.event = event
        }
    }

    package static let notification = "events.next"
    package static let example = RPCExample(Params(after: 41, limit: 10, types: ["message.delivered"]), Reply(next: 42))

    package static func validate(_ params: Params) throws(Fault) { try EventsRead.validate(params) }
}
