import RPCContract
package import Vocabulary

/// Messages that the business has sent from the WhatsApp Business app.
package struct MessageEcho: Sendable, Equatable {
    package static let field = "smb_message_echoes"

    package var number: PhoneNumberID
    package var messages: [WAMID]

    init?(_ value: JSONValue) {
        guard let number = value["metadata"]?["phone_number_id"]?.text, let echoes = value["message_echoes"]?.array else { return nil }
        self.number = PhoneNumberID(number)
        messages = echoes.compactMap { $0["id"]?.text.map { WAMID($0) } }
    }
}
