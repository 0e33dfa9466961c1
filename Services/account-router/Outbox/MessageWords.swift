import AccountContract
import Foundation
import RPCContract

/// The words of an outgoing message, for people who read a conversation.
enum MessageWords {
    private static let most = 65_536

    /// - Parameters:
    ///   - object: Meta's object of the type.
    /// - Returns: nil where there are no words, or none are kept any more.
    static func of(_ object: String, type: String, category: Message.Category) -> String? {
        guard let value = try? JSON.decode(JSONValue.self, from: Data(object.utf8)) else { return nil }  // emptied when its time was over
        let words: String? =
            switch type {
            case "text": value["body"]?.string
            // A one-time code is for the customer's eyes alone.
            case "template": category == .authentication ? value["name"]?.string : template(value)
            case "interactive": value["body"]?["text"]?.string
            case "reaction": value["emoji"]?.string
            case "location": value["name"]?.string
            default: value["caption"]?.string ?? value["filename"]?.string
            }
        return words.flatMap { $0.isEmpty ? nil : String($0.unicodeScalars.prefix(most).map(Character.init)) }
    }

    /// The template's own text is template-service's: here stand its name and what was filled in.
    private static func template(_ value: JSONValue) -> String? {
        guard let name = value["name"]?.string else { return nil }
        let filled = (value["components"]?.array ?? []).flatMap { $0["parameters"]?.array ?? [] }.compactMap { $0["text"]?.string }
        return filled.isEmpty ? name : "\(name): \(filled.joined(separator: ", "))"
    }
}
