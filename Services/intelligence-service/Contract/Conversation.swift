package import RPCContract
package import Vocabulary

package enum GetConversation: RPCMethod {
    package static let name = "conversation.get"
    package static let summary = "Gives a conversation with its messages in both directions, newest last."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.conversationUnknown]

    package struct Params: Codable, Sendable {
        package var account: PhoneNumberID
        package var contact: ContactID
        /// 1 to 500 newest messages; 50 where absent.
        package var limit: Int?

        package init(account: PhoneNumberID, contact: ContactID, limit: Int? = nil) {
            self.account = account
            self.contact = contact
            self.limit = limit
        }
    }

    package struct Item: Codable, Sendable {
        package enum Direction: String, Codable, Sendable { case inbound, outbound }

        package var direction: Direction
        package var wamid: WAMID?
        package var type: String
        package var text: String?
        package var intent: String?
        /// Unix milliseconds.
        package var at: Int64

        package init(direction: Direction, wamid: WAMID?, type: String, text: String?, intent: String?, at: Int64) {
            self.direction = direction
            self.wamid = wamid
            self.type = type
            self.text = text
            self.intent = intent
            self.at = at
        }
    }

    package struct Reply: Codable, Sendable {
        package var id: String
        package var account: PhoneNumberID
        package var contact: ContactID
        package var contactName: String?
        package var messages: [Item]

        package init(id: String, account: PhoneNumberID, contact: ContactID, contactName: String?, messages: [Item]) {
            self.id = id
            self.account = account
            self.contact = contact
            self.contactName = contactName
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
            messages: [
                Item(direction: .inbound, wamid: "wamid.HBgM", type: "text", text: "Hello!", intent: "greeting", at: 1_790_000_000_000)
            ]
        )
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...500).contains(params.limit ?? 50) else { throw Fault(.params, "limit is 1 to 500.", path: "limit") }
    }
}

package enum ListConversations: RPCMethod {
    package static let name = "conversation.list"
    package static let summary = "Lists conversations, the latest first."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        /// 1 to 500; 50 where absent.
        package var limit: Int?

        package init(limit: Int? = nil) { self.limit = limit }
    }

    package struct Item: Codable, Sendable {
        package var id: String
        package var account: PhoneNumberID
        package var contact: ContactID
        package var contactName: String?
        package var messages: Int
        package var lastAt: Int64

        package init(id: String, account: PhoneNumberID, contact: ContactID, contactName: String?, messages: Int, lastAt: Int64) {
            self.id = id
            self.account = account
            self.contact = contact
            self.contactName = contactName
            self.messages = messages
            self.lastAt = lastAt
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Item]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Params(limit: 50),
        Reply(items: [
            Item(
                id: "106540352242922:919876543210",
                account: "106540352242922",
                contact: "919876543210",
                contactName: "Asha",
                messages: 4,
                lastAt: 1_790_000_000_000
            )
        ])
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...500).contains(params.limit ?? 50) else { throw Fault(.params, "limit is 1 to 500.", path: "limit") }
    }
}

package enum ConversationStatistics: RPCMethod {
    package static let name = "conversation.stats"
    package static let summary = "Counts conversations, messages by intent, and answers by where they stand."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]

    package struct Reply: Codable, Sendable {
        package var conversations: Int
        package var inbound: Int
        package var outbound: Int
        package var intents: [String: Int]
        package var orders: Int
        package var pendingActions: Int
        package var deadActions: Int

        package init(
            conversations: Int,
            inbound: Int,
            outbound: Int,
            intents: [String: Int],
            orders: Int,
            pendingActions: Int,
            deadActions: Int
        ) {
            self.conversations = conversations
            self.inbound = inbound
            self.outbound = outbound
            self.intents = intents
            self.orders = orders
            self.pendingActions = pendingActions
            self.deadActions = deadActions
        }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(conversations: 1, inbound: 2, outbound: 2, intents: ["greeting": 1], orders: 1, pendingActions: 0, deadActions: 0)
    )
}
