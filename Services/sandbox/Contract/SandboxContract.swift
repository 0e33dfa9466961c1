package import RPCContract
package import Vocabulary

/// How the sandbox, which stands in for Meta and for customers' phones, is steered and asked.
package enum SandboxContract: Contract {
    package static let process = ProcessName.sandbox.rawValue
    package static let version = "0.11.0"
    package static let methods: [any RPCMethod.Type] = [
        SandboxAddNumber.self, SandboxSubscribe.self, SandboxWrite.self, SandboxPlay.self, SandboxStatistics.self, SandboxMessages.self,
        SandboxDuplicates.self, SandboxFault.self, SandboxSetPortfolio.self, SandboxSetQuality.self, SandboxUpgrade.self, SandboxBan.self,
        SandboxSetTemplate.self, SandboxSetCalls.self, SandboxPreference.self, SandboxChangeNumber.self, SandboxSetClock.self,
        SandboxCode.self, SandboxAddress.self, SandboxSend.self, SandboxTap.self, SandboxCall.self, SandboxRestrict.self, SandboxTell.self,
    ]
}

package enum SandboxAddNumber: RPCMethod {
    package static let name = "number.add"
    package static let summary = "Gives Meta's side a registered business number."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var wabaID: WABAID
        package var displayPhoneNumber: String
        package var messagesPerSecond: Int?
        package var portfolio: String?
        package var registered: Bool?
        package var tolerance: Double?

        package static let fields: Fields = [
            "phoneNumberID": "The id that Meta's side gives the number. A number that has it already is replaced.",
            "wabaID": "The WhatsApp Business account that the number belongs to.",
            "displayPhoneNumber": .phone("The phone number itself."),
            "messagesPerSecond": .whole(
                "How many messages the number may send and receive in a second. 0 lifts every limit, for measuring.", 0...100_000,
                unit: "messages a second", absent: 80),
            "portfolio": .text("The business portfolio of the number; the account's own id if absent.", 1...64),
            "registered": "Whether the number can send at once. False is for a number that is to be linked first; true if absent.",
            "tolerance": .number("How much of Meta's bursts is allowed; a smaller value makes a stricter Meta.", 0...1, absent: 1),
        ]

        package init(
            phoneNumberID: PhoneNumberID,
            wabaID: WABAID,
            displayPhoneNumber: String,
            messagesPerSecond: Int? = nil,
            portfolio: String? = nil,
            registered: Bool? = nil,
            tolerance: Double? = nil
        ) {
            self.phoneNumberID = phoneNumberID
            self.wabaID = wabaID
            self.displayPhoneNumber = displayPhoneNumber
            self.messagesPerSecond = messagesPerSecond
            self.portfolio = portfolio
            self.registered = registered
            self.tolerance = tolerance
        }
    }

    package static let example = RPCExample(
        Params(
            phoneNumberID: "106540352242922", wabaID: "102290129340398", displayPhoneNumber: "15550783881", messagesPerSecond: 80,
            portfolio: "506914307656634", registered: true, tolerance: 1),
        Nothing()
    )
}

package enum SandboxSubscribe: RPCMethod {
    package static let name = "webhook.subscribe"
    package static let summary = "Sets the callback after the same handshake that Meta makes."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.handshakeFailed]

    package struct Params: Described {
        @Nullable package var url: String?

        package static let fields: Fields = [
            "url": .text("The address to which webhooks are sent.", 1...2048, null: "Ends the subscription.")
        ]

        package init(url: String?) { self.url = url }
    }

    package static let example = RPCExample(Params(url: "http://127.0.0.1:8080/webhooks/whatsapp"), Nothing())
}

extension FaultCode {
    package static let handshakeFailed = FaultCode(
        number: 6100, reason: "handshake_failed", http: 422, meaning: "The callback did not answer the challenge.")
    package static let numberUnknown = FaultCode(
        number: 6101, reason: "number_unknown", http: 404, meaning: "The sandbox has no such number.")
}

