import RPCContract

/// A message that Meta does not hand on, such as a poll: it names the type at most.
enum UnsupportedMessage: ReceivedPart {
    static let types: Set<MessageKind> = [.unsupported]

    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content? {
        .unsupported(type: value["type"]?.string?.cut(to: 128))
    }
}
