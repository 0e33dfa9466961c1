import RPCContract

/// A customer's plain words.
enum ReceivedText: ReceivedPart {
    static let types: Set<MessageKind> = [.text]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        value["body"]?.string.map { .text($0) }
    }
}