package enum SandboxWrite: RPCMethod {
    package static let name = "customer.write"
    package static let summary = "A customer writes to a business number."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.numberUnknown]

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var from: ContactID
        package var name: String
        package var text: String
        package var hidesNumber: Bool?

        package static let fields: Fields = [
            "phoneNumberID": "The business number that the customer writes to.",
            "from": "The customer who writes.",
            "name": .text("The customer's profile name in WhatsApp.", 1...256),
            "text": .text("What the customer writes.", 1...65_536),
            "hidesNumber": "Whether the customer has a username, so that the webhook names them by their BSUID alone; false if absent.",
        ]

        package init(phoneNumberID: PhoneNumberID, from: ContactID, name: String, text: String, hidesNumber: Bool? = nil) {
            self.phoneNumberID = phoneNumberID
            self.from = from
            self.name = name
            self.text = text
            self.hidesNumber = hidesNumber
        }
    }

    package struct Reply: Described {
        package var wamid: WAMID

        package static let fields: Fields = [
            "wamid": "WhatsApp's id of the message that the customer wrote."
        ]

        package init(wamid: WAMID) { self.wamid = wamid }
    }

    package static let example = RPCExample(
        Params(phoneNumberID: "106540352242922", from: "919876543210", name: "Asha", text: "Hello!", hidesNumber: false),
        Reply(wamid: "wamid.HBgM")
    )
}

package enum SandboxPlay: RPCMethod {
    package static let name = "conversation.play"
    package static let summary = "Lets many customers write and answer, each waiting for the business's reply."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil

    package struct Params: Described {
        package var customers: Int
        package var messages: Int
        package var firstContact: ContactID
        package var perSecond: Int?

        package static let fields: Fields = [
            "customers": .whole("How many customers write; they are spread over all numbers.", 1...100_000),
            "messages": .whole("How many messages each customer writes.", 1...20),
            "firstContact": Field(
                "The phone number of the first customer, in digits. The other customers have the numbers that follow.", .phoneDigits),
            "perSecond": .whole(
                "How many customers begin in a second; all begin at once if absent.", 1...10_000, unit: "customers a second"),
        ]

        package init(customers: Int, messages: Int, firstContact: ContactID, perSecond: Int? = nil) {
            self.customers = customers
            self.messages = messages
            self.firstContact = firstContact
            self.perSecond = perSecond
        }
    }

    package static let example = RPCExample(
        Params(customers: 200, messages: 3, firstContact: "919000000000", perSecond: 100),
        Nothing()
    )
}

