import GatewayContract
import RPCContract
import Vocabulary

/// An event as people read it: fields by words instead of the names that programs use, and nothing that says nothing.
struct EventLine {
    /// How a business number is shown, by Meta's id of it.
    let number: (PhoneNumberID) -> String

    /// What the event is about; a business number as it is dialled.
    func subject(_ event: LiveEvent) -> String {
        event.type.hasPrefix("account.") ? number(PhoneNumberID(event.subject)) : event.subject
    }

    /// The details that there are, each as `what: how`.
    func details(_ data: JSONValue) -> [String] {
        (data.object ?? [:]).sorted { $0.key < $1.key }.compactMap { key, value in
            text(value, of: key).map { "\(Self.words(key)): \($0)" }
        }
    }

    /// Nil where there is nothing to say.
    private func text(_ value: JSONValue, of key: String) -> String? {
        if Self.numbers.contains(key), let id = value.text, !id.isEmpty { return number(PhoneNumberID(id)) }
        if Self.times.contains(key), let time = value.integer { return Timestamp(milliseconds: time).asTime }
        if let flag = value.bool { return flag ? "yes" : "no" }
        if let items = value.array {
            let texts = items.compactMap { text($0, of: key) }
            return texts.isEmpty ? nil : texts.joined(separator: ", ")
        }
        if value.object != nil {
            let texts = details(value)
            return texts.isEmpty ? nil : "(\(texts.joined(separator: ", ")))"
        }
        guard value != .null else { return nil }
        let plain = value.string ?? JSON.text(value)
        return plain.isEmpty ? nil : plain
    }

    /// Fields that hold Meta's id of a business number, or a moment.
    private static let numbers: Set = ["account", "phoneNumberID"]
    private static let times: Set = ["deadline", "expectedAt"]
    private static let names = [
        "account": "number", "phoneNumberID": "number", "displayName": "name", "code": "Meta's code", "wamid": "WhatsApp's id",
        "wabaID": "account", "perSecond": "a second", "queuedSeconds": "seconds of work that wait", "inside": "in time",
        "outside": "after the deadline",
    ]

    /// `marketingShare` and `display_phone_number` as words.
    private static func words(_ key: String) -> String {
        if let name = names[key] { return name }
        let letters = Array(key)
        var words = ""
        for (index, letter) in letters.enumerated() {
            let begins = letter.isUppercase && index > 0 && !letters[index - 1].isUppercase
            let isSingle = begins && (index + 1 == letters.count || !letters[index + 1].isUppercase)
            if begins { words += " " }
            words += letter == "_" ? " " : isSingle ? letter.lowercased() : String(letter)
        }
        return words
    }
}
