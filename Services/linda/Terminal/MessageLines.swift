import AccountContract
import MetaEvents

/// What Meta itself said of a message, line by line.
enum MessageLines {
    static func of(_ message: Message) -> [String] { (message.metaErrors ?? []).map { "Meta: \($0.text)" } }
}
