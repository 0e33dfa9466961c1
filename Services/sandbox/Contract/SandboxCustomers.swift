package import RPCContract
package import Vocabulary

package enum SandboxAddress: RPCMethod {
    package static let name = "sandbox.address"
    package static let summary = "Tells where the sandbox's Graph API is, for clients of your own."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = nil

    package struct Reply: Described {
        package var graphURL: String

        package static let fields: Fields = [
            "graphURL": .url(
                "The Graph API's address without a version, for whatever a client calls its base address. Its token is in the file `graph-token` beside the other credentials."
            )
        ]

        package init(graphURL: String) { self.graphURL = graphURL }
    }

    package static let example = RPCExample(Nothing(), Reply(graphURL: "http://127.0.0.1:33707"))
}

package enum SandboxSend: RPCMethod {
    package static let name = "customer.send"
    package static let summary = "A customer sends a message of any kind, beside plain text, to a business number."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.numberUnknown, .messageNotThere]

    /// The kind of message that the customer writes.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case text, image, video, audio, document, sticker, location, contacts, reaction, order, edit, revoke, unsupported
    }

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var from: ContactID
        package var name: String
        package var type: Kind
        package var content: JSONValue
        package var data: String?
        package var replyTo: WAMID?
        package var hidesNumber: Bool?

        package static let fields: Fields = [
            "phoneNumberID": "The business number that the customer writes to.",
            "from": "The customer who writes.",
            "name": .text("The customer's profile name in WhatsApp.", 1...256),
            "type": "Meta's type of the message.",
            "content": .json(
                "The member of the webhook's message that has the name of the type, as Meta writes it, such as `{\"latitude\":19.07,\"longitude\":72.87}` for a location. Of a medium only what the customer says is given, such as `caption`, `filename` or `voice`."
            ),
            "data": .text(
                "The bytes of a medium in Base64. A small real file is sent if it is absent; its type is then one of Meta's for the kind, and otherwise what `mime_type` of the content says.",
                0...1_000_000),
            "replyTo": "The message that the customer answers.",
            "hidesNumber": "Whether the customer has a username, so that the webhook names them by their BSUID alone; false if absent.",
        ]

        package init(
            phoneNumberID: PhoneNumberID,
            from: ContactID,
            name: String,
            type: Kind,
            content: JSONValue,
            data: String? = nil,
            replyTo: WAMID? = nil,
            hidesNumber: Bool? = nil
        ) {
            self.phoneNumberID = phoneNumberID
            self.from = from
            self.name = name
            self.type = type
            self.content = content
            self.data = data
            self.replyTo = replyTo
            self.hidesNumber = hidesNumber
        }
    }

    package static let example = RPCExample(
        Params(
            phoneNumberID: "106540352242922", from: "919876543210", name: "Asha", type: .location,
            content: ["latitude": 19.07, "longitude": 72.87, "name": "Home"], data: "", replyTo: "wamid.HBgM", hidesNumber: false),
        SandboxWrite.Reply(wamid: "wamid.HBgM")
    )
}

package enum SandboxTap: RPCMethod {
    package static let name = "customer.tap"
    package static let summary = "A customer taps a button or a row of a message that their phone has got, or sends in its Flow."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.messageNotThere]

    package struct Params: Described {
        package var wamid: WAMID
        package var button: String
        package var response: JSONValue?

        package static let fields: Fields = [
            "wamid": "The message that has the button, as `message.list` names it.",
            "button": .text("The words on the button or the row, or its id.", 1...256),
            "response": .json("What was filled in, for a Flow's button; an empty form if absent."),
        ]

        package init(wamid: WAMID, button: String, response: JSONValue? = nil) {
            self.wamid = wamid
            self.button = button
            self.response = response
        }
    }

    package static let example = RPCExample(
        Params(wamid: "wamid.HBgM", button: "Track", response: ["size": "L"]), SandboxWrite.Reply(wamid: "wamid.HBgM"))
}

