package import RPCContract
package import Vocabulary

/// Messages that the business has sent from the WhatsApp Business app.
package struct MessageEcho: Sendable, Equatable {
    package static let fields: Set<String> = ["smb_message_echoes", "message_echoes"]

    /// One message.
    package struct Message: Sendable, Equatable {
        package var id: WAMID
        /// Whom it was written to: the phone number, and the BSUID.
        package var to: ContactID?
        package var userID: ContactID?
        package var type: MetaWord<MessageKind>
        package var text: String?
        /// What it says beside words; nil where there is nothing.
        package var content: ReceivedContent?
        package var at: Timestamp?
        package var raw: JSONValue
    }

    package var number: PhoneNumberID
    package var messages: [Message]

    init?(field: String, value: JSONValue) {
        guard Self.fields.contains(field), let number = value["metadata"]?["phone_number_id"]?.id(PhoneNumberID.self),
            let echoes = value["message_echoes"]?.array
        else {
            return nil
        }
        self.number = number
        messages = echoes.compactMap { echo in
            guard let id = echo["id"]?.id(WAMID.self) else { return nil }
            let type = MetaWord<MessageKind>.ofMessage(echo)
            let words = echo[type.text]?["body"]?.string ?? echo[type.text]?["caption"]?.string
            let (to, userID) = (echo["to"]?.id(ContactID.self), echo["to_user_id"]?.id(ContactID.self))
            let message = try? CustomerMessage(  // one to nobody is kept by nobody
                echo, number: number.rawValue, contact: (to ?? userID)?.rawValue)
            return Message(
                id: id, to: to, userID: userID, type: type, text: words?.cut(to: 65_536), content: message.flatMap { ReceivedContent($0) },
                at: .meta(echo["timestamp"]), raw: echo)
        }
    }
}
