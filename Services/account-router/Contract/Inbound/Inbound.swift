package import RPCContract
package import Vocabulary

package enum RecordInbound: RPCMethod {
    package static let name = "inbound.record"
    package static let summary = "Notes that a customer wrote: opens the 24-hour window, heeds STOP and START, and names the account."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.accountUnknown]

    package struct Params: Codable, Sendable {
        package var phoneNumberID: PhoneNumberID
        package var contact: ContactID
        package var wamid: WAMID
        /// Unix milliseconds, as Meta gave it.
        package var at: Int64
        /// What was written or tapped, to find STOP, START, PAUSE and RESUME in it.
        package var text: String?

        package init(phoneNumberID: PhoneNumberID, contact: ContactID, wamid: WAMID, at: Int64, text: String? = nil) {
            self.phoneNumberID = phoneNumberID
            self.contact = contact
            self.wamid = wamid
            self.at = at
            self.text = text
        }
    }

    package struct Reply: Codable, Sendable {
        package var account: PhoneNumberID
        package var displayName: String
        package var workspace: String
        /// Unix milliseconds.
        package var windowExpiresAt: Int64
        /// `stop`, `start`, `pause` or `resume` where that was written; it has been heeded and confirmed.
        package var keyword: String?

        package init(account: PhoneNumberID, displayName: String, workspace: String, windowExpiresAt: Int64, keyword: String? = nil) {
            self.account = account
            self.displayName = displayName
            self.workspace = workspace
            self.windowExpiresAt = windowExpiresAt
            self.keyword = keyword
        }
    }

    package static let example = RPCExample(
        Params(phoneNumberID: "106540352242922", contact: "919876543210", wamid: "wamid.HBgM", at: 1_790_000_000_000, text: "STOP"),
        Reply(
            account: "106540352242922", displayName: "Lucky Shrub", workspace: "default", windowExpiresAt: 1_790_086_400_000,
            keyword: "stop")
    )
}

package enum RecordStatuses: RPCMethod {
    package static let name = "status.record"
    package static let summary = "Takes Meta's statuses; a state never moves backwards, a repeated status changes nothing."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]

    package struct Status: Codable, Sendable {
        package var wamid: WAMID
        package var phoneNumberID: PhoneNumberID
        /// sent, delivered, read, played or failed; others are kept in the log only.
        package var status: String
        /// Unix milliseconds.
        package var at: Int64
        /// Our own message id, echoed by Meta.
        package var callbackData: String?
        package var errorCode: Int?
        package var errorDetails: String?
        /// What Meta says of the price: whether it charges, and as what.
        package var billable: Bool?
        package var priceCategory: String?

        package init(
            wamid: WAMID,
            phoneNumberID: PhoneNumberID,
            status: String,
            at: Int64,
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

    package struct Params: Codable, Sendable {
        /// 1 to 500.
        package var statuses: [Status]

        package init(statuses: [Status]) { self.statuses = statuses }
    }

    package struct Reply: Codable, Sendable {
        /// Messages that moved on.
        package var applied: Int
        /// Statuses of messages that were not sent from here.
        package var foreign: Int

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
                at: 1_790_000_000_000,
                callbackData: "01JD0000000000000000000000",
                errorCode: 131026,
                errorDetails: "Message undeliverable",
                billable: true,
                priceCategory: "utility"
            )
        ]),
        Reply(applied: 1, foreign: 0)
    )

    package static func validate(_ params: Params) throws(Fault) {
        guard (1...500).contains(params.statuses.count) else {
            throw Fault(.params, "statuses holds 1 to 500.", path: "statuses")
        }
    }
}

package enum RecordAccountEvent: RPCMethod {
    package static let name = "account.recordEvent"
    package static let summary = "Takes Meta's events about numbers and accounts (quality, limits, restrictions) into the log."
    package static let effect = RPCEffect.idempotentWrite
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        package var key: String
        package var field: String
        package var wabaID: String
        package var value: JSONValue

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

    package struct Params: Codable, Sendable {
        package var contact: ContactID
        package var account: PhoneNumberID

        package init(contact: ContactID, account: PhoneNumberID) {
            self.contact = contact
            self.account = account
        }
    }

    package struct Reply: Codable, Sendable {
        package var open: Bool
        /// Unix milliseconds; absent where the contact never wrote.
        package var expiresAt: Int64?

        package init(open: Bool, expiresAt: Int64? = nil) {
            self.open = open
            self.expiresAt = expiresAt
        }
    }

    package static let example = RPCExample(
        Params(contact: "919876543210", account: "106540352242922"),
        Reply(open: true, expiresAt: 1_790_086_400_000)
    )
}
