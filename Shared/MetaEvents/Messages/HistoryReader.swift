import RPCContract
import Vocabulary

/// Reads the messages of one history event: whose chat each is of, and who wrote it.
struct HistoryReader {
    let number: PhoneNumberID?
    /// The business's number in digits, as Meta shows it.
    private let display: String
    private let contacts: [JSONValue]

    /// - Parameter value: of the webhook's change.
    init(_ value: JSONValue) {
        number = value["metadata"]?["phone_number_id"]?.id(PhoneNumberID.self)
        display = (value["metadata"]?["display_phone_number"]?.text ?? "").filter(\.isNumber)
        contacts = value["contacts"]?.array ?? []
    }

    /// - Parameters:
    ///   - raw: Meta's message object.
    ///   - thread: the chat that it stands in; nil for a message that came alone, as media do.
    /// - Returns: nil where it has no id or is nobody's.
    func message(_ raw: JSONValue, in thread: JSONValue?) -> HistoryChunk.Message? {
        guard let number, let chat = chat(of: raw, in: thread) else { return nil }
        let message = try? CustomerMessage(raw, number: number.rawValue, contact: chat.contact.rawValue)  // without an id it is not kept
        guard let message else { return nil }
        return HistoryChunk.Message(
            id: message.id, contact: chat.contact, userID: chat.userID, contactName: name(of: chat.contact),
            isFromBusiness: isFromBusiness(raw, chat.contact), type: message.type, text: message.text?.cut(to: 65_536),
            content: ReceivedContent(message), status: raw["history_context"]?["status"]?.text?.cut(to: 64), at: message.at, raw: raw)
    }

    private func chat(of raw: JSONValue, in thread: JSONValue?) -> (contact: ContactID, userID: ContactID?)? {
        let context = thread?["context"]
        let userID = context?["user_id"]?.id(ContactID.self)
        // The phone number where there is one, else the BSUID.
        let named = [context?["wa_id"], thread?["id"]].compactMap { $0?.id(ContactID.self) }.first ?? userID
        if let named { return (named, userID == named ? nil : userID) }
        // Alone, it names the business on one side.
        let sides = [raw["from"], raw["to"], contacts.count == 1 ? contacts[0]["wa_id"] : nil].compactMap { $0?.id(ContactID.self) }
        return sides.first { !isBusiness($0.rawValue) }.map { ($0, nil) }
    }

    private func isBusiness(_ text: String) -> Bool { !display.isEmpty && text.filter(\.isNumber) == display }

    private func isFromBusiness(_ raw: JSONValue, _ contact: ContactID) -> Bool {
        if let isOwn = raw["history_context"]?["from_me"]?.bool { return isOwn }
        guard let from = raw["from"]?.text, !from.isEmpty else { return raw["to"]?.text == contact.rawValue }
        return isBusiness(from) || from != contact.rawValue && raw["to"]?.text == contact.rawValue
    }

    private func name(of contact: ContactID) -> String? {
        let entry = contacts.first { $0["wa_id"]?.text == contact.rawValue || $0["user_id"]?.text == contact.rawValue }
        return entry?["profile"]?["name"]?.string.flatMap { $0.isEmpty ? nil : $0.cut(to: 1024) }
    }
}
