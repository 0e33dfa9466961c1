package import RPCContract
package import Vocabulary

extension JSONValue {
    /// A member that is there and not null: Meta writes null for what it does not say.
    func said(_ name: String) -> JSONValue? {
        guard let value = self[name], value != .null else { return nil }
        return value
    }

    /// The text as an id of this kind; nil where it can be none.
    package func id<ID: Identifier & SelfBounded>(_ type: ID.Type = ID.self) -> ID? {
        guard let text, case .text(let length, let alphabet, _) = ID.rule, length.contains(text.unicodeScalars.count),
            alphabet?.foreign(in: text) == nil
        else { return nil }
        return ID(rawValue: text)
    }
}
