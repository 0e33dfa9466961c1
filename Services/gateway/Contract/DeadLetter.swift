package import RPCContract
package import Vocabulary

/// Something that was received and could not be handled.
package struct DeadLetter: Described, Equatable {
    /// What could not be handled.
    package enum Source: String, Codable, Sendable, CaseIterable {
        /// A whole webhook request that could not be split.
        case payload
        /// One event that could not be dispatched.
        case event
    }

    /// Whether somebody has to look at it still.
    package enum State: String, Codable, Sendable, CaseIterable { case open, retried, resolved }

    /// Where it was on its way.
    package enum Lane: String, Codable, Sendable, CaseIterable {
        /// A whole request, before it was taken apart.
        case payload
        case message, status, management
    }

    package var id: Int64
    package var source: Source
    package var lane: Lane
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
        "lane": "Where it was on its way.",
        "kind": .text(
            "The kind of the event: message, status, error, or the name of Meta's webhook field. For a whole request it is payload.",
            0...256),
        "state": "Whether it is open, was put back to be handled, or was marked as dealt with.",
        "reason": .text("The stable name of what went wrong, for programs.", 1...128),
        "error": .text("What went wrong, for people.", 0...65_536),
        "attempts": .count("How often it was tried in all."),
        "firstAt": "When it was received.",
        "lastAt": "When it failed last, was put back, or was marked as dealt with.",
        "payload": .text(
            "What was received, in Base64 if it is not text. In lists it is cut after 4,096 bytes; `deadLetter.get` gives all. It is empty if it has been pruned.",
            0...4_194_304),
    ]

    package init(
        id: Int64,
        source: Source,
        lane: Lane,
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
        self.lane = lane
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
        lane: .message,
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

/// Which dead letters are meant.
package struct DeadLetterFilter: Described {
    package var state: DeadLetter.State?
    package var lane: DeadLetter.Lane?
    package var reason: String?
    package var before: Timestamp?

    package static let fields: Fields = [
        "state": "Only dead letters in this state; the open ones if absent.",
        "lane": "Only dead letters of this lane; of all if absent.",
        "reason": .text("Only dead letters with this reason; with any if absent.", 1...128),
        "before": "Only dead letters that failed, or were acted on, before this time; of any time if absent.",
    ]

    package init(
        state: DeadLetter.State? = nil, lane: DeadLetter.Lane? = nil, reason: String? = nil, before: Timestamp? = nil
    ) {
        self.state = state
        self.lane = lane
        self.reason = reason
        self.before = before
    }

    package static let example = DeadLetterFilter(
        state: .open, lane: .message, reason: "account_unknown", before: Timestamp(milliseconds: 1_790_000_000_000))
}

package enum ListDeadLetters: RPCMethod {
    package static let name = "deadLetter.list"
    package static let summary = "Lists dead letters, newest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/dead-letters", .viewer, ofHost: true)

    package struct Params: Described {
        package var state: DeadLetter.State?
        package var filter: DeadLetterFilter?
        package var limit: Int?
        package var cursor: PageCursor<ListDeadLetters>?

        package static let fields: Fields = [
            "state": "Only dead letters in this state; the open ones if absent. `filter` names more.",
            "filter": "Which dead letters; all open ones if absent.",
            "limit": .whole("The largest number of dead letters to give.", 1...500, absent: 50),
            "cursor": .cursor("The `next` of the page before; the newest if absent."),
        ]

        package init(
            state: DeadLetter.State? = nil, filter: DeadLetterFilter? = nil, limit: Int? = nil, cursor: PageCursor<ListDeadLetters>? = nil
        ) {
            self.state = state
            self.filter = filter
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Described {
        package var items: [DeadLetter]
        package var next: PageCursor<ListDeadLetters>?

        package static let fields: Fields = [
            "items": .list("The dead letters, newest first.", 0...500),
            "next": .cursor("Give it as `cursor` to get the next page; absent on the last page."),
        ]

        package init(items: [DeadLetter], next: PageCursor<ListDeadLetters>? = nil) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(state: .open, filter: .example, limit: 50, cursor: "8"), Reply(items: [.example], next: "7"))
}

package enum GetDeadLetter: RPCMethod {
    package static let name = "deadLetter.get"
    package static let summary = "Gives one dead letter with all that was received."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/dead-letters/{id}", .viewer, ofHost: true)
    package static let faults: [FaultCode] = [.deadLetterUnknown]
    package typealias Reply = DeadLetter
    package static let example = RPCExample(DeadLetterReference(id: 7), DeadLetter.example)
}

package enum ActOnDeadLetters: RPCMethod {
    package static let name = "deadLetter.actOnAll"
    package static let summary = "Retries, resolves or purges all dead letters that a filter names, oldest first, some at a time."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/dead-letters/act", .admin, ofHost: true)
    package static let deadline = Duration.seconds(60)

    /// What is done to each of them.
    package enum Action: String, Codable, Sendable, CaseIterable {
        /// Puts open ones back to be handled.
        case retry
        /// Marks open ones as dealt with.
        case resolve
        /// Removes those that are not open.
        case purge
    }

    package struct Params: Described {
        package var action: Action
        package var filter: DeadLetterFilter?

        package static let fields: Fields = [
            "action": "What to do with them.",
            "filter": "Which dead letters; all that the action can be done with if absent.",
        ]

        package init(action: Action, filter: DeadLetterFilter? = nil) {
            self.action = action
            self.filter = filter
        }
    }

    package struct Reply: Described, Equatable {
        package var count: Int
        package var more: Bool

        package static let fields: Fields = [
            "count": .count("How many it was done with."),
            "more": "Whether there are more; call again.",
        ]

        package init(count: Int, more: Bool) {
            self.count = count
            self.more = more
        }
    }

    package static let example = RPCExample(Params(action: .retry, filter: .example), Reply(count: 500, more: true))
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
    package static let http: HTTPRoute? = .post("/v1/dead-letters/{id}/retry", .admin, ofHost: true)
    package static let faults: [FaultCode] = [.deadLetterUnknown, .deadLetterClosed]
    package typealias Reply = DeadLetter
    package static let example = RPCExample(DeadLetterReference(id: 7), DeadLetter.example)
}

package enum ResolveDeadLetter: RPCMethod {
    package static let name = "deadLetter.resolve"
    package static let summary = "Marks a dead letter as dealt with; its payload is kept until pruned."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/dead-letters/{id}/resolve", .admin, ofHost: true)
    package static let faults: [FaultCode] = [.deadLetterUnknown]
    package typealias Reply = DeadLetter
    package static let example = RPCExample(DeadLetterReference(id: 7), DeadLetter.example)
}
