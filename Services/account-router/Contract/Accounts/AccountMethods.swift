package import RPCContract
package import Vocabulary

extension Account {
    static let exampleTrouble =
        "rests: Meta rates the number RED: marketing stops, and what waits moves to other numbers where any can send it. No marketing goes out; answers and utility messages do."
}

package enum AddAccount: RPCMethod {
    package static let name = "account.add"
    package static let summary =
        "Configures a business number that Meta knows; the same values again change nothing. A number that Meta does not tell of is refused."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/accounts", .owner)
    package static let deadline = Duration.seconds(40)
    package static let faults: [FaultCode] = [.accountTaken, .metaRefused]
    package typealias Reply = Account

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var wabaID: WABAID
        package var portfolio: String?
        package var displayPhoneNumber: String
        package var displayName: String
        package var role: Account.Role?
        package var duty: Account.Duty?
        package var weight: Int?
        package var messagesPerSecond: Int?
        package var link: Account.Link?

        package static let fields: Fields = [
            "phoneNumberID":
                "Meta's id of the number to configure, not the phone number itself; WhatsApp Manager shows it under API setup.",
            "wabaID": "Meta's id of the WhatsApp Business Account that the number belongs to.",
            "portfolio": .text(
                "Meta's id of the business portfolio. The WhatsApp Business Account's id is used if absent.", 1...32, of: .digits),
            "displayPhoneNumber": .text("The phone number as people see it, with its country code.", 7...32),
            "displayName": .text("The name that customers see.", 1...128, of: .line),
            "role":
                "Whether the number becomes the master of its workspace. If absent, the first number of a workspace becomes master and each later one secondary.",
            "duty": "What the number is used for; `active` if absent.",
            "weight": .whole("Share of new contacts; a number of weight 2 gets twice as many as one of weight 1.", 1...100, absent: 1),
            "messagesPerSecond": .whole(
                "Throughput that Meta allows the number: 80, 1,000 after an upgrade, 20 with the Business app.", 1...1000,
                unit: "messages a second", absent: 80),
            "link": "Where the number stands now; `registered` if absent. Give `unlinked` for a number that account.link is to connect.",
        ]

        package init(
            phoneNumberID: PhoneNumberID,
            wabaID: WABAID,
            portfolio: String? = nil,
            displayPhoneNumber: String,
            displayName: String,
            role: Account.Role? = nil,
            duty: Account.Duty? = nil,
            weight: Int? = nil,
            messagesPerSecond: Int? = nil,
            link: Account.Link? = nil
        ) {
            self.phoneNumberID = phoneNumberID
            self.wabaID = wabaID
            self.portfolio = portfolio
            self.displayPhoneNumber = displayPhoneNumber
            self.displayName = displayName
            self.role = role
            self.duty = duty
            self.weight = weight
            self.messagesPerSecond = messagesPerSecond
            self.link = link
        }
    }

    package static let example = RPCExample(
        Params(
            phoneNumberID: "106540352242922",
            wabaID: "102290129340398",
            portfolio: "506914307656634",
            displayPhoneNumber: "+1 555 078 3881",
            displayName: "Lucky Shrub",
            role: .master,
            duty: .active,
            weight: 1,
            messagesPerSecond: 80,
            link: .registered
        ),
        Account.example
    )

    package static func validate(_ params: Params) throws(Fault) {
        try ContactID.check(params.displayPhoneNumber, path: "displayPhoneNumber")
    }
}

