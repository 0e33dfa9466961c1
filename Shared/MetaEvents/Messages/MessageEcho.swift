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
        /// What the customer calls themselves.
        package var name: String?
        package var username: String?
        package var type: MetaWord<MessageKind>
        package var text: String?
        /// What it says beside words; nil where there is nothing.
        package var content: ReceivedContent?
        package var at: Timestamp?
        package var raw: JSONValue
    }

    package var number: PhoneNumberID
    package var messages: [Message]
    /// How many have no id.
    package var unread: Int

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
            var (to, userID) = (echo["to"]?.id(ContactID.self), echo["to_user_id"]?.id(ContactID.self))
            let person = Self.person(of: echo, in: value)
            if to == nil, userID == nil { (to, userID) = (person?["wa_id"]?.id(), person?["user_id"]?.id()) }
            let message = try? CustomerMessage(  // one to nobody is kept by nobody
                echo, number: number.rawValue, contact: (to ?? userID)?.rawValue)
            return Message(
                id: id, to: to, userID: userID, name: person?["profile"]?["name"]?.string?.cut(to: 1024),
                username: person?["profile"]?["username"]?.string?.cut(to: 256), type: type, text: words?.cut(to: 65_536),
                content: message.flatMap { ReceivedContent($0) },
                at: .meta(echo["timestamp"]), raw: echo)
        }
        unread = echoes.count - messages.count
    }

    /// Whom a message was written to, as the contacts beside it tell; of one that names nobody the only one.
    private static func person(of echo: JSONValue, in value: JSONValue) -> JSONValue? {
        let contacts = value["contacts"]?.array ?? []
        let names = ["to", "to_user_id"].compactMap { echo[$0]?.text }
        if names.isEmpty { return contacts.count == 1 ? contacts[0] : nil }
        return contacts.first { contact in ["wa_id", "user_id"].contains { contact[$0]?.text.map { names.contains($0) } ?? false } }
    }
}
