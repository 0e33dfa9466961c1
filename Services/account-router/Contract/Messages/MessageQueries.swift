package import RPCContract
package import Vocabulary

/// Names one message.
package struct MessageReference: Described {
    package var id: MessageID

    package static let fields: Fields = [
        "id": "The message to look up."
    ]

    package init(_ id: MessageID) { self.id = id }
}

package enum GetMessage: RPCMethod {
    package static let name = "message.get"
    package static let summary = "Gives an outgoing message and where it stands."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/messages/{id}", .viewer, ingest: true)
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]
    package static let faults: [FaultCode] = [.messageUnknown]
    package typealias Reply = Message
    package static let example = RPCExample(MessageReference(Message.example.id), Message.example)
}

package enum ExplainMessage: RPCMethod {
    package static let name = "message.why"
    package static let summary = "Tells in plain words what happened to a message and what to do next."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/messages/{id}/why", .viewer)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.messageUnknown]

    package struct Step: Described {
        package var at: Timestamp
        package var state: Message.State
        package var detail: String?
        package var member: String?

        package static let fields: Fields = [
            "at": "When it happened.",
            "state": "The state that the message was in then; of a group's member, how far it is with them.",
            "detail": .text("What happened, in plain words; absent if the state says it all.", 0...65_536),
            "member": .text(
                "The member of a group whom alone it is about, `-` if Meta names none; absent if it is about the message.", 1...256),
        ]

        package init(at: Timestamp, state: Message.State, detail: String? = nil, member: String? = nil) {
            self.at = at
            self.state = state
            self.detail = detail
            self.member = member
        }
    }

    package struct Reply: Described {
        package var message: Message
        package var otherWAMIDs: [WAMID]
        package var explanation: String
        package var nextStep: String?
        package var errorClass: String?
        package var notBefore: Milliseconds?
        package var steps: [Step]
        package var furtherSteps: Int?

        package static let fields: Fields = [
            "message": "The message itself.",
            "otherWAMIDs": .list("Further ids of WhatsApp for the message: Meta has it more than once.", 0...100),
            "explanation": .text("What happened to the message, in plain words.", 0...65_536),
            "nextStep": .text("What to do next; absent if Meta gave no error code or the message has not failed.", 1...131_072),
            "errorClass": .words(
                "Whether a failed message may be sent again. It is absent if Meta gave no error code or the message has not failed.",
                ["retry", "ambiguous", "delay", "never"]),
            "notBefore": "Time after the failure before which another try makes no sense; absent if no such time is known.",
            "steps": .list("What happened on the way, oldest first.", 1...10_000),
            "furtherSteps": .count(
                "Statuses of a group's members, or words of Meta's that nothing here knows, that came besides those in `steps`; absent if none did."
            ),
        ]

        package init(
            message: Message,
            otherWAMIDs: [WAMID] = [],
            explanation: String,
            nextStep: String? = nil,
            errorClass: String? = nil,
            notBefore: Milliseconds? = nil,
            steps: [Step],
            furtherSteps: Int? = nil
        ) {
            self.message = message
            self.otherWAMIDs = otherWAMIDs
            self.explanation = explanation
            self.nextStep = nextStep
            self.errorClass = errorClass
            self.notBefore = notBefore
            self.steps = steps
            self.furtherSteps = furtherSteps
        }
    }

    package static let example = RPCExample(
        MessageReference(Message.example.id),
        Reply(
            message: .example,
            otherWAMIDs: ["wamid.HBgMOTE5ODc2NTQzMjEwFQIAERgSQUJDREVGMDEyMzQ1Njc4OTBB"],
            explanation: "The template is paused for low quality.",
            nextStep: "Use another until Meta unpauses it.",
            errorClass: "delay",
            notBefore: 10_800_000,
            steps: [
                Step(at: Timestamp(milliseconds: 1_790_000_000_000), state: .queued, detail: "the contact wrote to this number last"),
                Step(at: Timestamp(milliseconds: 1_790_000_005_000), state: .read, member: "919876543210"),
            ],
            furtherSteps: 3
        )
    )
}

