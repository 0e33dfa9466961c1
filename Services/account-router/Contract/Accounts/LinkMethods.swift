package import RPCContract
package import Vocabulary

package enum LinkAccount: RPCMethod {
    package static let name = "account.link"
    package static let summary = "Has Meta send a code to the number itself; account.confirmLink enters it."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(40)
    package static let faults: [FaultCode] = [.accountUnknown, .linkState, .metaRefused]
    package typealias Reply = Account

    package struct Params: Codable, Sendable {
        package var phoneNumberID: PhoneNumberID
        /// `SMS` where absent, or `VOICE`.
        package var method: String?
        /// Of the code's message; `en_US` where absent.
        package var language: String?

        package init(phoneNumberID: PhoneNumberID, method: String? = nil, language: String? = nil) {
            self.phoneNumberID = phoneNumberID
            self.method = method
            self.language = language
        }
    }

    package static let example = RPCExample(Params(phoneNumberID: "106540352242922", method: "SMS", language: "en_US"), Account.example)

    package static func validate(_ params: Params) throws(Fault) {
        guard ["SMS", "VOICE", nil].contains(params.method) else { throw Fault(.params, "method is SMS or VOICE.", path: "method") }
    }
}

package enum ConfirmLink: RPCMethod {
    package static let name = "account.confirmLink"
    package static let summary = "Enters the code that the number got and registers it with the Cloud API."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(80)
    package static let faults: [FaultCode] = [.accountUnknown, .linkState, .metaRefused]
    package typealias Reply = Account

    package struct Params: Codable, Sendable {
        package var phoneNumberID: PhoneNumberID
        /// Six digits; absent where the number is verified already.
        package var code: String?
        /// Six digits: the two-step verification PIN, set with the registration, passed on and not kept.
        package var pin: String

        package init(phoneNumberID: PhoneNumberID, code: String? = nil, pin: String) {
            self.phoneNumberID = phoneNumberID
            self.code = code
            self.pin = pin
        }
    }

    package static let example = RPCExample(Params(phoneNumberID: "106540352242922", code: "123456", pin: "654321"), Account.example)

    package static func validate(_ params: Params) throws(Fault) {
        for (name, text) in [("code", params.code ?? "000000"), ("pin", params.pin)] {
            guard text.utf8.count == 6, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw Fault(.params, "\(name) has six digits.", path: name)
            }
        }
    }
}

package enum UnlinkAccount: RPCMethod {
    package static let name = "account.unlink"
    package static let summary = "Deregisters a number from the Cloud API; it can be linked again."
    package static let effect = RPCEffect.idempotentWrite
    package static let deadline = Duration.seconds(40)
    package static let faults: [FaultCode] = [.accountUnknown, .linkState, .metaRefused]
    package typealias Reply = Account
    package static let example = RPCExample(AccountReference("106540352242922"), Account.example)
}
