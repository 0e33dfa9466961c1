package import MetaEvents
package import RPCContract
package import Vocabulary

package enum RecordInbound: RPCMethod {
    package static let name = "inbound.record"
    package static let summary = "Notes that a customer wrote: opens the 24-hour window, follows STOP and START, and names the account."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.accountUnknown]

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var contact: ContactID
        package var userIDs: [ContactID]?
        package var wamid: WAMID
        package var at: Timestamp
        package var text: String?
        package var isTapped: Bool?

        package static let fields: Fields = [
            "phoneNumberID": "The number that the customer wrote to.",
            "contact": "The customer who wrote: the phone number where Meta gives one, else the BSUID.",
            "userIDs": .list("The customer's BSUIDs, by which they are the same person under each name; none if absent.", 1...8),
            "wamid": "WhatsApp's id of the customer's message.",
            "at": "When the customer wrote, by Meta's clock.",
            "text": .text(
                "What the customer wrote, tapped or put on a message as an emoji, in which a wish to stop or to get our messages is looked for. It is absent if there is none of these.",
                0...65_536),
            "isTapped":
                "Whether the text is the title of a button or a list's row. A title that says STOP stops, one that says START starts nothing; false if absent.",
        ]

        package init(
            phoneNumberID: PhoneNumberID, contact: ContactID, userIDs: [ContactID]? = nil, wamid: WAMID, at: Timestamp,
            text: String? = nil, isTapped: Bool? = nil
        ) {
            self.phoneNumberID = phoneNumberID
            self.contact = contact
            self.userIDs = userIDs
            self.wamid = wamid
            self.at = at
            self.text = text
            self.isTapped = isTapped
        }
    }

    /// What a customer's words were taken for.
    package enum Word: String, Codable, Sendable, CaseIterable {
        case stop, start, pause, resume
        /// They may mean STOP, and the customer was asked.
        case question
    }

    package struct Reply: Described {
        package var account: PhoneNumberID
        package var displayName: String
        package var workspace: String
        package var contact: ContactID
        package var names: [ContactID]
        package var windowExpiresAt: Timestamp?
        package var keyword: Word?

        package static let fields: Fields = [
            "account": "The number that the customer wrote to.",
            "displayName": .text("The number's name that customers see.", 1...128),
            "workspace": .workspace("The workspace that the number belongs to."),
            "contact": "The customer: their phone number if one is known, else their BSUID.",
            "names": .list("Other names of the customer, the latest hundred.", 0...100),
            "windowExpiresAt":
                "When 24 hours have passed since this message, and with them the time for free-form answers to it. It is absent if the number was removed: a STOP is followed all the same, and nothing is answered.",
            "keyword":
                "What the customer's words were taken for and acted on. It is absent if they mean nothing of the kind, or nothing now.",
        ]

        package init(
            account: PhoneNumberID, displayName: String, workspace: String, contact: ContactID, names: [ContactID],
            windowExpiresAt: Timestamp?, keyword: Word? = nil
        ) {
            self.account = account
            self.displayName = displayName
            self.workspace = workspace
            self.contact = contact
            self.names = names
            self.windowExpiresAt = windowExpiresAt
            self.keyword = keyword
        }
    }

    package static let example = RPCExample(
        Params(
            phoneNumberID: "106540352242922", contact: "919876543210", userIDs: ["IN.13491208655302741918"], wamid: "wamid.HBgM",
            at: Timestamp(milliseconds: 1_790_000_000_000),
            text: "STOP", isTapped: false),
        Reply(
            account: "106540352242922", displayName: "Lucky Shrub", workspace: "default", contact: "919876543210",
            names: ["IN.13491208655302741918"], windowExpiresAt: Timestamp(milliseconds: 1_790_086_400_000),
            keyword: .stop)
    )
}

package enum RecordContactChange: RPCMethod {
    package static let name = "contact.recordChange"
    package static let summary = "Notes that a customer has another phone number or BSUID: consent, window, habit and limits follow."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.accountUnknown]

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID?
        package var wabaID: WABAID?
        package var contact: ContactID
        package var phone: ContactID?
        package var userIDs: [ContactID]?
        package var identityHash: String?
        package var at: Timestamp

        package static let fields: Fields = [
            "phoneNumberID":
                "The business number to which Meta tells it. Absent if Meta names none: `wabaID` then says whose customer it is.",
            "wabaID":
                "The WhatsApp Business Account to which Meta tells it. Each workspace with a number of it takes it in; only read without a number.",
            "contact": "The customer, by the name that was known before.",
            "phone": "The customer's phone number from now on; the same as before if absent.",
            "userIDs": .list("The customer's BSUIDs from now on; the same as before if absent.", 1...8),
            "identityHash": .text(
                "Meta's hash of the customer's keys from now on: another phone, or somebody else's. Absent if they have not changed.",
                1...1024),
            "at": "When it changed, by Meta's clock.",
        ]

        package init(
            phoneNumberID: PhoneNumberID?, wabaID: WABAID? = nil, contact: ContactID, phone: ContactID? = nil,
            userIDs: [ContactID]? = nil, identityHash: String? = nil, at: Timestamp
        ) {
            self.identityHash = identityHash
            self.at = at
            self.phoneNumberID = phoneNumberID
            self.wabaID = wabaID
            self.contact = contact
            self.phone = phone
            self.userIDs = userIDs
        }
    }

    package static let example = RPCExample(
        Params(
            phoneNumberID: "106540352242922", wabaID: "102290129340398", contact: "919876543210", phone: "919876543211",
            userIDs: ["IN.13491208655302741918"], identityHash: "KFR5BsqHpIGhvn", at: Timestamp(milliseconds: 1_790_000_000_000)),
        Nothing()
    )
}

