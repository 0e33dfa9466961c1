package import RPCContract
package import Vocabulary

/// An outgoing message and where it stands.
package struct Message: Codable, Sendable, Equatable {
    /// queued → sending → accepted → sent → delivered → read → played; or failed; never backwards.
    ///
    /// `unknown` means that the process ended while Meta was being asked: the
    /// statuses will tell, and nothing is sent again before they had their chance.
    package enum State: String, Codable, Sendable, CaseIterable {
        case queued, sending, unknown, accepted, sent, delivered, read, played, failed
    }

    package var id: String
    package var account: PhoneNumberID
    package var to: ContactID
    package var type: String
    package var state: State
    package var wamid: WAMID?
    package var requestKey: String
    /// Unix milliseconds.
    package var createdAt: Int64
    package var updatedAt: Int64
    package var attempts: Int
    package var errorCode: Int?
    package var error: String?

    package init(
        id: String,
        account: PhoneNumberID,
        to: ContactID,
        type: String,
        state: State,
        wamid: WAMID? = nil,
        requestKey: String,
        createdAt: Int64,
        updatedAt: Int64,
        attempts: Int,
        errorCode: Int? = nil,
        error: String? = nil
    ) {
        self.id = id
        self.account = account
        self.to = to
        self.type = type
        self.state = state
        self.wamid = wamid
        self.requestKey = requestKey
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.attempts = attempts
        self.errorCode = errorCode
        self.error = error
    }

    package static let example = Message(
        id: "01JD0000000000000000000000",
        account: "106540352242922",
        to: "919876543210",
        type: "text",
        state: .delivered,
        wamid: "wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSQUJDREVGMDEyMzQ1Njc4OTAA",
        requestKey: "order-4711",
        createdAt: 1_790_000_000_000,
        updatedAt: 1_790_000_001_000,
        attempts: 1,
        errorCode: 131026,
        error: "The recipient cannot get it."
    )
}

package enum SendMessage: RPCMethod {
    package static let name = "message.send"
    package static let summary = "Queues a message; the same requestKey again gives the same message."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]
    package static let faults: [FaultCode] = [
        .accountUnknown, .noRoute, .windowClosed, .requestKeyReused, .templateRefused,
    ]

    package struct Text: Codable, Sendable {
        /// 1 to 4,096 characters.
        package var body: String
        package var previewURL: Bool?

        package init(body: String, previewURL: Bool? = nil) {
            self.body = body
            self.previewURL = previewURL
        }
    }

    package struct Template: Codable, Sendable {
        package var name: String
        /// The template's first language where absent.
        package var language: String?
        package var variables: [String: String]

        package init(name: String, language: String? = nil, variables: [String: String]) {
            self.name = name
            self.language = language
            self.variables = variables
        }
    }

    package struct Params: Codable, Sendable {
        /// A phone number with country code, or a BSUID.
        package var to: String
        package var text: Text?
        package var template: Template?
        /// The number to send from; chosen by the router where absent.
        package var account: PhoneNumberID?
        /// 0 (first) to 1,000; 100 where absent, 10 for replies.
        package var priority: Int?
        /// Names this sending; the same key never sends twice.
        package var requestKey: String
        /// The message it answers.
        package var replyTo: WAMID?

        package init(
            to: String,
            text: Text? = nil,
            template: Template? = nil,
            account: PhoneNumberID? = nil,
            priority: Int? = nil,
            requestKey: String,
            replyTo: WAMID? = nil
        ) {
            self.to = to
            self.text = text
            self.template = template
            self.account = account
            self.priority = priority
            self.requestKey = requestKey
            self.replyTo = replyTo
        }
    }

    package struct Reply: Codable, Sendable {
        package var id: String
        package var state: Message.State

        package init(id: String, state: Message.State) {
            self.id = id
            self.state = state
        }
    }

    package static let example = RPCExample(
        Params(
            to: "+91 98765 43210",
            text: Text(body: "Your order has left.", previewURL: false),
            account: "106540352242922",
            priority: 100,
            requestKey: "order-4711",
            replyTo: "wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSQUJDREVGMDEyMzQ1Njc4OTAA"
        ),
        Reply(id: "01JD0000000000000000000000", state: .queued)
    )

    package static let alternatives = [
        Params(
            to: "919876543210",
            template: Template(name: "order_update", language: "en", variables: ["name": "Asha"]),
            requestKey: "order-4712"
        )
    ]

    package static func validate(_ params: Params) throws(Fault) {
        guard ContactID(params.to).isBSUID || PhoneNumber.normalise(params.to) != nil else {
            throw Fault(.params, "to is neither a phone number with country code nor a BSUID.", path: "to")
        }
        guard (params.text == nil) != (params.template == nil) else {
            throw Fault(.params, "Give either text or template.", path: params.text == nil ? "text" : "template")
        }
        // Meta, messages reference: a text body has at most 4,096 characters.
        if let text = params.text, !(1...4096).contains(text.body.unicodeScalars.count) {
            throw Fault(.params, "text.body has 1 to 4,096 characters.", path: "text.body")
        }
        if let template = params.template, !(1...512).contains(template.name.utf8.count) {
            throw Fault(.params, "template.name has 1 to 512 characters.", path: "template.name")
        }
        guard (0...1000).contains(params.priority ?? 100) else { throw Fault(.params, "priority is 0 to 1,000.", path: "priority") }
        guard (1...256).contains(params.requestKey.utf8.count) else {
            throw Fault(.params, "requestKey has 1 to 256 bytes.", path: "requestKey")
        }
    }
}

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
        package var explanation: String
        package var steps: [Step]

        package init(message: Message, explanation: String, steps: [Step]) {
            self.message = message
            self.explanation = explanation
            self.steps = steps
        }
    }

    package static let example = RPCExample(
        MessageReference(Message.example.id),
        Reply(
            message: .example,
            explanation: "Delivered to the recipient's phone.",
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
        /// 1 to 500; 50 where absent.
        package var limit: Int?
        /// From `next` of the page before.
        package var cursor: String?

        package init(state: Message.State? = nil, account: PhoneNumberID? = nil, limit: Int? = nil, cursor: String? = nil) {
            self.state = state
            self.account = account
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
        Params(state: .failed, account: "106540352242922", limit: 50, cursor: "01JD0000000000000000000000"),
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
