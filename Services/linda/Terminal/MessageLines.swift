import AccountContract
import MetaEvents

/// What Meta itself said of a message, line by line.
enum MessageLines {
    static func of(_ message: Message) -> [String] {
        let errors = (message.metaErrors ?? []).map { "Meta: \($0.text)" }
        return errors + [message.price.map(price), message.conversation.map(conversation)].compactMap(\.self)
    }

    private static func price(_ price: MessagePrice) -> String {
        let billing = price.billable.map { $0 ? "charged" : "free" }
        return "Price: " + [billing, price.category, price.type, price.model].compactMap(\.self).joined(separator: ", ")
    }

    private static func conversation(_ conversation: MessageConversation) -> String {
        let end = conversation.expiresAt.map { "until \($0.asTime)" }
        return "Conversation: " + [conversation.id, conversation.origin, end].compactMap(\.self).joined(separator: ", ")
    }
}