package enum UpdateAccount: RPCMethod {
    package static let name = "account.update"
    package static let summary = "Changes a configured number; absent fields stay as they are."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .patch("/v1/accounts/{phoneNumberID}", .admin)
    package static let faults: [FaultCode] = [.accountUnknown]
    package typealias Reply = Account

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var displayName: String?
        package var role: Account.Role?
        package var duty: Account.Duty?
        package var weight: Int?
        package var enabled: Bool?
        package var messagesPerSecond: Int?
        package var portfolio: String?

        package static let fields: Fields = [
            "phoneNumberID": "Meta's id of the number to change.",
            "displayName": .text("The new name that customers see; unchanged if absent.", 1...128, of: .line),
            "role": "The new role; unchanged if absent. If it is `master`, the master before becomes secondary.",
            "duty": "What the number is used for from now on; unchanged if absent.",
            "weight": .whole("New share of new contacts; unchanged if absent.", 1...100),
            "enabled": "Whether the number may send from now on; unchanged if absent. Messages on a disabled number stay queued.",
            "messagesPerSecond": .whole(
                "Throughput that Meta allows the number now; unchanged if absent.", 1...1000, unit: "messages a second"),
            "portfolio": .text("Meta's id of the business portfolio; unchanged if absent.", 1...32, of: .digits),
        ]

        package init(
            phoneNumberID: PhoneNumberID,
            displayName: String? = nil,
            role: Account.Role? = nil,
            duty: Account.Duty? = nil,
            weight: Int? = nil,
            enabled: Bool? = nil,
            messagesPerSecond: Int? = nil,
            portfolio: String? = nil
        ) {
            self.phoneNumberID = phoneNumberID
            self.displayName = displayName
            self.role = role
            self.duty = duty
            self.weight = weight
            self.enabled = enabled
            self.messagesPerSecond = messagesPerSecond
            self.portfolio = portfolio
        }
    }

    package static let example = RPCExample(
        Params(
            phoneNumberID: "106540352242922", displayName: "Lucky Shrub", role: .master, duty: .spare, weight: 2, enabled: true,
            messagesPerSecond: 80, portfolio: "506914307656634"),
        Account.example
    )
}

package enum GetAccount: RPCMethod {
    package static let name = "account.get"
    package static let summary = "Gives one configured number."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/accounts/{phoneNumberID}", .viewer)
    package static let faults: [FaultCode] = [.accountUnknown]
    package static let callers: Set<Caller> = [.gateway]
    package typealias Reply = Account
    package static let example = RPCExample(AccountReference("106540352242922"), Account.example)
}

package enum DeleteAccount: RPCMethod {
    package static let name = "account.delete"
    package static let summary = "Removes a number; what is queued on it fails, its history stays."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .delete("/v1/accounts/{phoneNumberID}", .owner)
    package static let faults: [FaultCode] = [.accountUnknown]
    package static let example = RPCExample(AccountReference("106540352242922"), Nothing())
}

package enum PromoteAccount: RPCMethod {
    package static let name = "account.promote"
    package static let summary = "Makes a number the master of its workspace; the master before becomes secondary."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/accounts/{phoneNumberID}/promote", .admin)
    package static let faults: [FaultCode] = [.accountUnknown]
    package typealias Reply = Account
    package static let example = RPCExample(AccountReference("106540352242922"), Account.example)
}

package enum SwitchAccount: RPCMethod {
    package static let name = "account.switch"
    package static let summary = "Moves what is queued on one number, and the contacts that are used to it, to another."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/accounts/{from}/switch", .admin)
    package static let deadline = Duration.seconds(60)
    package static let faults: [FaultCode] = [.accountUnknown, .noRoute]

    package struct Params: Described {
        package var from: PhoneNumberID
        package var to: PhoneNumberID
        package var contacts: Bool?

        package static let fields: Fields = [
            "from": "The number to take messages and contacts from.",
            "to": "The number that takes over.",
            "contacts": "Whether contacts that are used to the first number are written to from the other one from now on; true if absent.",
        ]

        package init(from: PhoneNumberID, to: PhoneNumberID, contacts: Bool? = nil) {
            self.from = from
            self.to = to
            self.contacts = contacts
        }
    }

    package struct Reply: Described {
        package var messages: Int
        package var stayed: Int
        package var contacts: Int

        package static let fields: Fields = [
            "messages": .count("Messages that now wait on the other number."),
            "stayed": .count(
                "Messages that still wait on the first number. Free-form messages do, because the open window belongs to the number that the customer wrote to."
            ),
            "contacts": .count("Contacts that are written to from the other number from now on."),
        ]

        package init(messages: Int, stayed: Int, contacts: Int) {
            self.messages = messages
            self.stayed = stayed
            self.contacts = contacts
        }
    }

    package static let example = RPCExample(
        Params(from: "106540352242922", to: "106540352242923", contacts: true), Reply(messages: 120, stayed: 2, contacts: 950))
}

