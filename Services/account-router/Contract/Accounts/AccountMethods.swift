package import RPCContract
package import Vocabulary

package enum AddAccount: RPCMethod {
    package static let name = "account.add"
    package static let summary = "Configures a business number; the same values again change nothing."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.accountTaken]
    package typealias Reply = Account

    package struct Params: Codable, Sendable {
        package var phoneNumberID: PhoneNumberID
        package var wabaID: WABAID
        /// Meta's id of the business portfolio; the account's own id where absent.
        package var portfolio: String?
        package var displayPhoneNumber: String
        package var displayName: String
        /// `secondary` where absent; the first number of a workspace becomes master.
        package var role: Account.Role?
        /// `active` where absent.
        package var duty: Account.Duty?
        /// 1 where absent.
        package var weight: Int?
        /// 80 where absent.
        package var messagesPerSecond: Int?
        /// `registered` where absent; `unlinked` for a number that account.link is to connect.
        package var link: Account.Link?

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
        try Digits.check(params.phoneNumberID.rawValue, "phoneNumberID")
        try Digits.check(params.wabaID.rawValue, "wabaID")
        if let portfolio = params.portfolio { try Digits.check(portfolio, "portfolio") }
        guard PhoneNumber.normalise(params.displayPhoneNumber) != nil else {
            throw Fault(.params, "displayPhoneNumber is not a phone number with country code.", path: "displayPhoneNumber")
        }
        guard (1...128).contains(params.displayName.count) else {
            throw Fault(.params, "displayName has 1 to 128 characters.", path: "displayName")
        }
        try AccountLimits.check(weight: params.weight, messagesPerSecond: params.messagesPerSecond)
    }
}

package enum UpdateAccount: RPCMethod {
    package static let name = "account.update"
    package static let summary = "Changes a configured number; absent fields stay as they are."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.accountUnknown]
    package typealias Reply = Account

    package struct Params: Codable, Sendable {
        package var phoneNumberID: PhoneNumberID
        package var displayName: String?
        package var role: Account.Role?
        package var duty: Account.Duty?
        package var weight: Int?
        package var enabled: Bool?
        package var messagesPerSecond: Int?
        package var portfolio: String?

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

    package static func validate(_ params: Params) throws(Fault) {
        if let portfolio = params.portfolio { try Digits.check(portfolio, "portfolio") }
        try AccountLimits.check(weight: params.weight, messagesPerSecond: params.messagesPerSecond)
    }
}

package enum GetAccount: RPCMethod {
    package static let name = "account.get"
    package static let summary = "Gives one configured number."
    package static let effect = RPCEffect.read
    package static let faults: [FaultCode] = [.accountUnknown]
    package static let callers: Set<Caller> = [.gateway]
    package typealias Reply = Account
    package static let example = RPCExample(AccountReference("106540352242922"), Account.example)
}

package enum DeleteAccount: RPCMethod {
    package static let name = "account.delete"
    package static let summary = "Removes a number; what is queued on it fails, its history stays."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.accountUnknown]
    package static let example = RPCExample(AccountReference("106540352242922"), Nothing())
}

package enum PromoteAccount: RPCMethod {
    package static let name = "account.promote"
    package static let summary = "Makes a number the master of its workspace; the master before becomes secondary."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.accountUnknown]
    package typealias Reply = Account
    package static let example = RPCExample(AccountReference("106540352242922"), Account.example)
}

