package import RPCContract
package import Vocabulary

/// What the gateway answers on its socket.
package enum GatewayContract: Contract {
    package static let process = ProcessName.gateway.rawValue
    package static let version = "0.2.0"
    package static let methods: [any RPCMethod.Type] = [
        InboxStatistics.self, ReplayInbox.self, ListInbox.self, ListDeadLetters.self, RetryDeadLetter.self, ResolveDeadLetter.self,
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

    package struct Params: Described {
        package var kind: String?
        package var state: InboundEvent.State?
        package var limit: Int?
        package var cursor: Int64?

        package static let fields: Fields = [
            "kind": .text(
                "Only events of this kind: message, status, error, or the name of a webhook field of Meta's. All kinds if absent.", 1...64),
            "state": "Only events in this state; all states if absent.",
            "limit": .whole("The largest number of events to give.", 1...500, absent: 50),
            "cursor": .whole("The value of next from the page before. The newest events come first if absent.", 1...9_007_199_254_740_991),
        ]

        package init(kind: String? = nil, state: InboundEvent.State? = nil, limit: Int? = nil, cursor: Int64? = nil) {
            self.kind = kind
            self.state = state
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Described {
        package var items: [InboundEvent]
        package var next: Int64?

        package static let fields: Fields = [
            "items": .list("The events, newest first.", 0...500),
            "next": .whole("The cursor of the next page; absent on the last page.", 1...9_007_199_254_740_991),
        ]

        package init(items: [InboundEvent], next: Int64?) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(kind: "message", state: .done, limit: 50, cursor: 99),
        Reply(items: [.example], next: 42)
    )
}

/// One message, status or other event out of a webhook.
package struct InboundEvent: Described, Equatable {
    package enum State: String, Codable, Sendable, CaseIterable { case pending, done, dead }

    package var id: Int64
    package var kind: String
    package var state: State
    package var attempts: Int
    package var receivedAt: Timestamp
    package var error: String?
    package var raw: JSONValue

    package static let fields: Fields = [
        "id": .whole("The number of the event in the inbox; newer events have greater numbers.", 1...9_007_199_254_740_991),
        "kind": .text("What the event is: message, status, error, or the name of Meta's webhook field.", 0...256),
        "state": "Whether the event waits to be handled, has been handled, or became a dead letter.",
        "attempts": .count("How often the gateway has tried to hand the event over."),
        "receivedAt": "When Meta delivered the event.",
        "error": .text("Why the last attempt failed; absent if none has failed or the event has been handled since.", 0...65_536),
        "raw": .json("Meta's object, as it came."),
    ]

    package init(id: Int64, kind: String, state: State, attempts: Int, receivedAt: Timestamp, error: String?, raw: JSONValue) {
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
        raw: ["type": "text"]
    )
}

package enum ReplayInbox: RPCMethod {
    package static let name = "inbox.replay"
    package static let summary = "Dispatches again what came since a time; what had its effect has none again."
    package static let effect = RPCEffect.idempotentWrite
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

/// Something that was received and could not be handled.
package struct DeadLetter: Described, Equatable {
    package enum Source: String, Codable, Sendable, CaseIterable {
        /// A whole webhook request that could not be split.
        case payload
        /// One event that could not be dispatched.
        case event
    }

    package enum State: String, Codable, Sendable, CaseIterable { case open, retried, resolved }

    package var id: Int64
    package var source: Source
    package var kind: String
    package var state: State
    package var reason: String
    package var error: String
    package var attempts: Int
    package var firstAt: Timestamp
    package var lastAt: Timestamp
    package var payload: String

    package static let fields: Fields = [
        "id": .whole("The number of the dead letter; newer ones have greater numbers.", 1...9_007_199_254_740_991),
        "source": "Whether it is a whole webhook request that could not be taken apart, or one event that could not be handed over.",
        "kind": .text(
            "The kind of the event: message, status, error, or the name of Meta's webhook field. For a whole request it is payload.",
            0...256),
        "state": "Whether it is open, was put back to be handled, or was marked as dealt with.",
        "reason": .text("The stable name of what went wrong, for programs.", 1...128),
        "error": .text("What went wrong, for people.", 0...65_536),
        "attempts": .count("How often it was tried in all."),
        "firstAt": "When it was received.",
        "lastAt": "When it failed last, was put back, or was marked as dealt with.",
        "payload": .text("What was received, in Base64 if it is not text. It is empty if it has been pruned.", 0...4_194_304),
    ]

    package init(
        id: Int64,
        source: Source,
        kind: String,
        state: State,
        reason: String,
        error: String,
        attempts: Int,
        firstAt: Timestamp,
        lastAt: Timestamp,
        payload: String
    ) {
        self.id = id
        self.source = source
        self.kind = kind
        self.state = state
        self.reason = reason
        self.error = error
        self.attempts = attempts
        self.firstAt = firstAt
        self.lastAt = lastAt
        self.payload = payload
    }

    package static let example = DeadLetter(
        id: 7,
        source: .event,
        kind: "message",
        state: .open,
        reason: "account_unknown",
        error: "The number 106540352242922 is not configured.",
        attempts: 5,
        firstAt: Timestamp(milliseconds: 1_790_000_000_000),
        lastAt: Timestamp(milliseconds: 1_790_000_060_000),
        payload: "{}"
    )
}

package enum ListDeadLetters: RPCMethod {
    package static let name = "deadLetter.list"
    package static let summary = "Lists dead letters, newest first."
    package static let effect = RPCEffect.read

    package struct Params: Described {
        package var state: DeadLetter.State?
        package var limit: Int?

        package static let fields: Fields = [
            "state": "Only dead letters in this state; the open ones if absent.",
            "limit": .whole("The largest number of dead letters to give.", 1...500, absent: 50),
        ]

        package init(state: DeadLetter.State? = nil, limit: Int? = nil) {
            self.state = state
            self.limit = limit
        }
    }

    package struct Reply: Described {
        package var items: [DeadLetter]

        package static let fields: Fields = [
            "items": .list("The dead letters, newest first.", 0...500)
        ]

        package init(items: [DeadLetter]) { self.items = items }
    }

    package static let example = RPCExample(Params(state: .open, limit: 50), Reply(items: [.example]))
}

/// Names one dead letter.
package struct DeadLetterReference: Described {
    package var id: Int64

    package static let fields: Fields = [
        "id": .whole("The number of the dead letter to act on.", 1...9_007_199_254_740_991)
    ]

    package init(id: Int64) { self.id = id }
}

package enum RetryDeadLetter: RPCMethod {
    package static let name = "deadLetter.retry"
    package static let summary = "Puts a dead letter back to be handled."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.deadLetterUnknown, .deadLetterClosed]
    package typealias Reply = DeadLetter
    package static let example = RPCExample(DeadLetterReference(id: 7), DeadLetter.example)
}

package enum ResolveDeadLetter: RPCMethod {
    package static let name = "deadLetter.resolve"
    package static let summary = "Marks a dead letter as dealt with; its payload is kept until pruned."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.deadLetterUnknown]
    package typealias Reply = DeadLetter
    package static let example = RPCExample(DeadLetterReference(id: 7), DeadLetter.example)
}
