package import RPCContract
package import Vocabulary

/// A business number that messages go out from.
package struct Account: Codable, Sendable, Equatable {
    package enum Role: String, Codable, Sendable { case master, secondary }

    package var phoneNumberID: PhoneNumberID
    package var wabaID: WABAID
    /// As people see it, `+91 98765 43210`.
    package var displayPhoneNumber: String
    package var displayName: String
    package var role: Role
    /// 1 to 100; a number of weight 2 gets twice the new contacts of one with weight 1.
    package var weight: Int
    package var enabled: Bool
    package var workspace: String
    /// Messages a second that Meta allows: 80, 1,000 after an upgrade, 20 with the Business app.
    package var messagesPerSecond: Int

    package init(
        phoneNumberID: PhoneNumberID,
        wabaID: WABAID,
        displayPhoneNumber: String,
        displayName: String,
        role: Role,
        weight: Int,
        enabled: Bool,
        workspace: String,
        messagesPerSecond: Int
    ) {
        self.phoneNumberID = phoneNumberID
        self.wabaID = wabaID
        self.displayPhoneNumber = displayPhoneNumber
        self.displayName = displayName
        self.role = role
        self.weight = weight
        self.enabled = enabled
        self.workspace = workspace
        self.messagesPerSecond = messagesPerSecond
    }

    package static let example = Account(
        phoneNumberID: "106540352242922",
        wabaID: "102290129340398",
        displayPhoneNumber: "+1 555 078 3881",
        displayName: "Lucky Shrub",
        role: .master,
        weight: 1,
        enabled: true,
        workspace: "default",
        messagesPerSecond: 80
    )
}

package enum AddAccount: RPCMethod {
    package static let name = "account.add"
    package static let summary = "Configures a business number; the same values again change nothing."
    package static let effect = RPCEffect.idempotentWrite
    package static let faults: [FaultCode] = [.accountTaken]
    package typealias Reply = Account

    package struct Params: Codable, Sendable {
        package var phoneNumberID: PhoneNumberID
        package var wabaID: WABAID
        package var displayPhoneNumber: String
        package var displayName: String
        /// `secondary` where absent; the first number of a workspace becomes master.
        package var role: Account.Role?
        /// 1 where absent.
        package var weight: Int?
        /// 80 where absent.
        package var messagesPerSecond: Int?

        package init(
            phoneNumberID: PhoneNumberID,
            wabaID: WABAID,
            displayPhoneNumber: String,
            displayName: String,
            role: Account.Role? = nil,
            weight: Int? = nil,
            messagesPerSecond: Int? = nil
        ) {
            self.phoneNumberID = phoneNumberID
            self.wabaID = wabaID
            self.displayPhoneNumber = displayPhoneNumber
            self.displayName = displayName
            self.role = role
            self.weight = weight
            self.messagesPerSecond = messagesPerSecond
        }
    }

    package static let example = RPCExample(
        Params(
            phoneNumberID: "106540352242922",
            wabaID: "102290129340398",
            displayPhoneNumber: "+1 555 078 3881",
            displayName: "Lucky Shrub",
            role: .master,
            weight: 1,
            messagesPerSecond: 80
        ),
        Account.example
    )

    package static func validate(_ params: Params) throws(Fault) {
        try Digits.check(params.phoneNumberID.rawValue, "phoneNumberID")
        try Digits.check(params.wabaID.rawValue, "wabaID")
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
        package var weight: Int?
        package var enabled: Bool?
        package var messagesPerSecond: Int?

        package init(
            phoneNumberID: PhoneNumberID,
            displayName: String? = nil,
            role: Account.Role? = nil,
            weight: Int? = nil,
            enabled: Bool? = nil,
            messagesPerSecond: Int? = nil
        ) {
            self.phoneNumberID = phoneNumberID
            self.displayName = displayName
            self.role = role
            self.weight = weight
            self.enabled = enabled
            self.messagesPerSecond = messagesPerSecond
        }
    }

    package static let example = RPCExample(
        Params(
            phoneNumberID: "106540352242922", displayName: "Lucky Shrub", role: .master, weight: 2, enabled: true, messagesPerSecond: 80),
        Account.example
    )

    package static func validate(_ params: Params) throws(Fault) {
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

package enum PreviewRoute: RPCMethod {
    package static let name = "route.preview"
    package static let summary = "Tells which number would send to a contact, and why."
    package static let effect = RPCEffect.read
    package static let faults: [FaultCode] = [.noRoute]
    package static let callers: Set<Caller> = [.gateway]

    package struct Params: Codable, Sendable {
        package var contact: ContactID

        package init(contact: ContactID) { self.contact = contact }
    }

    package struct Reply: Codable, Sendable {
        package var account: PhoneNumberID
        package var reason: String

        package init(account: PhoneNumberID, reason: String) {
            self.account = account
            self.reason = reason
        }
    }

    package static let example = RPCExample(
        Params(contact: "919876543210"),
        Reply(account: "106540352242922", reason: "the contact wrote to this number last")
    )
}

/// Names one configured number.
package struct AccountReference: Codable, Sendable {
    package var phoneNumberID: PhoneNumberID

    package init(_ id: PhoneNumberID) { phoneNumberID = id }
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