package enum SwitchAccount: RPCMethod {
    package static let name = "account.switch"
    package static let summary = "Moves what is queued on one number, and the contacts that are used to it, to another."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(60)
    package static let faults: [FaultCode] = [.accountUnknown, .noRoute]

    package struct Params: Codable, Sendable {
        package var from: PhoneNumberID
        package var to: PhoneNumberID
        /// Also contacts, so that they are written to from the other number from now on; true where absent.
        package var contacts: Bool?

        package init(from: PhoneNumberID, to: PhoneNumberID, contacts: Bool? = nil) {
            self.from = from
            self.to = to
            self.contacts = contacts
        }
    }

    package struct Reply: Codable, Sendable {
        /// Messages that now wait on the other number.
        package var messages: Int
        /// Free-form messages that stay: the open window belongs to the number that the customer wrote to.
        package var stayed: Int
        package var contacts: Int

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
    package static let callers: Set<Caller> = [.gateway]

    package struct Item: Codable, Sendable {
        package var account: Account
        /// Messages that wait to be sent.
        package var queued: Int
        /// Messages being sent right now.
        package var sending: Int

        package init(account: Account, queued: Int, sending: Int) {
            self.account = account
            self.queued = queued
            self.sending = sending
        }
    }

    package struct Reply: Codable, Sendable {
        package var items: [Item]

        package init(items: [Item]) { self.items = items }
    }

    package static let example = RPCExample(Nothing(), Reply(items: [Item(account: .example, queued: 12, sending: 3)]))
}

package enum AccountHealth: RPCMethod {
    package static let name = "account.health"
    package static let summary =
        "Tells how a number is doing: score, rate, headroom of its portfolio, and every step that was taken with it."
    package static let effect = RPCEffect.read
    package static let callers: Set<Caller> = [.gateway]
    package static let faults: [FaultCode] = [.accountUnknown]

    /// A change of state, with its reason; newest last.
    package struct Step: Codable, Sendable, Equatable {
        package var id: Int64
        /// Unix milliseconds.
        package var at: Int64
        /// `quality`, `health`, `link`, `rate` or `operator`.
        package var kind: String
        package var from: String
        package var to: String
        package var reason: String
        /// Whether `quality.revert` has taken it back.
        package var reverted: Bool

        package init(id: Int64, at: Int64, kind: String, from: String, to: String, reason: String, reverted: Bool) {
            self.id = id
            self.at = at
            self.kind = kind
            self.from = from
            self.to = to
            self.reason = reason
            self.reverted = reverted
        }
    }

    package struct Reply: Codable, Sendable {
        package var account: Account
        /// 0 to 100.
        package var score: Int
        /// Whether Meta answers for it right now.
        package var answering: Bool
        /// Messages a second that it is held to now.
        package var rate: Double
        /// Of Meta's allowance, as refusals have taught; 0.5 to 1.
        package var learnedShare: Double
        /// People that the portfolio may still write to first in these 24 hours; absent where there is no limit.
        package var headroom: Int?
        package var steps: [Step]

        package init(
            account: Account,
            score: Int,
            answering: Bool,
            rate: Double,
            learnedShare: Double,
            headroom: Int?,
            steps: [Step]
        ) {
            self.account = account
            self.score = score
            self.answering = answering
            self.rate = rate
            self.learnedShare = learnedShare
            self.headroom = headroom
            self.steps = steps
        }
    }

    package static let example = RPCExample(
        AccountReference("106540352242922"),
        Reply(
            account: .example, score: 100, answering: true, rate: 79.2, learnedShare: 1, headroom: 1200,
            steps: [
                Step(
                    id: 7, at: 1_790_000_000_000, kind: "quality", from: "green", to: "yellow", reason: "Meta's rating", reverted: false)
            ])
    )
}

enum AccountLimits {
    static func check(weight: Int?, messagesPerSecond: Int?) throws(Fault) {
        guard (1...100).contains(weight ?? 1) else { throw Fault(.params, "weight is 1 to 100.", path: "weight") }
        guard (1...1000).contains(messagesPerSecond ?? 80) else {
            throw Fault(.params, "messagesPerSecond is 1 to 1,000; Meta allows 80, or 1,000 after an upgrade.", path: "messagesPerSecond")
        }
    }
}

enum Digits {
    /// Meta's ids are decimal numbers.
    static func check(_ text: String, _ path: String) throws(Fault) {
        guard (1...32).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw Fault(.params, "\(path) is Meta's id, digits only.", path: path)
        }
    }
}