package enum RecordStatuses: RPCMethod {
    package static let name = "status.record"
    package static let summary = "Takes Meta's statuses; a state never moves backwards, a repeated status changes nothing."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var statuses: [MessageStatus]
        package var gaps: [WebhookGap]?

        package static let fields: Fields = [
            "statuses": .list("Statuses of messages, as Meta gave them.", 0...500),
            "gaps": .list(
                "Times in which deliveries may have failed, which are known before these statuses count; none if absent.", 1...100),
        ]

        package init(statuses: [MessageStatus], gaps: [WebhookGap]? = nil) {
            self.statuses = statuses
            self.gaps = gaps
        }
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
        Params(
            statuses: [.example],
            gaps: [
                WebhookGap(
                    startAt: Timestamp(milliseconds: 1_790_000_000_000), endAt: Timestamp(milliseconds: 1_790_000_600_000), reason: .refused
                )
            ]),
        Reply(applied: 1, foreign: 0)
    )
}

package enum RecordAccountEvent: RPCMethod {
    package static let name = "account.recordEvent"
    package static let summary = "Takes Meta's events about numbers and accounts (quality, limits, restrictions) into the log."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Described {
        package var key: String
        package var wabaID: String
        package var event: AccountEvent
        package var raw: JSONValue

        package static let fields: Fields = [
            "key": .text("Identifies the event; an event with the same key is taken once.", 1...512),
            "wabaID": .text("Meta's id of the WhatsApp Business Account or business portfolio that the event is about.", 0...64),
            "event": "What has happened.",
            "raw": .json("The event as Meta gave it, for the log."),
        ]

        package init(key: String, wabaID: String, event: AccountEvent, raw: JSONValue) {
            self.key = key
            self.wabaID = wabaID
            self.event = event
            self.raw = raw
        }
    }

    package static let example = RPCExample(
        Params(key: "hash", wabaID: "102290129340398", event: .example, raw: ["event": "ACCOUNT_RESTRICTION"]),
        Nothing()
    )
}

package enum GetConversationWindow: RPCMethod {
    package static let name = "conversationWindow.get"
    package static let summary = "Tells whether free-form messages may be sent to a contact, and until when."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/conversation-windows/{account}/{contact}", .viewer)
    package static let callers: Set<Caller> = [.gateway, .intelligenceService]
    package static let faults: [FaultCode] = [.accountUnknown]

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

package enum RecordTemplateCategory: RPCMethod {
    package static let name = "template.recordCategory"
    package static let summary = "Notes that Meta has moved a template to another category: what waits goes by it, consent included."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]

    /// The category that Meta has moved the template to.
    package enum Category: String, Codable, Sendable, CaseIterable { case marketing, utility, authentication }

    package struct Params: Described {
        package var wabaID: WABAID
        package var name: String
        package var language: String
        package var category: Category
        package var isMove: Bool?
        package var at: Timestamp

        package static let fields: Fields = [
            "wabaID": "The WhatsApp Business Account that has the template.",
            "name": .text("The template's name.", 1...512),
            "language": .text("The template's language, as Meta writes it.", 1...64),
            "category": "The category that it has from now on.",
            "isMove":
                "Whether Meta tells of a move. False only corrects a move that is known, as where a template was deleted and made anew. True if absent.",
            "at": "When we heard of it.",
        ]

        package init(wabaID: WABAID, name: String, language: String, category: Category, isMove: Bool? = nil, at: Timestamp) {
            self.isMove = isMove
            self.wabaID = wabaID
            self.name = name
            self.language = language
            self.category = category
            self.at = at
        }
    }

    package static let example = RPCExample(
        Params(
            wabaID: "102290129340398", name: "order_update", language: "en_US", category: .marketing,
            isMove: true, at: Timestamp(milliseconds: 1_790_000_000_000)),
        Nothing())
}

package enum RecordEcho: RPCMethod {
    package static let name = "echo.record"
    package static let summary =
        "Names the account and the customer of what opens no window, such as a message written in the WhatsApp Business app."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = nil
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.accountUnknown]

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var to: ContactID
        package var userIDs: [ContactID]?
        package var at: Timestamp

        package static let fields: Fields = [
            "phoneNumberID": "The business number that it is about.",
            "to": "The customer whom it is about, or who said it in a group.",
            "userIDs": .list("The customer's BSUIDs; none if absent.", 1...8),
            "at": "When it was written or happened, by Meta's clock.",
        ]

        package init(phoneNumberID: PhoneNumberID, to: ContactID, userIDs: [ContactID]? = nil, at: Timestamp) {
            self.phoneNumberID = phoneNumberID
            self.to = to
            self.userIDs = userIDs
            self.at = at
        }
    }

    package static let example = RPCExample(
        Params(
            phoneNumberID: "106540352242922", to: "919876543210", userIDs: ["IN.13491208655302741918"],
            at: Timestamp(milliseconds: 1_790_000_000_000)),
        RecordInbound.Reply(
            account: "106540352242922", displayName: "Lucky Shrub", workspace: "default", contact: "919876543210",
            names: ["IN.13491208655302741918"], windowExpiresAt: Timestamp(milliseconds: 1_790_086_400_000), keyword: .stop))
}
