package import RPCContract
package import Vocabulary

/// How the sandbox, which stands in for Meta and for customers' phones, is steered and asked.
package enum SandboxContract: Contract {
    package static let process = "sandbox"
    package static let version = "0.1.0"
    package static let methods: [any RPCMethod.Type] = [
        SandboxAddNumber.self, SandboxSubscribe.self, SandboxWrite.self, SandboxPlay.self, SandboxStatistics.self, SandboxMessages.self,
        SandboxDuplicates.self, SandboxFault.self, SandboxSetPortfolio.self, SandboxSetQuality.self, SandboxUpgrade.self, SandboxBan.self,
        SandboxSetTemplate.self, SandboxSetCalls.self, SandboxPreference.self, SandboxSetClock.self, SandboxCode.self,
    ]
}

package enum SandboxAddNumber: RPCMethod {
    package static let name = "number.add"
    package static let summary = "Gives Meta's side a registered business number."
    package static let effect = RPCEffect.idempotentWrite

    package struct Params: Codable, Sendable {
        package var phoneNumberID: PhoneNumberID
        package var wabaID: WABAID
        package var displayPhoneNumber: String
        /// 80 where absent; 0 lifts every limit, for measuring.
        package var messagesPerSecond: Int?
        /// The business portfolio; the account's own id where absent.
        package var portfolio: String?
        /// False for a number that is to be linked first.
        package var registered: Bool?
        /// How much of Meta's bursts is allowed: 1 where absent, less for a stricter Meta.
        package var tolerance: Double?

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
    package static let faults: [FaultCode] = [.handshakeFailed]

    package struct Params: Codable, Sendable {
        /// Absent to send nothing more.
        package var url: String?

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
    package static let faults: [FaultCode] = [.numberUnknown]

    package struct Params: Codable, Sendable {
        package var phoneNumberID: PhoneNumberID
        package var from: ContactID
        package var name: String
        package var text: String

        package init(phoneNumberID: PhoneNumberID, from: ContactID, name: String, text: String) {
            self.phoneNumberID = phoneNumberID
            self.from = from
            self.name = name
            self.text = text
        }
    }

    package struct Reply: Codable, Sendable {
        package var wamid: WAMID

        package init(wamid: WAMID) { self.wamid = wamid }
    }

    package static let example = RPCExample(
        Params(phoneNumberID: "106540352242922", from: "919876543210", name: "Asha", text: "Hello!"),
        Reply(wamid: "wamid.HBgM")
    )
}

package enum SandboxPlay: RPCMethod {
    package static let name = "conversation.play"
    package static let summary = "Lets many customers write and answer, each waiting for the business's reply."
    package static let effect = RPCEffect.idempotentWrite

    package struct Params: Codable, Sendable {
        /// 1 to 100,000 customers, spread over the numbers.
        package var customers: Int
        /// 1 to 20 messages of each.
        package var messages: Int
        /// The first customer's number; the others follow.
        package var firstContact: ContactID
        /// Messages a second that begin a conversation; all at once where absent.
        package var perSecond: Int?

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

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...100_000).contains(params.customers) else { throw Fault(.params, "customers is 1 to 100,000.", path: "customers") }
        guard (1...20).contains(params.messages) else { throw Fault(.params, "messages is 1 to 20.", path: "messages") }
        guard Int64(params.firstContact.rawValue) != nil else { throw Fault(.params, "firstContact is digits.", path: "firstContact") }
        guard (1...10_000).contains(params.perSecond ?? 1) else { throw Fault(.params, "perSecond is 1 to 10,000.", path: "perSecond") }
    }
}

package enum SandboxStatistics: RPCMethod {
    package static let name = "sandbox.stats"
    package static let summary = "Counts what Meta's side has seen."
    package static let effect = RPCEffect.read

    package struct Reply: Codable, Sendable {
        package var accepted: Int
        /// Requests refused, by Meta's code.
        package var refused: [String: Int]
        /// Our message ids that were accepted more than once: sent twice.
        package var sentTwice: Int
        /// Final state of accepted messages.
        package var states: [String: Int]
        /// Messages that customers wrote.
        package var written: Int
        /// Replies that customers got to what they wrote.
        package var replies: Int
        package var webhooksDelivered: Int
        package var webhooksRetried: Int
        /// Webhook events not yet taken with a 200.
        package var webhooksWaiting: Int
        /// Milliseconds from request to 200, over the last 10,000.
        package var webhookP50: Double
        package var webhookP99: Double
        package var requestsAgainstSchema: Int

        package init(
            accepted: Int,
            refused: [String: Int],
            sentTwice: Int,
            states: [String: Int],
            written: Int,
            replies: Int,
            webhooksDelivered: Int,
            webhooksRetried: Int,
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

    package struct Params: Codable, Sendable {
        package var contact: ContactID

        package init(contact: ContactID) { self.contact = contact }
    }

    package struct Item: Codable, Sendable {
        package var wamid: WAMID
        package var from: PhoneNumberID
        package var type: String
        /// The text, or the template's name and parameters.
        package var text: String
        package var callbackData: String?

        package init(wamid: WAMID, from: PhoneNumberID, type: String, text: String, callbackData: String?) {
            self.wamid = wamid
            self.from = from
            self.type = type
            self.text = text
            self.callbackData = callbackData
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Item]

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

    package struct Reply: Codable, Sendable {
        package var items: [String]

        package init(items: [String]) { self.items = items }
    }

    package static let example = RPCExample(Nothing(), Reply(items: ["01JD0000000000000000000000"]))
}

package enum SandboxFault: RPCMethod {
    package static let name = "fault.set"
    package static let summary = "Makes Meta's side misbehave: errors, lost answers, failing recipients."
    package static let effect = RPCEffect.idempotentWrite

    package struct Params: Codable, Sendable {
        /// Share of sends refused with `code`, 0 to 1.
        package var errorShare: Double?
        /// Meta's code for them; 131000 where absent.
        package var code: Int?
        /// Share of sends that are accepted although the connection drops before the answer.
        package var lostAnswerShare: Double?
        /// Share of recipients without WhatsApp (131026, by status).
        package var undeliverableShare: Double?
        /// Share of sends that are accepted and sent although Meta answers 131000.
        package var ambiguousShare: Double?
        /// Whether every token is refused as expired.
        package var tokenExpired: Bool?

        package init(
            errorShare: Double? = nil,
            code: Int? = nil,
            lostAnswerShare: Double? = nil,
            undeliverableShare: Double? = nil,
            ambiguousShare: Double? = nil,
            tokenExpired: Bool? = nil
        ) {
            self.errorShare = errorShare
            self.code = code
            self.lostAnswerShare = lostAnswerShare
            self.undeliverableShare = undeliverableShare
            self.ambiguousShare = ambiguousShare
            self.tokenExpired = tokenExpired
        }
    }

    package static let example = RPCExample(
        Params(errorShare: 0.1, code: 131000, lostAnswerShare: 0.01, undeliverableShare: 0.02, ambiguousShare: 0.01, tokenExpired: false),
        Nothing()
    )

    package static func validate(_ params: Params) throws(Fault) {
        for (name, share) in [
            ("errorShare", params.errorShare), ("lostAnswerShare", params.lostAnswerShare),
            ("undeliverableShare", params.undeliverableShare), ("ambiguousShare", params.ambiguousShare),
        ] {
            guard (0...1).contains(share ?? 0) else { throw Fault(.params, "\(name) is 0 to 1.", path: name) }
        }
    }
}
