package import RPCContract

/// What the gateway answers on its socket.
package enum GatewayContract: Contract {
    package static let process = "gateway"
    package static let version = "0.1.0"
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

    package struct Reply: Codable, Sendable {
        /// Webhook requests that were stored.
        package var payloads: Int
        /// Messages, statuses and other events found in them.
        package var events: Int
        /// Events that had been seen before and were not acted on again.
        package var duplicates: Int
        package var pending: Int
        package var done: Int
        package var dead: Int
        /// Requests refused for a wrong signature since the start.
        package var refused: Int

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

    package struct Params: Codable, Sendable {
        /// messages, statuses, or Meta's field name.
        package var kind: String?
        package var state: InboundEvent.State?
        /// 1 to 500; 50 where absent.
        package var limit: Int?
        package var cursor: Int64?

        package init(kind: String? = nil, state: InboundEvent.State? = nil, limit: Int? = nil, cursor: Int64? = nil) {
            self.kind = kind
            self.state = state
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [InboundEvent]
        package var next: Int64?

        package init(items: [InboundEvent], next: Int64?) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(kind: "message", state: .done, limit: 50, cursor: 99),
        Reply(items: [.example], next: 42)
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...500).contains(params.limit ?? 50) else { throw Fault(.params, "limit is 1 to 500.", path: "limit") }
    }
}

/// One message, status or other event out of a webhook.
package struct InboundEvent: Codable, Sendable, Equatable {
    package enum State: String, Codable, Sendable { case pending, done, dead }

    package var id: Int64
    /// `message`, `status`, or Meta's field.
    package var kind: String
    package var state: State
    package var attempts: Int
    /// Unix milliseconds.
    package var receivedAt: Int64
    package var error: String?
    /// Meta's object as it came.
    package var raw: JSONValue

    package init(id: Int64, kind: String, state: State, attempts: Int, receivedAt: Int64, error: String?, raw: JSONValue) {
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
        receivedAt: 1_790_000_000_000,
        error: "unavailable",
        raw: ["type": "text"]
    )
}

package enum ReplayInbox: RPCMethod {
    package static let name = "inbox.replay"
    package static let summary = "Dispatches again what came since a time; what had its effect has none again."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)

    package struct Params: Codable, Sendable {
        /// Unix milliseconds; it reaches at most 30 days back, as far as receivers remember what they have done.
        package var since: Int64

        package init(since: Int64) { self.since = since }
    }

    package struct Reply: Codable, Sendable {
        package var events: Int

        package init(events: Int) { self.events = events }
    }

    package static let example = RPCExample(Params(since: 1_790_000_000_000), Reply(events: 12))
}

/// Something that was received and could not be handled.
package struct DeadLetter: Codable, Sendable, Equatable {
    package enum Source: String, Codable, Sendable {
        /// A whole webhook request that could not be split.
        case payload
        /// One event that could not be dispatched.
        case event
    }

    package enum State: String, Codable, Sendable { case open, retried, resolved }

    package var id: Int64
    package var source: Source
    package var kind: String
    package var state: State
    /// Stable name of what went wrong.
    package var reason: String
    package var error: String
    package var attempts: Int
    /// Unix milliseconds.
    package var firstAt: Int64
    package var lastAt: Int64
    /// What was received; a payload that is no text is given in Base64.
    package var payload: String

    package init(
        id: Int64,
        source: Source,
        kind: String,
        state: State,
        reason: String,
        error: String,
        attempts: Int,
        firstAt: Int64,
        lastAt: Int64,
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
        firstAt: 1_790_000_000_000,
        lastAt: 1_790_000_060_000,
        payload: "{}"
    )
}

package enum ListDeadLetters: RPCMethod {
    package static let name = "deadLetter.list"
    package static let summary = "Lists dead letters, newest first."
    package static let effect = RPCEffect.read

    package struct Params: Codable, Sendable {
        /// `open` where absent.
        package var state: DeadLetter.State?
        /// 1 to 500; 50 where absent.
        package var limit: Int?

        package init(state: DeadLetter.State? = nil, limit: Int? = nil) {
            self.state = state
            self.limit = limit
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [DeadLetter]

        package init(items: [DeadLetter]) { self.items = items }
    }

    package static let example = RPCExample(Params(state: .open, limit: 50), Reply(items: [.example]))

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...500).contains(params.limit ?? 50) else { throw Fault(.params, "limit is 1 to 500.", path: "limit") }
    }
}

/// Names one dead letter.
package struct DeadLetterReference: Codable, Sendable {
    package var id: Int64

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