package enum ListMessages: RPCMethod {
    package static let name = "message.list"
    package static let summary = "Lists outgoing messages, newest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/messages", .viewer)
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]

    package struct Params: Described {
        package var state: Message.State?
        package var account: PhoneNumberID?
        package var to: String?
        package var texts: Bool?
        package var limit: Int?
        package var cursor: PageCursor<ListMessages>?

        package static let fields: Fields = [
            "state": "Only messages in this state; all if absent.",
            "account": "Only messages from this number; from all if absent.",
            "to": .phone("Only messages to this person: a phone number with country code, or a BSUID. Messages to everybody if absent."),
            "texts": "Whether each message has what it says in words; false if absent.",
            "limit": .whole("How many messages one page holds.", 1...500, absent: 50),
            "cursor": .cursor("The `next` of the page before; the first page if absent."),
        ]

        package init(
            state: Message.State? = nil, account: PhoneNumberID? = nil, to: String? = nil, texts: Bool? = nil, limit: Int? = nil,
            cursor: PageCursor<ListMessages>? = nil
        ) {
            self.texts = texts
            self.state = state
            self.account = account
            self.to = to
            self.limit = limit
            self.cursor = cursor
        }
    }

    package struct Reply: Described {
        package var items: [Message]
        package var next: PageCursor<ListMessages>?

        package static let fields: Fields = [
            "items": .list(
                "The messages of this page, newest first. There may be fewer than asked for, even none, while there is a `next`.", 0...500),
            "next": .cursor("Give it as `cursor` to get the next page; absent on the last page."),
        ]

        package init(items: [Message], next: PageCursor<ListMessages>? = nil) {
            self.items = items
            self.next = next
        }
    }

    package static let example = RPCExample(
        Params(
            state: .failed, account: "106540352242922", to: "+919876543210", texts: true, limit: 50, cursor: "01JD0000000000000000000000"),
        Reply(items: [.example], next: "01JD0000000000000000000000")
    )
}

package enum MessageStatistics: RPCMethod {
    package static let name = "message.stats"
    package static let summary = "Counts outgoing messages by state, by number and by reason of failure."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/messages/statistics", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var requestKeyPrefix: String?

        package static let fields: Fields = [
            "requestKeyPrefix": .text("Only messages whose request key begins with this text; all if absent.", 0...256, of: .line)
        ]

        package init(requestKeyPrefix: String? = nil) { self.requestKeyPrefix = requestKeyPrefix }
    }

    package struct Failure: Described {
        package var code: Int?
        package var reason: String
        package var count: Int

        package static let fields: Fields = [
            "code": .whole("Meta's error code; absent if Meta gave none.", 0...2_147_483_647),
            "reason": .text("Why the messages failed, in plain words.", 0...65_536),
            "count": .count("Messages that failed for this reason."),
        ]

        package init(code: Int?, reason: String, count: Int) {
            self.code = code
            self.reason = reason
            self.count = count
        }
    }

    package struct Reply: Described {
        package var total: Int
        package var states: [String: Int]
        package var accounts: [String: Int]
        package var failures: [Failure]

        package static let fields: Fields = [
            "total": .count("Messages in all states together."),
            "states": .map("How many messages are in each state; a state without messages is left out.", 0...9, of: .count),
            "accounts": .map("How many messages there are on each number, by its id.", 0...10_000, of: .count),
            "failures": .list("Reasons of failure, the most frequent first.", 0...50),
        ]

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
    package static let summary =
        "Sends the content of a failed message again, as a new message, once. It waits as long as the failure asks for (131049: a day)."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/messages/{id}/retry", .agent)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [
        .messageUnknown, .messageNotFailed, .messageRetried, .messageUnclear, .accountUnknown, .noRoute, .windowClosed, .windowPast,
        .requestKeyReused, .consentMissing, .consentStopped,
    ]
    package typealias Reply = SendMessage.Reply

    package struct Params: Described {
        package var id: MessageID
        package var requestKey: String
        package var unclear: Bool?

        package static let fields: Fields = [
            "id": "The failed message to send again.",
            "requestKey": .requestKey(
                "The key that names this sending; the same key never sends twice. It must not begin with `campaign:`, `consent:` or `recurrence:`."
            ),
            "unclear": "Whether to send it even if nobody knows whether Meta has sent it already. Such a message is refused if absent.",
        ]

        package init(id: MessageID, requestKey: String, unclear: Bool? = nil) {
            self.id = id
            self.requestKey = requestKey
            self.unclear = unclear
        }
    }

    package static let example = RPCExample(
        Params(id: Message.example.id, requestKey: "order-4711-again", unclear: true),
        SendMessage.Reply(id: "01JD0000000000000000000001", state: .queued, notBefore: Timestamp(milliseconds: 1_790_086_400_000))
    )

    package static func validate(_ params: Params) throws(Fault) { try SendMessage.check(requestKey: params.requestKey) }
}

package enum MarkMessageRead: RPCMethod {
    package static let name = "message.markRead"
    package static let summary =
        "Shows a customer that their message, and those before it, were read; optionally that an answer is being typed."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/messages/mark-read", .agent, ofNumber: true)
    package static let deadline = Duration.seconds(40)
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]
    package static let faults: [FaultCode] = [.accountUnknown, .metaRefused]

    package struct Params: Described {
        package var account: PhoneNumberID
        package var wamid: WAMID
        package var typing: Bool?

        package static let fields: Fields = [
            "account": "The number that the customer wrote to.",
            "wamid": "WhatsApp's id of the customer's message; those before it count as read too.",
            "typing":
                "Whether the customer sees for up to 25 seconds, or until the answer comes, that one is being typed; false if absent.",
        ]

        package init(account: PhoneNumberID, wamid: WAMID, typing: Bool? = nil) {
            self.account = account
            self.wamid = wamid
            self.typing = typing
        }
    }

    package static let example = RPCExample(Params(account: "106540352242922", wamid: "wamid.HBgM", typing: true), Nothing())
}