package enum ListAccounts: RPCMethod {
    package static let name = "account.list"
    package static let summary = "Lists the configured numbers with what waits on each."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/accounts", .viewer)
    package static let callers: Set<Caller> = [.gateway, .templateService]

    package struct Item: Described {
        package var account: Account
        package var queued: Int
        package var sending: Int
        package var trouble: String?

        package static let fields: Fields = [
            "account": "The configured number.",
            "queued": .count("Messages that wait to be sent from it."),
            "sending": .count("Messages that are being sent from it right now."),
            "trouble": .text("What is the matter with the number, why, and what to do. Absent if nothing is known against it.", 1...8192),
        ]

        package init(account: Account, queued: Int, sending: Int, trouble: String? = nil) {
            self.account = account
            self.queued = queued
            self.sending = sending
            self.trouble = trouble
        }
    }

    package struct Reply: Described {
        package var items: [Item]

        package static let fields: Fields = [
            "items": .list("The numbers of the workspace, the master first.", 0...10_000)
        ]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(
        Nothing(), Reply(items: [Item(account: .example, queued: 12, sending: 3, trouble: Account.exampleTrouble)]))
}

package enum AccountHealth: RPCMethod {
    package static let name = "account.health"
    package static let summary =
        "Tells how a number is doing: score, rate, headroom of its portfolio, and every step that was taken with it."
    package static let effect = RPCEffect.read
    package static let http: HTTPRoute? = .get("/v1/accounts/{phoneNumberID}/health", .viewer)
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.accountUnknown]

    /// A change of state, with its reason; newest last.
    package struct Step: Described, Equatable {
        package var id: Int64
        package var at: Timestamp
        package var kind: String
        package var from: String
        package var to: String
        package var reason: String
        package var reverted: Bool

        package static let fields: Fields = [
            "id": .whole("Identifies the step; quality.revert takes it.", 1...9_007_199_254_740_991),
            "at": "When the step was taken.",
            "kind": .words(
                "What has changed; `operator` if somebody took an earlier step back, `notice` if Meta has told something that changes nothing here.",
                ["quality", "health", "link", "rate", "operator", "notice"]),
            "from": .text("The state before the step; of a notice, the webhook field that it came in.", 1...64),
            "to": .text("The state after the step; of a notice, Meta's word.", 1...64),
            "reason": .text("Why the step was taken, in plain words.", 1...65_536),
            "reverted": "Whether quality.revert has taken the step back.",
        ]

        package init(id: Int64, at: Timestamp, kind: String, from: String, to: String, reason: String, reverted: Bool) {
            self.id = id
            self.at = at
            self.kind = kind
            self.from = from
            self.to = to
            self.reason = reason
            self.reverted = reverted
        }
    }

    package struct Reply: Described {
        package var account: Account
        package var score: Int
        package var answering: Bool
        package var rate: Double
        package var learnedShare: Double
        package var headroom: Int?
        package var trouble: String?
        package var steps: [Step]

        package static let fields: Fields = [
            "account": "The number itself.",
            "score": .whole(
                "How well the number can be used, from its quality and health; 0 if it is disabled or not registered.", 0...100),
            "answering":
                "Whether messages go out from the number now: false while they are held back because Meta refuses it or does not answer.",
            "rate": .number("Rate that the number is held to now.", 0...1000, unit: "messages a second"),
            "learnedShare": .number(
                "Share of Meta's allowance that is used; it falls when Meta refuses messages for speed and grows again afterwards.", 0.5...1
            ),
            "headroom": .count("People that the portfolio may still write to first in these 24 hours; absent if no limit is known."),
            "trouble": .text("What is the matter with the number, why, and what to do. Absent if nothing is known against it.", 1...8192),
            "steps": .list("The latest steps that were taken with the number, 50 at most, and as many notices, oldest first.", 0...100),
        ]

        package init(
            account: Account,
            score: Int,
            answering: Bool,
            rate: Double,
            learnedShare: Double,
            headroom: Int?,
            trouble: String? = nil,
            steps: [Step]
        ) {
            self.account = account
            self.score = score
            self.answering = answering
            self.rate = rate
            self.learnedShare = learnedShare
            self.headroom = headroom
            self.trouble = trouble
            self.steps = steps
        }
    }

    package static let example = RPCExample(
        AccountReference("106540352242922"),
        Reply(
            account: .example, score: 100, answering: true, rate: 79.2, learnedShare: 1, headroom: 1200,
            trouble: Account.exampleTrouble,
            steps: [
                Step(
                    id: 7, at: Timestamp(milliseconds: 1_790_000_000_000), kind: "quality", from: "green", to: "yellow",
                    reason: "Meta's rating", reverted: false)
            ])
    )
}
