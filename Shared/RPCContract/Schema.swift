/// JSON Schema of a Codable type, read off example values.
///
/// Each example is encoded and decoded again by a decoder that notes which keys
/// the type asks for and whether it insists on them, so a schema cannot
/// disagree with the code. An optional that every example leaves out is known by name only.
package enum Schema {
    package static func of<T: Codable>(_ examples: T...) throws -> JSONValue { try of(examples) }

    package static func of<T: Codable>(_ examples: [T]) throws -> JSONValue {
        let shape = Shape()
        for example in examples {
            let value = try JSON.decode(JSONValue.self, from: JSON.encode(example))
            _ = try T(from: ShapeDecoder(value: value, shape: shape, codingPath: []))
        }
        return shape.schema
    }
}

/// What has been seen of one place in the value.
private final class Shape {
    var type: String?
    var properties: [(name: String, shape: Shape, required: Bool)] = []
    var items: Shape?

    func property(_ name: String, required: Bool) -> Shape {
        if let known = properties.first(where: { $0.name == name }) { return known.shape }
        let shape = Shape()
        properties.append((name, shape, required))
        return shape
    }

    var schema: JSONValue {
        var members: [String: JSONValue] = [:]
        if let type { members["type"] = .string(type) }
        if let items { members["items"] = items.schema }
        if type == "object", !properties.isEmpty {
            members["properties"] = .object(
                Dictionary(properties.map { ($0.name, $0.shape.schema) }, uniquingKeysWith: { first, _ in first })
            )
            let required = properties.filter(\.required).map { JSONValue.string($0.name) }
            if !required.isEmpty { members["required"] = .array(required) }
        }
        return .object(members)
    }
}

private struct ShapeDecoder: Decoder {
    let value: JSONValue
    let shape: Shape
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        shape.type = "object"
        return KeyedDecodingContainer(KeyedShapes(members: value.object ?? [:], shape: shape, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        shape.type = "array"
        return UnkeyedShapes(values: value.array ?? [], shape: shape, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func read<T: Decodable>(_ type: T.Type) throws -> T {
        func mismatch() -> DecodingError {
            .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "the example has \(value.kind)"))
        }
        func exactly<Value>(_ name: String, _ value: Value?) throws -> T {
            shape.type = name
            guard let value = value as? T else { throw mismatch() }
            return value
        }
        switch type {
        case is String.Type: return try exactly("string", value.string)
        case is Bool.Type: return try exactly("boolean", value.bool)
        case is Int.Type: return try exactly("integer", value.integer.map { Int($0) })
        case is Int64.Type: return try exactly("integer", value.integer)
        case is Double.Type: return try exactly("number", value.double)
        case is JSONValue.Type:
            // Anything goes here, so no type is noted.
            guard let value = value as? T else { throw mismatch() }
            return value
        case is [String: JSONValue].Type: return try exactly("object", value.object)
        default: return try T(from: self)
        }
    }
}

extension ShapeDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value == .null }
    func decode<T: Decodable>(_ type: T.Type) throws -> T { try read(type) }
}

private struct KeyedShapes<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [String: JSONValue]
    let shape: Shape
    let codingPath: [any CodingKey]
    var allKeys: [Key] { members.keys.sorted().compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { members[key.stringValue] ?? .null == .null }

    private func child(_ key: Key, required: Bool) throws -> ShapeDecoder {
        let shape = shape.property(key.stringValue, required: required)
        guard let value = members[key.stringValue] else {
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "absent in the example"))
        }
        return ShapeDecoder(value: value, shape: shape, codingPath: codingPath + [key])
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try child(key, required: true).read(type) }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
        let shape = shape.property(key.stringValue, required: false)
        guard let value = members[key.stringValue], value != .null else { return nil }
        return try ShapeDecoder(value: value, shape: shape, codingPath: codingPath + [key]).read(type)
    }

    // The standard library's defaults for these call `decode`, which would mark them required.
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try optional(type, key) }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try optional(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try optional(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try optional(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try optional(type, key) }

    private func optional<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T? {
        let shape = shape.property(key.stringValue, required: false)
        guard let value = members[key.stringValue], value != .null else { return nil }
        return try ShapeDecoder(value: value, shape: shape, codingPath: codingPath + [key]).read(type)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        try child(key, required: true).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try child(key, required: true).unkeyedContainer()
    }
    func superDecoder() throws -> any Decoder { ShapeDecoder(value: .object(members), shape: shape, codingPath: codingPath) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key, required: true) }
}

private struct UnkeyedShapes: UnkeyedDecodingContainer {
    let values: [JSONValue]
    let shape: Shape
    let codingPath: [any CodingKey]
    var currentIndex = 0
    var count: Int? { values.count }
    var isAtEnd: Bool { currentIndex >= values.count }

    private mutating func next() throws -> ShapeDecoder {
        guard !isAtEnd else {
            throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: "the example's list is too short"))
        }
        defer { currentIndex += 1 }
        let items = shape.items ?? Shape()
        shape.items = items
        return ShapeDecoder(value: values[currentIndex], shape: items, codingPath: codingPath)
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, values[currentIndex] == .null else { return false }
        currentIndex += 1
        return true
    }
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().read(type) }
    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
        try next().container(keyedBy: type)
    }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }
    mutating func superDecoder() throws -> any Decoder { try next() }
}
