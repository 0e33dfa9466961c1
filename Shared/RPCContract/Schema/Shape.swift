/// What a decoder has asked for in one place of a value.
final class Shape {
    enum Seen: String { case string, whole, number, flag, array, map, object, any }

    var seen: Seen?
    /// From the Swift type that was read here.
    var rule: Rule?
    /// Of the types that were read here: several where an object has one of several forms.
    var tables: [Fields] = []
    /// The method whose params stand here and are checked by whoever takes them.
    var deferred: (any CheckedLater.Type)?
    /// Of the types that were read here.
    private(set) var typeNames: [String] = []
    /// How many objects were read here.
    var visits = 0
    private(set) var properties: [Property] = []
    var items: Shape?

    struct Property {
        var name: String
        var shape = Shape()
        /// How many of the objects had to have it.
        var demands = 0
    }

    func isRequired(_ property: Property) -> Bool { property.demands == visits }

    /// Where an object has one of several forms, what any of them allows.
    func field(_ name: String) -> Field? {
        let fields = tables.compactMap { $0[name] }
        guard var field = fields.first else { return nil }
        for other in fields.dropFirst() {
            if let rule = field.rule, let more = other.rule { field.rule = rule.or(more) }
        }
        return field
    }

    func property(_ name: String, required: Bool) -> Shape {
        let index =
            properties.firstIndex { $0.name == name }
            ?? {
                properties.append(Property(name: name))
                return properties.count - 1
            }()
        if required { properties[index].demands += 1 }
        return properties[index].shape
    }

    func item() -> Shape {
        let known = items ?? Shape()
        items = known
        return known
    }

    /// Takes from the type what it says of itself.
    func note(_ type: Any.Type) {
        if let type = type as? any CheckedLater.Type {
            deferred = type
        } else if let type = type as? any HasFields.Type {
            let name = String(reflecting: type)
            if !typeNames.contains(name) {
                tables.append(type.fields)
                typeNames.append(name)
            }
            // A type without members asks for nothing.
            if seen == nil { seen = .object }
        } else if let type = type as? any SelfBounded.Type {
            rule = type.rule
        } else if let type = type as? any CaseIterable.Type, let words = Self.words(type) {
            rule = .words(words)
        } else {
            typeNames = [String(reflecting: type)]
        }
    }

    private static func words<T: CaseIterable>(_ type: T.Type) -> [String]? {
        let words = type.allCases.map { ($0 as? any RawRepresentable)?.rawValue as? String }
        return words.contains(nil) ? nil : words.compactMap { $0 }
    }
}

/// A dictionary, whose keys are data and not members.
private protocol StringKeyed {}
extension Dictionary: StringKeyed where Key == String {}

/// Decodes a value and notes in a shape what was asked for.
struct ShapeDecoder: Decoder {
    let value: JSONValue
    let shape: Shape
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        if shape.seen != .map { shape.seen = .object }
        shape.visits += 1
        return KeyedDecodingContainer(KeyedShapes(members: value.object ?? [:], shape: shape, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        shape.seen = .array
        return UnkeyedShapes(values: value.array ?? [], shape: shape, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { self }

    func read<T: Decodable>(_ type: T.Type) throws -> T {
        func exactly<Value>(_ seen: Shape.Seen, _ value: Value?) throws -> T {
            shape.seen = seen
            guard let value = value as? T else {
                throw DecodingError.typeMismatch(
                    type, .init(codingPath: codingPath, debugDescription: "the example has \(self.value.kind)"))
            }
            return value
        }
        switch type {
        case is String.Type: return try exactly(.string, value.string)
        case is Bool.Type: return try exactly(.flag, value.bool)
        case is Int.Type: return try exactly(.whole, value.integer.map { Int($0) })
        case is Int64.Type: return try exactly(.whole, value.integer)
        case is Double.Type: return try exactly(.number, value.double)
        case is JSONValue.Type: return try exactly(.any, value)
        case is [String: JSONValue].Type: return try exactly(.any, value.object)
        default:
            if type is any StringKeyed.Type { shape.seen = .map } else { shape.note(type) }
            return try T(from: self)
        }
    }
}

extension ShapeDecoder: SingleValueDecodingContainer {
    func decodeNil() -> Bool { value == .null }
    func decode<T: Decodable>(_ type: T.Type) throws -> T {
        // A wrapper reads its one value here; what it said of itself stays.
        try read(type)
    }
}

private struct KeyedShapes<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [String: JSONValue]
    let shape: Shape
    let codingPath: [any CodingKey]
    var allKeys: [Key] { members.keys.sorted().compactMap(Key.init(stringValue:)) }

    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }
    func decodeNil(forKey key: Key) throws -> Bool { members[key.stringValue] ?? .null == .null }

    private func place(_ key: Key, required: Bool) -> Shape {
        shape.seen == .map ? shape.item() : shape.property(key.stringValue, required: required)
    }

    private func child(_ key: Key) throws -> ShapeDecoder {
        let shape = place(key, required: true)
        guard let value = members[key.stringValue] else {
            throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "absent in the example"))
        }
        return ShapeDecoder(value: value, shape: shape, codingPath: codingPath + [key])
    }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try child(key).read(type) }

    func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? { try optional(type, key) }

    // The standard library's defaults for these call `decode`, which would mark them required.
    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try optional(type, key) }
    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try optional(type, key) }
    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try optional(type, key) }
    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? { try optional(type, key) }
    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? { try optional(type, key) }

    private func optional<T: Decodable>(_ type: T.Type, _ key: Key) throws -> T? {
        let shape = place(key, required: false)
        guard let value = members[key.stringValue], value != .null else { return nil }
        return try ShapeDecoder(value: value, shape: shape, codingPath: codingPath + [key]).read(type)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws -> KeyedDecodingContainer<Nested> {
        try child(key).container(keyedBy: type)
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { try child(key).unkeyedContainer() }
    func superDecoder() throws -> any Decoder { ShapeDecoder(value: .object(members), shape: shape, codingPath: codingPath) }
    func superDecoder(forKey key: Key) throws -> any Decoder { try child(key) }
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
        return ShapeDecoder(value: values[currentIndex], shape: shape.item(), codingPath: codingPath)
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
