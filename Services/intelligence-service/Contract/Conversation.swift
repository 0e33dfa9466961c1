package import MetaEvents
package import RPCContract
package import Vocabulary

package enum GetConversation: RPCMethod {
    package static let name = "conversation.get"
    package static let summary = "Gives a conversation with its messages in both directions, newest last."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/conversations/{account}/{contact}", .viewer)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.conversationUnknown]

    package struct Params: Described {
        package var account: PhoneNumberID
        package var contact: ContactID
        package var limit: Int?

        package static let fields: Fields = [
            "account": "The business number that the conversation is with.",
            "contact": "The customer of the conversation.",
            "limit": .whole("How many of the newest messages are given at most.", 1...500, absent: 50),
        ]

        package init(account: PhoneNumberID, contact: ContactID, limit: Int? = nil) {
            self.account = account
            self.contact = contact
            self.limit = limit
        }
    }

    package struct Item: Described {
        /// Who wrote: the customer, or the business.
        package enum Direction: String, Codable, Sendable, CaseIterable { case inbound, outbound }

        package var direction: Direction
        package var wamid: WAMID?
        package var type: String
        package var text: String?
        package var author: ContactID?
        package var authorName: String?
        package var intent: String?
        package var content: ReceivedContent?
        package var state: String?
        package var error: String?
        package var isHistory: Bool?
        package var at: Timestamp

        package static let fields: Fields = [
            "direction": "Whether the customer wrote the message or got it.",
            "wamid":
                "WhatsApp's id of the message. It is absent for one to the customer that Meta has not taken, and where account-router does not tell.",
            "type": .text("Meta's type of the message, such as text, image or interactive.", 0...65_536),
            "text": .text("What was written, tapped or put under a picture. It is absent if the message has no text.", 0...65_536),
            "author": "Who wrote it in a group. Absent outside groups.",
            "authorName": .text("That person's name on WhatsApp. Absent outside groups, and if WhatsApp did not tell it.", 0...1024),
            "intent": .text(
                "What the message was understood as, or `unknown`. It is absent for answers, notices and calls, and for what was written before the number came here.",
                1...64),
            "content":
                "What the customer's message says beside words: a file, a place, a cart, what it answers. Absent if there is nothing.",
            "state": .text(
                "Where a message to the customer stands, such as `queued`, `read` or `failed`. It is absent for what the customer wrote, and where account-router does not tell. Where `isHistory` is true it is what the WhatsApp Business app said of the message, whoever wrote it.",
                1...64),
            "error": .text(
                "Why a message to the customer failed, or has not gone yet. It is absent if nothing is known against it.", 0...65_536),
            "isHistory":
                "Whether the message was written before the number came to the Cloud API, and taken over from the WhatsApp Business app. Absent if not.",
            "at": "When the customer sent the message, or when the answer was handed over for sending.",
        ]

        package init(
            direction: Direction, wamid: WAMID?, type: String, text: String?, author: ContactID? = nil, authorName: String? = nil,
            intent: String?, content: ReceivedContent? = nil, state: String? = nil, error: String? = nil, isHistory: Bool? = nil,
            at: Timestamp
        ) {
            self.author = author
            self.authorName = authorName
            self.content = content
            self.isHistory = isHistory
            self.state = state
            self.error = error
            self.direction = direction
            self.wamid = wamid
            self.type = type
            self.text = text
            self.intent = intent
            self.at = at
        }
    }

    package struct Reply: Described {
        package var id: String
        package var account: PhoneNumberID
        package var contact: ContactID
        package var contactName: String?
        package var username: String?
        package var identityHash: String?
        package var identityAt: Timestamp?
        package var isGroup: Bool?
        package var needsPerson: Bool
        package var isAnswering: Bool?
        package var isPartial: Bool?
        package var isCut: Bool?
        package var messages: [Item]

        package static let fields: Fields = [
            "id": .text("The conversation: the workspace, the business number's id and the contact, with colons between.", 5...640),
            "account": "The business number that the conversation is with.",
            "contact": "The customer of the conversation.",
            "contactName": .text("The customer's name on WhatsApp. It is absent if WhatsApp never told it.", 0...65_536),
            "username": .text("The customer's username on WhatsApp. It is absent if WhatsApp never told it.", 0...256),
            "identityHash": .text(
                "Meta's hash of the customer's keys: another one is another phone, or somebody else's. It is absent if Meta never told it.",
                1...1024),
            "identityAt": "When Meta first told this hash. It is absent if Meta told none.",
            "isGroup": "Whether it is the conversation of a group, which the contact is then. Absent if not.",
            "needsPerson":
                "Whether the customer waits for a person: something was asked that nothing here could answer, or ordered, and nobody has answered since.",
            "isAnswering":
                "Whether a person's answer is on its way and Meta has not told yet that it was sent. Absent if not.",
            "isPartial":
                "Whether messages that were sent in other ways, such as campaigns, are missing because account-router did not answer. Absent if not.",
            "isCut":
                "Whether fewer messages are given than were asked for, as they are too long for one answer. Absent if not.",
            "messages": .list("The newest messages in both directions, oldest first.", 0...500),
        ]

        package init(
            id: String, account: PhoneNumberID, contact: ContactID, contactName: String?, username: String? = nil,
            identityHash: String? = nil,
            identityAt: Timestamp? = nil, isGroup: Bool? = nil, needsPerson: Bool = false, isAnswering: Bool? = nil, isPartial: Bool? = nil,
            isCut: Bool? = nil, messages: [Item]
        ) {
            self.isCut = isCut
            self.needsPerson = needsPerson
            self.isAnswering = isAnswering
            self.isPartial = isPartial
            self.id = id
            self.account = account
            self.contact = contact
            self.contactName = contactName
            self.username = username
            self.identityHash = identityHash
            self.identityAt = identityAt
            self.isGroup = isGroup
            self.messages = messages
        }
    }

    package static let example = RPCExample(
        Params(account: "106540352242922", contact: "919876543210", limit: 50),
        Reply(
            id: "106540352242922:919876543210",
            account: "106540352242922",
            contact: "919876543210",
            contactName: "Asha",
            username: "asha.k",
            identityHash: "KFR5BsqHpIGhvn",
            identityAt: Timestamp(milliseconds: 1_790_000_000_000),
            isGroup: false,
            needsPerson: false,
            isAnswering: false,
            isPartial: false,
            isCut: false,
            messages: [
                Item(
                    direction: .inbound, wamid: "wamid.HBgM", type: "text", text: "Hello!", author: "919876543211", authorName: "Ravi",
                    intent: "greeting", content: .example, state: "read", error: "none", isHistory: false,
                    at: Timestamp(milliseconds: 1_790_000_000_000))
            ]
        )
    )
}

