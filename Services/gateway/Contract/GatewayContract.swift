package import RPCContract
package import Vocabulary

/// What the gateway answers on its socket.
package enum GatewayContract: Contract {
    package static let process = ProcessName.gateway.rawValue
    package static let version = "0.11.0"
    package static let methods: [any RPCMethod.Type] = [
        InboxStatistics.self, ReplayInbox.self, ListInbox.self, ListDeadLetters.self, GetDeadLetter.self, ActOnDeadLetters.self,
        RetryDeadLetter.self, ResolveDeadLetter.self, CreateAPIKey.self, ListAPIKeys.self, RotateAPIKey.self, RevokeAPIKey.self,
        CreateUser.self, ListUsers.self, GetUser.self, UpdateUser.self, SetPassword.self, DeleteUser.self, CreateSession.self,
        ListSessions.self, EndSession.self, ListEvents.self,
    ]
}

extension FaultCode {
    package static let deadLetterUnknown = FaultCode(
        number: 1100, reason: "dead_letter_unknown", http: 404, meaning: "No such dead letter.")
    package static let deadLetterClosed = FaultCode(
        number: 1101, reason: "dead_letter_closed", http: 409, meaning: "The dead letter is no longer open.")
}

package enum InboxStatistics: RPCMethod {
    package static let name = "inbox.stats"
    package static let summary = "Counts what Meta has delivered and what became of it."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/inbox/statistics", .viewer, ofHost: true)

    package struct Reply: Described {
        package var payloads: Int
        package var events: Int
        package var duplicates: Int
        package var pending: Int
        package var done: Int
        package var dead: Int
        package var refused: Int

        package static let fields: Fields = [
            "payloads": .count("Webhook requests that were stored."),
            "events": .count("Messages, statuses and other events that were found in these requests."),
            "duplicates": .count("Events that had been seen before and were not handled again."),
            "pending": .count("Events that are not handled yet, and requests that are not taken apart yet."),
            "done": .count("Events that have been handled."),
            "dead": .count("Dead letters that are open."),
            "refused": .count("Requests that were refused for a wrong signature since the process started."),
        ]

        package init(payloads: Int, events: Int, duplicates: Int, pending: Int, done: Int, dead: Int, refused: Int) {
            self.payloads = payloads
            self.events = events
            self.duplicates = duplicates
            self.pending = pending
            self.done = done
            self.dead = dead
            self.refused = refused
        }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(payloads: 10, events: 12, duplicates: 1, pending: 0, done: 11, dead: 1, refused: 2)
    )
}

package enum ListInbox: RPCMethod {
    package static let name = "inbox.list"
    package static let summary = "Lists inbound events as they came, newest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/inbox", .viewer, ofHost: true)

    package struct Params: Described {
        package var kind: String?
        package var state: InboundEvent.State?
        package var limit: Int?
        package var cursor: PageCursor<ListInbox>?

        package static let fields: Fields = [
            "kind": .text(
                "Only events of this kind: message, status, error, or the name of a webhook field of Meta's. All kinds if absent.", 1...64),
            "state": "Only events in this state; all states if absent.",
            "limit": .whole("The largest number of events to give.", 1...500, absent: 50),
            "cursor": .cursor("The `next` of the page before. The newest events come first if absent."),
        ]

        package init(kind: String? = nil, state: InboundEvent.State? = nil, limit: Int? = nil, cursor: PageCursor<ListInbox>? = nil) {
            self.kind = kind
            self.state = state
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Described {
        package var items: [InboundEvent]
        package var next: PageCursor<ListInbox>?

        package static let fields: Fields = [
            "items": .list("The events, newest first.", 0...500),
            "next": .cursor("The cursor of the next page; absent on the last page."),
        ]

        package init(items: [InboundEvent], next: PageCursor<ListInbox>?) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(kind: "message", state: .done, limit: 50, cursor: "99"),
        Reply(items: [.example], next: "42")
    )
}

/// One message, status or other event out of a webhook.
package struct InboundEvent: Described, Equatable {
    /// How far its handling is.
    package enum State: String, Codable, Sendable, CaseIterable { case pending, done, dead }

    package var id: Int64
    package var kind: String
    package var state: State
    package var attempts: Int
    package var receivedAt: Timestamp
    package var error: String?
    package var raw: JSONValue
    package var phoneNumberID: String?
    package var contact: String?
    package var contactName: String?
    package var userIDs: [ContactID]?

    package static let fields: Fields = [
        "id": .whole("The number of the event in the inbox; newer events have greater numbers.", 1...9_007_199_254_740_991),
        "kind": .text("What the event is: message, status, error, or the name of Meta's webhook field.", 0...256),
        "state": "Whether the event waits to be handled, has been handled, or became a dead letter.",
        "attempts": .count("How often the gateway has tried to hand the event over."),
        "receivedAt": "When Meta delivered the event.",
        "error": .text("Why the last attempt failed; absent if none has failed or the event has been handled since.", 0...65_536),
        "raw": .json("Meta's object, as it came."),
        "phoneNumberID": .text("Meta's id of the number that it came to, as Meta wrote it; absent if it named none.", 0...256),
        "contact": .text(
            "Who wrote, or whom a status is about: their phone number or else their BSUID, as Meta wrote it; absent if it named nobody.",
            0...256),
        "contactName": .text("The name that Meta gave of them beside it; absent if it gave none.", 0...1024),
        "userIDs": .list("Their BSUIDs, as Meta gave them in it and beside it; absent if it gave none.", 1...10),
    ]

    package init(
        id: Int64, kind: String, state: State, attempts: Int, receivedAt: Timestamp, error: String?, raw: JSONValue,
        phoneNumberID: String? = nil, contact: String? = nil, contactName: String? = nil, userIDs: [ContactID]? = nil
    ) {
        self.phoneNumberID = phoneNumberID
        self.contact = contact
        self.contactName = contactName
        self.userIDs = userIDs
        self.id = id
        self.kind = kind
        self.state = state
        self.attempts = attempts
        self.receivedAt = receivedAt
        self.error = error
        self.raw = raw
    }

    package static let example = InboundEvent(
        id: 42,
        kind: "message",
        state: .done,
        attempts: 1,
        receivedAt: Timestamp(milliseconds: 1_790_000_000_000),
        error: "unavailable",
        raw: ["type": "text"],
        phoneNumberID: "106540352242922",
        contact: "919876543210",
        contactName: "Asha",
        userIDs: ["IN.13491208655302741918"]
    )
}

package enum ReplayInbox: RPCMethod {
    package static let name = "inbox.replay"
    package static let summary = "Dispatches again what came since a time; what had its effect has none again."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/inbox/replay", .owner, ofHost: true)
    package static let deadline = Duration.seconds(60)

    package struct Params: Described {
        package var since: Timestamp

        package static let fields: Fields = [
            "since": "Events received at this time or later are handled again. A time more than 30 days ago counts as 30 days ago."
        ]

        package init(since: Timestamp) { self.since = since }
    }

    package struct Reply: Described {
        package var events: Int

        package static let fields: Fields = [
            "events": .count("Events that will be handled again.")
        ]

        package init(events: Int) { self.events = events }
    }

    package static let example = RPCExample(Params(since: Timestamp(milliseconds: 1_790_000_000_000)), Reply(events: 12))
}