package enum SandboxStatistics: RPCMethod {
    package static let name = "sandbox.stats"
    package static let summary = "Counts what Meta's side has seen."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = nil

    package struct Reply: Described {
        package var accepted: Int
        package var refused: [String: Int]
        package var sentTwice: Int
        package var states: [String: Int]
        package var written: Int
        package var replies: Int
        package var webhooksDelivered: Int
        package var webhooksRetried: Int
        package var webhooksDropped: Int
        package var webhooksWaiting: Int
        package var webhookP50: Double
        package var webhookP99: Double
        package var requestsAgainstSchema: Int

        package static let fields: Fields = [
            "accepted": .count("Messages that Meta's side has accepted."),
            "refused": .map("Requests that were refused, by Meta's error code.", 0...1000, of: .count),
            "sentTwice": .count(
                "Our message ids that were accepted more than once, and customers' messages that were answered more than once."),
            "states": .map(
                "Accepted messages, by the state in which they are: accepted, sent, delivered, read or failed.", 0...16, of: .count),
            "written": .count("Messages that customers have written."),
            "replies": .count("Replies that customers have got to what they wrote."),
            "webhooksDelivered": .count("Webhook requests that were answered with 200."),
            "webhooksRetried": .count("Attempts to deliver a webhook request that were not answered with 200."),
            "webhooksDropped": .count("Webhook requests given up after 7 days without a 200."),
            "webhooksWaiting": .count("Webhook requests that are not delivered yet, and events that are still to come."),
            "webhookP50": .number(
                "The time from a webhook request to its 200 that half of them did not exceed.", 0...3_600_000,
                unit: "milliseconds"),
            "webhookP99": .number(
                "The time from a webhook request to its 200 that 99 percent of them did not exceed.", 0...3_600_000,
                unit: "milliseconds"),
            "requestsAgainstSchema": .count("Requests that were refused because they break Meta's published schema."),
        ]

        package init(
            accepted: Int,
            refused: [String: Int],
            sentTwice: Int,
            states: [String: Int],
            written: Int,
            replies: Int,
            webhooksDelivered: Int,
            webhooksRetried: Int,
            webhooksDropped: Int,
            webhooksWaiting: Int,
            webhookP50: Double,
            webhookP99: Double,
            requestsAgainstSchema: Int
        ) {
            self.accepted = accepted
            self.refused = refused
            self.sentTwice = sentTwice
            self.states = states
            self.written = written
            self.replies = replies
            self.webhooksDelivered = webhooksDelivered
            self.webhooksRetried = webhooksRetried
            self.webhooksDropped = webhooksDropped
            self.webhooksWaiting = webhooksWaiting
            self.webhookP50 = webhookP50
            self.webhookP99 = webhookP99
            self.requestsAgainstSchema = requestsAgainstSchema
        }
    }

    package static let example = RPCExample(
        Nothing(),
        Reply(
            accepted: 1000,
            refused: ["131026": 1],
            sentTwice: 0,
            states: ["read": 800],
            written: 600,
            replies: 600,
            webhooksDelivered: 3000,
            webhooksRetried: 2,
            webhooksDropped: 0,
            webhooksWaiting: 0,
            webhookP50: 0.8,
            webhookP99: 4.2,
            requestsAgainstSchema: 0
        )
    )
}

package enum SandboxMessages: RPCMethod {
    package static let name = "message.list"
    package static let summary = "Lists messages that a customer's phone has got, oldest first."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = nil

    package struct Params: Described {
        package var contact: ContactID

        package static let fields: Fields = [
            "contact": "The customer whose messages are listed."
        ]

        package init(contact: ContactID) { self.contact = contact }
    }

    package struct Item: Described {
        package var wamid: WAMID
        package var from: PhoneNumberID
        package var type: String
        package var text: String
        package var callbackData: String?

        package static let fields: Fields = [
            "wamid": "WhatsApp's id of the message.",
            "from": "The business number that sent the message.",
            "type": .text("Meta's type of the message, such as text or template.", 1...64),
            "text": .text("The words of a text message; the JSON of the message's object for every other type.", 0...1_048_576),
            "callbackData": .text(
                "The data that the sender gave the message to get it back with each status; Linda gives her own message id.", 0...512),
        ]

        package init(wamid: WAMID, from: PhoneNumberID, type: String, text: String, callbackData: String?) {
            self.wamid = wamid
            self.from = from
            self.type = type
            self.text = text
            self.callbackData = callbackData
        }
    }

    package struct Reply: Described {
        package var items: [Item]

        package static let fields: Fields = [
            "items": .list("The messages, oldest first.", 0...1_000_000)
        ]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Params(contact: "919876543210"),
        Reply(items: [Item(wamid: "wamid.HBgM", from: "106540352242922", type: "text", text: "Hello Asha!", callbackData: "01JD")])
    )
}

package enum SandboxDuplicates: RPCMethod {
    package static let name = "message.duplicates"
    package static let summary = "Lists our message ids that were accepted more than once."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = nil

    package struct Reply: Described {
        package var items: [String]

        package static let fields: Fields = [
            "items": .list(
                "Our message ids that were accepted more than once, then \"answer to\" and the id of each customer's message that was answered more than once.",
                0...1_000_000, of: .text(1...1024))
        ]

        package init(items: [String]) { self.items = items }
    }

    package static let example = RPCExample(Nothing(), Reply(items: ["01JD0000000000000000000000"]))
}