package enum ListConversations: RPCMethod {
    package static let name = "conversation.list"
    package static let summary = "Lists conversations, the latest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/conversations", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var contact: ContactID?
        package var needsPerson: Bool?
        package var limit: Int?

        package static let fields: Fields = [
            "contact": "Lists only the conversations with this customer, under the name that they have now. All if absent.",
            "needsPerson": "True lists only those in which a customer waits for a person. All if absent or false.",
            "limit": .whole("How many conversations are listed at most.", 1...500, absent: 50),
        ]

        package init(contact: ContactID? = nil, needsPerson: Bool? = nil, limit: Int? = nil) {
            self.contact = contact
            self.needsPerson = needsPerson
            self.limit = limit
        }
    }

    package struct Item: Described {
        package var id: String
        package var account: PhoneNumberID
        package var contact: ContactID
        package var contactName: String?
        package var username: String?
        package var isGroup: Bool?
        package var needsPerson: Bool
        package var isAnswering: Bool?
        package var messages: Int
        package var lastAt: Timestamp

        package static let fields: Fields = [
            "id": .text("The conversation: the workspace, the business number's id and the contact, with colons between.", 5...640),
            "account": "The business number that the conversation is with.",
            "contact": "The customer of the conversation.",
            "contactName": .text("The customer's name on WhatsApp. It is absent if WhatsApp never told it.", 0...65_536),
            "username": .text("The customer's username on WhatsApp. It is absent if WhatsApp never told it.", 0...256),
            "isGroup": "Whether it is the conversation of a group, which the contact is then. Absent if not.",
            "needsPerson":
                "Whether the customer waits for a person: something was asked that nothing here could answer, or ordered, and nobody has answered since.",
            "isAnswering":
                "Whether a person's answer is on its way and Meta has not told yet that it was sent. Absent if not.",
            "messages": .count("Messages from the customer, and the answers to them."),
            "lastAt": "Time of the latest message of the conversation.",
        ]

        package init(
            id: String, account: PhoneNumberID, contact: ContactID, contactName: String?, username: String? = nil, isGroup: Bool? = nil,
            needsPerson: Bool = false,
            isAnswering: Bool? = nil, messages: Int, lastAt: Timestamp
        ) {
            self.needsPerson = needsPerson
            self.isAnswering = isAnswering
            self.id = id
            self.account = account
            self.contact = contact
            self.contactName = contactName
            self.username = username
            self.isGroup = isGroup
            self.messages = messages
            self.lastAt = lastAt
        }
    }

    package struct Reply: Described {
        package var items: [Item]

        package static let fields: Fields = [
            "items": .list("The conversations, the one with the latest message first.", 0...500)
        ]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Params(contact: "919876543210", needsPerson: true, limit: 50),
        Reply(items: [
            Item(
                id: "106540352242922:919876543210",
                account: "106540352242922",
                contact: "919876543210",
                contactName: "Asha",
                username: "asha.k",
                isGroup: false,
                needsPerson: true,
                isAnswering: true,
                messages: 4,
                lastAt: Timestamp(milliseconds: 1_790_000_000_000)
            )
        ])
    )
}

