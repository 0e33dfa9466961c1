import RPCContract

/// What a message of some types says: each kind has its own file.
protocol ReceivedPart: Sendable {
    static var types: Set<MessageKind> { get }

    /// - Parameters:
    ///   - value: what stands under the name of the type.
    ///   - raw: the whole message object.
    /// - Returns: nil where it cannot be read.
    static func content(_ type: MessageKind, _ value: JSONValue, of raw: JSONValue) -> CustomerMessage.Content?
}
