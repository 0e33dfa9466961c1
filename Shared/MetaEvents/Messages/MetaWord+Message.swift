import RPCContract

extension MetaWord<MessageKind> {
    /// The type of a message object; `unknown` where it names none.
    static func ofMessage(_ raw: JSONValue) -> Self {
        let type = raw["type"]?.string ?? ""
        return MetaWord(type.isEmpty ? "unknown" : type.cut(to: 128))
    }
}
