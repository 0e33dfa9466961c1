package import RPCContract
package import Vocabulary

/// Something that a conversation makes happen, so far an answer, and where it stands.
package struct ConversationAction: Described {
    /// Waits or is under way; given up, after which only `action.retry` starts it again.
    package enum State: String, Codable, Sendable, CaseIterable { case pending, dead }

    package var id: Int64
    package var state: State
    package var account: PhoneNumberID
    package var contact: ContactID
    package var attempts: Int
    package var createdAt: Timestamp
    package var error: String?

    package static let fields: Fields = [
        "id": .whole("Number of the action, for `action.retry`.", 1...9_007_199_254_740_991),
        "state": "Whether the action is pending, which includes under way, or was given up.",
        "account": "The business number that answers.",
        "contact": "The customer who gets the answer.",
        "attempts": .count("How often sending was tried since the action was created or started again."),
        "createdAt": "When the action was created.",
        "error": .text("What went wrong at the last attempt. It is absent if nothing went wrong so far.", 0...65_536),
    ]

    package init(
        id: Int64, state: State, account: PhoneNumberID, contact: ContactID, attempts: Int, createdAt: Timestamp, error: String?
    ) {
        self.id = id
        self.state = state
        self.account = account
        self.contact = contact
        self.attempts = attempts
        self.createdAt = createdAt
        self.error = error
    }

    package static let example = ConversationAction(
        id: 7,
        state: .dead,
        account: "106540352242922",
        contact: "919876543210",
        attempts: 1,
        createdAt: Timestamp(milliseconds: 1_790_000_000_000),
        error: "The number 106540352242922 is not configured; account.add adds it."
    )
}

package enum ListActions: RPCMethod {
    package static let name = "action.list"
    package static let summary = "Lists answers that wait or have been given up, newest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/actions", .viewer)

    package struct Params: Described {
        package var state: ConversationAction.State?
        package var limit: Int?

        package static let fields: Fields = [
            "state": "Lists only actions in this state. Actions that were given up (`dead`) if absent.",
            "limit": .whole("How many actions are listed at most.", 1...500, absent: 50),
        ]

        package init(state: ConversationAction.State? = nil, limit: Int? = nil) {
            self.state = state
            self.limit = limit
        }
    }

    package struct Reply: Described {
        package var items: [ConversationAction]

        package static let fields: Fields = [
            "items": .list("The actions, newest first.", 0...500)
        ]

        package init(items: [ConversationAction]) { self.items = items }
    }

    package static let example = RPCExample(Params(state: .dead, limit: 50), Reply(items: [.example]))
}

package enum RetryAction: RPCMethod {
    package static let name = "action.retry"
    package static let summary = "Starts an action again that had been given up."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/actions/{id}/retry", .agent)
    package static let faults: [FaultCode] = [.actionUnknown]

    package struct Params: Described {
        package var id: Int64

        package static let fields: Fields = [
            "id": .whole("The action to start again. An action that is pending is left as it is.", 1...9_007_199_254_740_991)
        ]

        package init(id: Int64) { self.id = id }
    }

    package typealias Reply = Nothing
    package static let example = RPCExample(Params(id: 7), Nothing())
}
