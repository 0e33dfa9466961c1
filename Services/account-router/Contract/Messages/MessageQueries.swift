package import RPCContract
package import Vocabulary

/// Names one message.
package struct MessageReference: Codable, Sendable {
    package var id: String

    package init(_ id: String) { self.id = id }
}

package enum GetMessage: RPCMethod {
    package static let name = "message.get"
    package static let summary = "Gives an outgoing message and where it stands."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]
    package static let faults: [FaultCode] = [.messageUnknown]
    package typealias Reply = Message
    package static let example = RPCExample(MessageReference(Message.example.id), Message.example)
}

package enum ExplainMessage: RPCMethod {
    package static let name = "message.why"
    package static let summary = "Tells in plain words what happened to a message and what to do next."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.messageUnknown]

    package struct Step: Codable, Sendable {
        package var at: Int64
        package var state: Message.State
        package var detail: String?

        package init(at: Int64, state: Message.State, detail: String? = nil) {
            self.at = at
            self.state = state
            self.detail = detail
        }
    }

    package struct Reply: Codable, Sendable {
        package var message: Message
        /// In plain words.
        package var explanation: String
        /// What to do next, where there is something to do.
        package var nextStep: String?
        /// Of a failure: `retry`, `ambiguous`, `delay` or `never`.
        package var errorClass: String?
        /// Milliseconds after the failure before which trying again makes no sense, where Meta says so.
        package var notBefore: Int64?
        package var steps: [Step]

        package init(
            message: Message,
            explanation: String,
            nextStep: String? = nil,
            errorClass: String? = nil,
            notBefore: Int64? = nil,
            steps: [Step]
        ) {
            self.message = message
            self.explanation = explanation
            self.nextStep = nextStep
            self.errorClass = errorClass
            self.notBefore = notBefore
            self.steps = steps
        }
    }

    package static let example = RPCExample(
        MessageReference(Message.example.id),
        Reply(
            message: .example,
            explanation: "The template is paused for low quality.",
            nextStep: "Use another until Meta unpauses it.",
            errorClass: "delay",
            notBefore: 10_800_000,
            steps: [Step(at: 1_790_000_000_000, state: .queued, detail: "the contact wrote to this number last")]
        )
    )
}

package enum ListMessages: RPCMethod {
    package static let name = "message.list"
    package static let summary = "Lists outgoing messages, newest first."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        package var state: Message.State?
        package var account: PhoneNumberID?
        /// Only to this person: a phone number with country code, or a BSUID.
        package var to: String?
        /// 1 to 500; 50 where absent.
        package var limit: Int?
        /// From `next` of the page before.
        package var cursor: String?

        package init(
            state: Message.State? = nil, account: PhoneNumberID? = nil, to: String? = nil, limit: Int? = nil, cursor: String? = nil
        ) {
            self.state = state
            self.account = account
            self.to = to
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Message]
        package var next: String?

        package init(items: [Message], next: String? = nil) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(state: .failed, account: "106540352242922", to: "+919876543210", limit: 50, cursor: "01JD0000000000000000000000"),
        Reply(items: [.example], next: "01JD0000000000000000000000")
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...500).contains(params.limit ?? 50) else { throw Fault(.params, "limit is 1 to 500.", path: "limit") }
    }
}

package enum MessageStatistics: RPCMethod {
    package static let name = "message.stats"
    package static let summary = "Counts outgoing messages by state, by number and by reason of failure."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        /// Only messages whose requestKey begins so.
        package var requestKeyPrefix: String?

        package init(requestKeyPrefix: String? = nil) { self.requestKeyPrefix = requestKeyPrefix }
    }

    package struct Failure: Codable, Sendable {
        package var code: Int?
        package var reason: String
        package var count: Int

        package init(code: Int?, reason: String, count: Int) {
            self.code = code
            self.reason = reason
            self.count = count
        }
    }

    package struct Reply: Codable, Sendable {
        package var total: Int
        package var states: [String: Int]
        package var accounts: [String: Int]
        package var failures: [Failure]

        package init(total: Int, states: [String: Int], accounts: [String: Int], failures: [Failure]) {
            self.total = total
            self.states = states
            self.accounts = accounts
            self.failures = failures
        }
    }

    package static let example = RPCExample(
        Params(requestKeyPrefix: "demo-"),
        Reply(
            total: 3,
            states: ["delivered": 2, "failed": 1],
            accounts: ["106540352242922": 3],
            failures: [Failure(code: 131026, reason: "The recipient cannot get it.", count: 1)]
        )
    )
}

package enum RetryMessage: RPCMethod {
    package static let name = "message.retry"
    package static let summary = "Sends the content of a failed message again, as a new message; the failed one stays as it is."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [
        .messageUnknown, .messageNotFailed, .accountUnknown, .noRoute, .windowClosed, .requestKeyReused, .consentMissing, .consentStopped,
    ]
    package typealias Reply = SendMessage.Reply

    package struct Params: Codable, Sendable {
        package var id: String
        /// Names this sending; the same key never sends twice.
        package var requestKey: String

        package init(id: String, requestKey: String) {
            self.id = id
            self.requestKey = requestKey
        }
    }

    package static let example = RPCExample(
        Params(id: Message.example.id, requestKey: "order-4711-again"),
        SendMessage.Reply(id: "01JD0000000000000000000001", state: .queued)
    )

    package static func validate(_ params: Params) throws(Fault) { try SendMessage.check(requestKey: params.requestKey) }
}

package enum MarkMessageRead: RPCMethod {
    package static let name = "message.markRead"
    package static let summary =
        "Shows a customer that their message, and those before it, were read; optionally that an answer is being typed."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(40)
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]
    package static let faults: [FaultCode] = [.accountUnknown, .metaRefused]

    package struct Params: Codable, Sendable {
        /// The number that the customer wrote to.
        package var account: PhoneNumberID
        package var wamid: WAMID
        /// Shows the typing indicator for up to 25 seconds, until the answer comes.
        package var typing: Bool?

        package init(account: PhoneNumberID, wamid: WAMID, typing: Bool? = nil) {
            self.account = account
            self.wamid = wamid
            self.typing = typing
        }
    }

    package static let example = RPCExample(Params(account: "106540352242922", wamid: "wamid.HBgM", typing: true), Nothing())
}
