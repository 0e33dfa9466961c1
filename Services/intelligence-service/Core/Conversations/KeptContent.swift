import GRDB
import IntelligenceContract
import MetaEvents
import RPCContract
import Vocabulary

/// What a kept message says beside words, as its row has it.
enum KeptContent {
    /// An empty object where there is nothing.
    static func written(_ content: ReceivedContent?) throws -> String { try JSON.text(content ?? ReceivedContent()) }

    /// As it was written, where it was; nil where there is nothing beside words.
    static func written(of row: Row) throws -> ReceivedContent? {
        guard let text = row["content"] as String? else { return nil }
        var content = try JSON.decode(ReceivedContent.self, from: text)
        // A former version has kept all people of an address book.
        content.shorten()
        return content == ReceivedContent() ? nil : content
    }

    /// - Returns: nil where there is nothing beside words.
    static func read(_ row: Row, account: PhoneNumberID, contact: ContactID) throws -> ReceivedContent? {
        if row["content"] as String? != nil { return try written(of: row) }
        return (row["raw"] as String?).flatMap { former($0, account: account, contact: contact) }
    }

    /// Of messages that a former version has kept there is only Meta's object, or its own form of a call.
    private static func former(_ raw: String, account: PhoneNumberID, contact: ContactID) -> ReceivedContent? {
        guard let value = try? JSON.decode(JSONValue.self, from: raw) else { return nil }  // without it the words are still told
        if let call = value["call"] {
            let seconds = call["seconds"]?.integer.flatMap { Int(exactly: $0) }.map { Seconds($0) }
            return ReceivedContent(call: ReceivedCall(event: MetaWord(call["event"]?.string ?? "unknown"), seconds: seconds))
        }
        let message = try? CustomerMessage(value, number: account.rawValue, contact: contact.rawValue)  // as above
        return message.flatMap { ReceivedContent($0) }
    }
}
