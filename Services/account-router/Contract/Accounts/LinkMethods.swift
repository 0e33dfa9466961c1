package import RPCContract
package import Vocabulary

package enum LinkAccount: RPCMethod {
    package static let name = "account.link"
    package static let summary = "Has Meta send a code to the number itself; account.confirmLink enters it."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/accounts/{phoneNumberID}/link", .owner)
    package static let deadline = Duration.seconds(40)
    package static let faults: [FaultCode] = [.accountUnknown, .linkState, .metaRefused]
    package typealias Reply = Account

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var method: String?
        package var language: String?

        package static let fields: Fields = [
            "phoneNumberID": "The number to connect to the Cloud API.",
            "method": .words("How Meta sends the code.", ["SMS", "VOICE"], absent: "SMS"),
            "language": .language("Language of the message with the code; `en_US` if absent."),
        ]

        package init(phoneNumberID: PhoneNumberID, method: String? = nil, language: String? = nil) {
            self.phoneNumberID = phoneNumberID
            self.method = method
            self.language = language
        }
    }

    package static let example = RPCExample(Params(phoneNumberID: "106540352242922", method: "SMS", language: "en_US"), Account.example)
}

package enum ConfirmLink: RPCMethod {
    package static let name = "account.confirmLink"
    package static let summary = "Enters the code that the number got and registers it with the Cloud API."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/accounts/{phoneNumberID}/confirm-link", .owner)
    package static let deadline = Duration.seconds(80)
    package static let faults: [FaultCode] = [.accountUnknown, .linkState, .metaRefused]
    package typealias Reply = Account

    package struct Params: Described {
        package var phoneNumberID: PhoneNumberID
        package var code: String?
        package var pin: String

        package static let fields: Fields = [
            "phoneNumberID": "The number that got the code.",
            "code": .text("The code that Meta sent to the number. It is left out if the number is verified already.", 6...6, of: .digits),
            "pin": .text(
                "PIN for two-step verification, which the registration sets. It is passed on to Meta and not kept.", 6...6, of: .digits),
        ]

        package init(phoneNumberID: PhoneNumberID, code: String? = nil, pin: String) {
            self.phoneNumberID = phoneNumberID
            self.code = code
            self.pin = pin
        }
    }

    package static let example = RPCExample(Params(phoneNumberID: "106540352242922", code: "123456", pin: "654321"), Account.example)
}

package enum UnlinkAccount: RPCMethod {
    package static let name = "account.unlink"
    package static let summary = "Deregisters a number from the Cloud API; it can be linked again."
    package static let effect = RPCEffect.idempotentWrite
    package static let http: HTTPRoute? = .post("/v1/accounts/{phoneNumberID}/unlink", .owner)
    package static let deadline = Duration.seconds(40)
    package static let faults: [FaultCode] = [.accountUnknown, .linkState, .metaRefused]
    package typealias Reply = Account
    package static let example = RPCExample(AccountReference("106540352242922"), Account.example)
}