package enum SandboxCall: RPCMethod {
    package static let name = "customer.call"
    package static let summary =
        "A customer calls a business number, which takes, misses or rejects the call; `calls` tells when it rings and when it ends."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let faults: [FaultCode] = [.numberUnknown]

    /// What becomes of a call.
    package enum Outcome: String, Codable, Sendable, CaseIterable { case answered, missed, rejected }

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var from: ContactID
        package var name: String
        package var outcome: Outcome?
        package var seconds: Seconds?

        package static let fields: Fields = [
            "phoneNumberID": "The business number that is called.",
            "from": "The customer who calls.",
            "name": .text("The customer's profile name in WhatsApp.", 1...256),
            "outcome":
                "What becomes of the call; answered if absent. Meta tells of one that was missed and of one that was rejected alike: neither has a duration.",
            "seconds": .whole(
                "How long they speak or, of a call that nobody takes, how long it rings. So much later, by the sandbox's clock, its end is told.",
                1...86_400, unit: "seconds", absent: 1),
        ]

        package init(phoneNumberID: PhoneNumberID, from: ContactID, name: String, outcome: Outcome? = nil, seconds: Seconds? = nil) {
            self.phoneNumberID = phoneNumberID
            self.from = from
            self.name = name
            self.outcome = outcome
            self.seconds = seconds
        }
    }

    package struct Reply: Described {
        package var callID: String

        package static let fields: Fields = ["callID": .text("Meta's id of the call.", 1...256)]

        package init(callID: String) { self.callID = callID }
    }

    package static let example = RPCExample(
        Params(phoneNumberID: "106540352242922", from: "919876543210", name: "Asha", outcome: .missed, seconds: 20),
        Reply(callID: "wacid.ABGG"))
}

package enum SandboxRestrict: RPCMethod {
    package static let name = "account.restrict"
    package static let summary = "Restricts what an account may send until a moment, and tells it by account_update."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil

    package struct Params: Described {
        package var wabaID: WABAID
        package var restriction: String
        package var until: Timestamp

        package static let fields: Fields = [
            "wabaID": "The WhatsApp Business account to restrict.",
            "restriction": .words(
                "Meta's word for what the account may not do.",
                [
                    "RESTRICTED_BIZ_INITIATED_MESSAGING", "RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "RESTRICTED_UTILITY_TEMPLATES",
                    "RESTRICTED_ADD_PHONE_NUMBER_ACTION",
                ]),
            "until": "When the restriction ends; a moment in the past ends it now.",
        ]

        package init(wabaID: WABAID, restriction: String, until: Timestamp) {
            self.wabaID = wabaID
            self.restriction = restriction
            self.until = until
        }
    }

    package static let example = RPCExample(
        Params(
            wabaID: "102290129340398", restriction: "RESTRICTED_BIZ_INITIATED_MESSAGING",
            until: Timestamp(milliseconds: 1_790_000_000_000)),
        Nothing())
}

package enum SandboxTell: RPCMethod {
    package static let name = "webhook.send"
    package static let summary = "Sends a webhook of any field as Meta would, for what the sandbox has no method of its own."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil

    package struct Params: Described {
        package var wabaID: WABAID
        package var field: String
        package var value: JSONValue

        package static let fields: Fields = [
            "wabaID": "The WhatsApp Business account that the webhook is about.",
            "field": .text("Meta's name of the webhook field, such as `account_alerts`.", 1...64),
            "value": .json("The value of the change, as Meta writes it."),
        ]

        package init(wabaID: WABAID, field: String, value: JSONValue) {
            self.wabaID = wabaID
            self.field = field
            self.value = value
        }
    }

    package static let example = RPCExample(
        Params(wabaID: "102290129340398", field: "account_review_update", value: ["decision": "APPROVED"]), Nothing())
}

extension FaultCode {
    package static let messageNotThere = FaultCode(
        number: 6104, reason: "message_not_there", http: 404, meaning: "The phone has no such message, or it has no such button.")
}
