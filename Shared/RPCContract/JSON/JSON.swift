package import Foundation

/// The one way this system writes and reads JSON.
package enum JSON {
    /// Compact, keys in a stable order only where asked (documentation, hashes).
    package static func encode(_ value: some Encodable, sorted: Bool = false) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = sorted ? [.withoutEscapingSlashes, .sortedKeys] : [.withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// The same for a value that is JSON already, which cannot fail.
    package static func encode(_ value: JSONValue, sorted: Bool = false) -> Data {
        var text: [UInt8] = []
        value.write(to: &text, sorted: sorted)
        return Data(text)
    }

    /// As UTF-8 text on one line.
    package static func text(_ value: JSONValue, sorted: Bool = false) -> String {
        var text: [UInt8] = []
        value.write(to: &text, sorted: sorted)
        return String(decoding: text, as: UTF8.self)
    }

    /// As text on one line, whatever its type.
    package static func text(_ value: some Encodable, sorted: Bool = false) throws -> String {
        String(decoding: try encode(value, sorted: sorted), as: UTF8.self)
    }

    /// For people: indented, in a stable order.
    package static func pretty(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys, .prettyPrinted]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Reads a type out of JSON.
    ///
    /// - Throws: a `DecodingError`, also where the bytes are no JSON.
    package static func decode<T: Decodable>(_ type: T.Type, from data: Data) throws -> T {
        let value: JSONValue
        do { value = try decode(JSONValue.self, from: data) } catch {
            throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "no JSON from byte \(error.offset) on"))
        }
        return try JSONValueDecoder.decode(type, from: value)
    }

    /// Reads strict JSON (RFC 8259); the error says at which byte it ends to be that.
    package static func decode(_ type: JSONValue.Type, from data: Data) throws(NotJSON) -> JSONValue { try JSONParser.parse(data) }

    /// What somebody else has written, where U+FFFD stands for half of a surrogate pair.
    ///
    /// Meta cuts texts by UTF-16 code units, in the middle of an emoji, too. A message, and all that came with it in one body,
    /// is worth more than that character. Whoever writes to us is told of it instead: what they meant would be lost in silence.
    package static func decode(foreign data: Data) throws(NotJSON) -> JSONValue { try JSONParser.parse(data, replacesHalves: true) }

    /// Reads strict JSON out of a text.
    package static func decode(_ type: JSONValue.Type, from text: String) throws(NotJSON) -> JSONValue {
        try decode(type, from: Data(text.utf8))
    }

    /// Reads a type out of a JSON text.
    package static func decode<T: Decodable>(_ type: T.Type, from text: String) throws -> T {
        try decode(type, from: Data(text.utf8))
    }
}

extension DecodingError {
    /// The faulty place as a dotted path, and what was wrong there.
    package var place: (path: String, problem: String) {
        switch self {
        case .typeMismatch(let type, let context):
            (Self.path(context.codingPath), "is not \(Self.expected(type))")
        case .valueNotFound(let type, let context):
            (Self.path(context.codingPath), "is null where \(Self.expected(type)) is required")
        case .keyNotFound(let key, let context):
            (Self.path(context.codingPath + [key]), "is missing")
        case .dataCorrupted(let context):
            (Self.path(context.codingPath), context.codingPath.isEmpty ? "is not valid JSON" : "has a value that is not allowed")
        @unknown default:
            ("", "could not be read")
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        var path = ""
        for key in keys {
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += path.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return path
    }

    private static func expected(_ type: Any.Type) -> String {
        switch type {
        case is String.Type: "a string"
        case is Bool.Type: "true or false"
        case is Int.Type, is Int64.Type: "a whole number"
        case is Double.Type: "a number"
        default: "\(type)".hasPrefix("Array") ? "a list" : "an object"
        }
    }
}