package enum ResolveConversation: RPCMethod {
    package static let name = "conversation.resolve"
    package static let summary = "Notes that a person has taken care of a conversation: it waits for nobody any more."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/conversations/{account}/{contact}/resolve", .agent, ofNumber: true)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.conversationUnknown]

    package struct Params: Described {
        package var account: PhoneNumberID
        package var contact: ContactID
        package var message: MessageID?

        package static let fields: Fields = [
            "account": "The business number that the conversation is with.",
            "contact": "The customer of the conversation.",
            "message":
                "The message of account-router that answers. The customer goes on waiting until Meta has taken it, and if it fails. At once if absent.",
        ]

        package init(account: PhoneNumberID, contact: ContactID, message: MessageID? = nil) {
            self.account = account
            self.contact = contact
            self.message = message
        }
    }

    package static let example = RPCExample(
        Params(account: "106540352242922", contact: "919876543210", message: "01JG0000000000000000000001"), Nothing())
}

package enum ConversationStatistics: RPCMethod {
    package static let name = "conversation.stats"
    package static let summary = "Counts conversations, messages by intent, and answers by where they stand."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/conversations/statistics", .viewer)
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Described {
        package var conversations: Int
        package var inbound: Int
        package var outbound: Int
        package var history: Int
        package var notices: Int
        package var calls: Int
        package var intents: [String: Int]
        package var orders: Int
        package var pendingActions: Int
        package var deadActions: Int

        package static let fields: Fields = [
            "conversations": .count("Conversations of the workspace."),
            "inbound": .count("Messages that customers wrote to the workspace."),
            "outbound": .count("Answers that were handed over for sending in the workspace."),
            "history": .count(
                "Messages of both sides that were written before the number came here, in the WhatsApp Business app."),
            "notices": .count("What WhatsApp itself says in conversations, such as that a customer has another number."),
            "calls": .count("What is kept of calls, whoever made them: that one began, and how it ended, are two."),
            "intents": .map(
                "Messages from customers, counted by what they were understood as. The word `unknown` stands for the rest.", 0...100,
                of: .count),
            "orders": .count("Orders taken from conversations of the workspace."),
            "pendingActions": .count("Answers of all workspaces that wait or are under way."),
            "deadActions": .count("Answers of all workspaces that were given up."),
        ]

        package init(
            conversations: Int,
            inbound: Int,
            outbound: Int,
            history: Int = 0,
            notices: Int = 0,
            calls: Int = 0,
            intents: [String: Int],
            orders: Int,
            pendingActions: Int,
            deadActions: Int
        ) {
            self.conversations = conversations
            self.inbound = inbound
            self.outbound = outbound
            self.history = history
            self.notices = notices
            self.calls = calls
            self.intents = intents
            self.orders = orders
            self.pendingActions = pendingActions
            self.deadActions = deadActions
        }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(
            conversations: 1, inbound: 2, outbound: 2, history: 40, notices: 1, calls: 2, intents: ["greeting": 1], orders: 1,
            pendingActions: 0, deadActions: 0)
    )
}
