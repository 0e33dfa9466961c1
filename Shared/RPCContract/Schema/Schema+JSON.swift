extension Schema {
    /// As JSON Schema, draft 2020-12.
    ///
    /// - Parameter isClosed: whether members that are not known are refused, as in params.
    package func json(isClosed: Bool) -> JSONValue {
        switch kind {
        case .any: return [:]
        case .later(let schema): return schema.json(isClosed: isClosed)
        case .flag: return ["type": "boolean"]
        case .words(let words): return ["type": "string", "enum": .array(words.map { .string($0) })]
        case .text(let length, let alphabet, let format):
            var members: [String: JSONValue] = [
                "type": "string", "minLength": .integer(Int64(length.lowerBound)), "maxLength": .integer(Int64(length.upperBound)),
            ]
            // A text that may be empty need not have the form.
            if let pattern = format?.pattern {
                members["pattern"] = .string("^(?:\(pattern))\(length.lowerBound == 0 ? "?" : "")$")
            } else if let alphabet {
                members["pattern"] = .string("^[\(alphabet.pattern)]*$")
            }
            // Nor is an empty text an "email" for whoever checks by the format.
            if let format, format.pattern == nil || length.lowerBound > 0 { members["format"] = .string(format.name) }
            return .object(members)
        case .whole(let range, let unit):
            return Self.number("integer", from: .integer(range.lowerBound), to: .integer(range.upperBound), unit)
        case .number(let range, let unit):
            return Self.number("number", from: .number(range.lowerBound), to: .number(range.upperBound), unit)
        case .list(let count, let item):
            return [
                "type": "array", "minItems": .integer(Int64(count.lowerBound)), "maxItems": .integer(Int64(count.upperBound)),
                "items": item.json(isClosed: isClosed),
            ]
        case .map(let count, let value):
            return [
                "type": "object", "minProperties": .integer(Int64(count.lowerBound)), "maxProperties": .integer(Int64(count.upperBound)),
                "additionalProperties": value.json(isClosed: isClosed),
            ]
        case .object(let members):
            var object: [String: JSONValue] = [
                "type": "object",
                "properties": .object(
                    Dictionary(members.map { ($0.name, $0.json(isClosed: isClosed)) }, uniquingKeysWith: { first, _ in first })),
            ]
            let required = members.filter(\.isRequired).map { JSONValue.string($0.name) }
            if !required.isEmpty { object["required"] = .array(required) }
            if isClosed { object["additionalProperties"] = false }
            return .object(object)
        }
    }

    private static func number(_ type: JSONValue, from least: JSONValue, to greatest: JSONValue, _ unit: String?) -> JSONValue {
        var members: [String: JSONValue] = ["type": type, "minimum": least, "maximum": greatest]
        if let unit { members["x-unit"] = .string(unit) }
        return .object(members)
    }
}

extension Schema.Member {
    /// The member's schema with its meaning.
    package func json(isClosed: Bool) -> JSONValue {
        var members = schema.json(isClosed: isClosed).object ?? [:]
        members["description"] = .string(meaning)
        if let absent { members["default"] = absent }
        if let null {
            if let type = members["type"] { members["type"] = [type, "null"] }
            members["x-null"] = .string(null)
        }
        return .object(members)
    }
}
