package import RPCContract
package import Vocabulary

/// Something that a conversation makes happen, so far an answer, and where it stands.
package struct ConversationAction: Codable, Sendable {
    /// Waits or is under way; given up, after which only `action.retry` starts it again.
    package enum State: String, Codable, Sendable { case pending, dead }

    package var id: Int64
    package var state: State
    package var account: PhoneNumberID
    package var contact: ContactID
    package var attempts: Int
    package var createdAt: Int64
    /// What went wrong last.
    package var error: String?

    package init(
        id: Int64, state: State, account: PhoneNumberID, contact: ContactID, attempts: Int, createdAt: Int64, error: String?
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
        createdAt: 1_790_000_000_000,
        error: "The number 106540352242922 is not configured; account.add adds it."
    )
}

package enum ListActions: RPCMethod {
    package static let name = "action.list"
    package static let summary = "Lists answers that wait or have been given up, newest first."
    package static let effect = RPCEffect.read

    package struct Params: Codable, Sendable {
        /// `dead` where absent.
        package var state: ConversationAction.State?
        /// 1 to 500; 50 where absent.
        package var limit: Int?

        package init(state: ConversationAction.State? = nil, limit: Int? = nil) {
            self.state = state
            self.limit = limit
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [ConversationAction]

        package init(items: [ConversationAction]) { self.items = items }
    }

    package static let example = RPCExample(Params(state: .dead, limit: 50), Reply(items: [.example]))

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...500).contains(params.limit ?? 50) else { throw Fault(.params, "limit is 1 to 500.", path: "limit") }
    }
}

package enum RetryAction: RPCMethod {
    package static let name = "action.retry"
    package static let summary = "Starts an action again that had been given up."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.actionUnknown]

    package struct Params: Codable, Sendable {
        package var id: Int64

        package init(id: Int64) { self.id = id }
    }

    package typealias Reply = Nothing
    package static let example = RPCExample(Params(id: 7), Nothing())
}
