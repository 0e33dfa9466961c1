package import RPCContract
package import Vocabulary

package enum RecordInbound: RPCMethod {
    package static let name = "inbound.record"
    package static let summary = "Notes that a customer wrote: opens the 24-hour window, heeds STOP and START, and names the account."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.accountUnknown]

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var contact: ContactID
        package var wamid: WAMID
        package var at: Timestamp
        package var text: String?

        package static let fields: Fields = [
            "phoneNumberID": "The number that the customer wrote to.",
            "contact": "The customer who wrote.",
            "wamid": "WhatsApp's id of the customer's message.",
            "at": "When the customer wrote, by Meta's clock.",
            "text": .text(
                "What the customer wrote or tapped, in which STOP, START, PAUSE and RESUME are looked for. It is absent if the message has no text.",
                0...65_536),
        ]

        package init(phoneNumberID: PhoneNumberID, contact: ContactID, wamid: WAMID, at: Timestamp, text: String? = nil) {
            self.phoneNumberID = phoneNumberID
            self.contact = contact
            self.wamid = wamid
            self.at = at
            self.text = text
        }
    }

    package struct Reply: Described {
        package var account: PhoneNumberID
        package var displayName: String
        package var workspace: String
        package var windowExpiresAt: Timestamp
        package var keyword: String?

        package static let fields: Fields = [
            "account": "The number that the customer wrote to.",
            "displayName": .text("The number's name that customers see.", 1...128),
            "workspace": .text("The workspace that the number belongs to.", 1...128),
            "windowExpiresAt": "When 24 hours have passed since this message, and with them the time for free-form answers to it.",
            "keyword": .words(
                "The word that was acted on. It is absent if the message has none, or none that means anything now.",
                ["stop", "start", "pause", "resume"]),
        ]

        package init(account: PhoneNumberID, displayName: String, workspace: String, windowExpiresAt: Timestamp, keyword: String? = nil) {
            self.account = account
            self.displayName = displayName
            self.workspace = workspace
            self.windowExpiresAt = windowExpiresAt
            self.keyword = keyword
        }
    }

    package static let example = RPCExample(
        Params(
            phoneNumberID: "106540352242922", contact: "919876543210", wamid: "wamid.HBgM", at: Timestamp(milliseconds: 1_790_000_000_000),
            text: "STOP"),
        Reply(
            account: "106540352242922", displayName: "Lucky Shrub", workspace: "default",
            windowExpiresAt: Timestamp(milliseconds: 1_790_086_400_000),
            keyword: "stop")
    )
}

package enum RecordStatuses: RPCMethod {
    package static let name = "status.record"
    package static let summary = "Takes Meta's statuses; a state never moves backwards, a repeated status changes nothing."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]

    package struct Status: Described {
        package var wamid: WAMID
        package var phoneNumberID: PhoneNumberID?
        package var status: String
        package var at: Timestamp
        package var callbackData: String?
        package var errorCode: Int?
        package var errorDetails: String?
        package var billable: Bool?
        package var priceCategory: String?

        package static let fields: Fields = [
            "wamid": "WhatsApp's id of the message.",
            "phoneNumberID": "The number that the message was sent from; absent if Meta's status names none.",
            "status": .text(
                "Meta's word: `sent`, `delivered`, `read`, `played` or `failed`. Other words do not change the message.", 1...64),
            "at": "When it happened, by Meta's clock.",
            "callbackData": .text("What Meta echoes from the request: the message's id with us, if it was sent from here.", 0...512),
            "errorCode": .whole("Meta's error code, for a failed message.", 0...2_147_483_647),
            "errorDetails": .text("What Meta says of the error.", 0...65_536),
            "billable": "Whether Meta charges for the message; the price that is known stays if absent.",
            "priceCategory": .text("The category that Meta charges the message as. It is kept only if `billable` is given too.", 0...64),
        ]

        package init(
            wamid: WAMID,
            phoneNumberID: PhoneNumberID?,
            status: String,
            at: Timestamp,
            callbackData: String? = nil,
            errorCode: Int? = nil,
            errorDetails: String? = nil,
            billable: Bool? = nil,
            priceCategory: String? = nil
        ) {
            self.wamid = wamid
            self.phoneNumberID = phoneNumberID
            self.status = status
            self.at = at
            self.callbackData = callbackData
            self.errorCode = errorCode
            self.errorDetails = errorDetails
            self.billable = billable
            self.priceCategory = priceCategory
        }
    }

    package struct Params: Described {
        package var statuses: [Status]

        package static let fields: Fields = [
            "statuses": .list("Statuses of messages, as Meta gave them.", 1...500)
        ]

        package init(statuses: [Status]) { self.statuses = statuses }
    }

    package struct Reply: Described {
        package var applied: Int
        package var foreign: Int

        package static let fields: Fields = [
            "applied": .count("Statuses that moved a message on."),
            "foreign": .count("Statuses of messages that were not sent from here."),
        ]

        package init(applied: Int, foreign: Int) {
            self.applied = applied
            self.foreign = foreign
        }
    }

    package static let example = RPCExample(
        Params(statuses: [
            Status(
                wamid: "wamid.HBgM",
                phoneNumberID: "106540352242922",
                status: "delivered",
                at: Timestamp(milliseconds: 1_790_000_000_000),
                callbackData: "01JD0000000000000000000000",
                errorCode: 131026,
                errorDetails: "Message undeliverable",
                billable: true,
                priceCategory: "utility"
            )
        ]),
        Reply(applied: 1, foreign: 0)
    )
}

package enum RecordAccountEvent: RPCMethod {
    package static let name = "account.recordEvent"
    package static let summary = "Takes Meta's events about numbers and accounts (quality, limits, restrictions) into the log."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var key: String
        package var field: String
        package var wabaID: String
        package var value: JSONValue

        package static let fields: Fields = [
            "key": .text("Identifies the event; an event with the same key is taken once.", 1...512),
            "field": .text("Meta's name of the webhook field, such as `account_update`.", 1...59),
            "wabaID": .text("Meta's id of the WhatsApp Business Account or business portfolio that the event is about.", 0...64),
            "value": .json("The event as Meta gave it."),
        ]

        package init(key: String, field: String, wabaID: String, value: JSONValue) {
            self.key = key
            self.field = field
            self.wabaID = wabaID
            self.value = value
        }
    }

    package static let example = RPCExample(
        Params(key: "hash", field: "account_alerts", wabaID: "102290129340398", value: ["entity_type": "BUSINESS"]),
        Nothing()
    )
}

package enum GetConversationWindow: RPCMethod {
    package static let name = "conversationWindow.get"
    package static let summary = "Tells whether free-form messages may be sent to a contact, and until when."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]

    package struct Params: Described {
        package var contact: ContactID
        package var account: PhoneNumberID

        package static let fields: Fields = [
            "contact": "The person to write to.",
            "account": "The number to write from.",
        ]

        package init(contact: ContactID, account: PhoneNumberID) {
            self.contact = contact
            self.account = account
        }
    }

    package struct Reply: Described {
        package var open: Bool
        package var expiresAt: Timestamp?

        package static let fields: Fields = [
            "open": "Whether free-form messages may be sent now.",
            "expiresAt": "When the window closes or closed; absent if the contact never wrote to this number.",
        ]

        package init(open: Bool, expiresAt: Timestamp? = nil) {
            self.open = open
            self.expiresAt = expiresAt
        }
    }

    package static let example = RPCExample(
        Params(contact: "919876543210", account: "106540352242922"),
        Reply(open: true, expiresAt: Timestamp(milliseconds: 1_790_086_400_000))
    )
}
