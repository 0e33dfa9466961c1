/// Which JSON values a type takes, compiled from its table and from what its decoder asks for.
///
/// Checking a value, describing it as JSON Schema and finding gaps in the tables all read this one form.
package struct Schema: Sendable {
    /// What kind of value stands in one place.
    package indirect enum Kind: Sendable {
        case any
        case flag
        case text(ClosedRange<Int>, of: TextAlphabet?, format: TextFormat?)
        case words([String])
        case whole(ClosedRange<Int64>, unit: String?)
        case number(ClosedRange<Double>, unit: String?)
        case list(ClosedRange<Int>, of: Schema)
        case map(ClosedRange<Int>, of: Schema)
        case object([Member])
        /// Params of a method, one among many: whoever takes them checks each by itself.
        case later(Schema)
    }

    /// One member of an object.
    package struct Member: Sendable {
        package var name: String
        package var meaning: String
        package var isRequired: Bool
        package var absent: JSONValue?
        package var null: String?
        package var schema: Schema
    }

    package let kind: Kind
    /// For finding a member by its name; empty for other kinds.
    let index: [String: Int]
    let requiredCount: Int

    package init(_ kind: Kind) {
        self.kind = kind
        guard case .object(let members) = kind else {
            index = [:]
            requiredCount = 0
            return
        }
        requiredCount = members.count { $0.isRequired }
        index = Dictionary(members.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package var members: [Member] {
        guard case .object(let members) = kind else { return [] }
        return members
    }
}

extension Schema {
    /// Reads a schema off example values of a type.
    ///
    /// Each example is encoded and decoded again by a decoder that notes which keys the type asks for and
    /// whether it insists on them, so a schema cannot disagree with the code.
    package static func of<T: Codable>(_ examples: [T], gaps: inout [String]) throws -> Schema {
        let shape = Shape()
        shape.note(T.self)
        for example in examples {
            let value = try JSON.decode(JSONValue.self, from: JSON.encode(example))
            _ = try T(from: ShapeDecoder(value: value, shape: shape, codingPath: []))
        }
        var builder = SchemaBuilder()
        builder.collect(shape)
        let schema = builder.schema(of: shape, rule: nil, at: "")
        gaps += builder.gaps
        return schema
    }

    package static func params<M: RPCMethod>(of method: M.Type, gaps: inout [String]) throws -> Schema {
        try of([M.example.params] + M.alternatives, gaps: &gaps)
    }

    package static func reply<M: RPCMethod>(of method: M.Type, gaps: inout [String]) throws -> Schema {
        try of([M.example.reply] + M.alternativeReplies, gaps: &gaps)
    }

    package static func params<M: RPCMethod>(of method: M.Type) throws -> Schema {
        var gaps: [String] = []
        return try params(of: method, gaps: &gaps)
    }

    package static func reply<M: RPCMethod>(of method: M.Type) throws -> Schema {
        var gaps: [String] = []
        return try reply(of: method, gaps: &gaps)
    }
}

/// Joins what a decoder asked for with what the tables say, and notes where one says nothing.
private struct SchemaBuilder {
    var gaps: [String] = []
    /// What was seen of each type's members anywhere: an image's caption in one example, a document's file name in another.
    private var seen: [String: [String: Shape]] = [:]
    private var within: [ObjectIdentifier] = []

    mutating func collect(_ shape: Shape) {
        for property in shape.properties {
            for type in shape.typeNames where property.shape.seen != nil && seen[type]?[property.name] == nil {
                seen[type, default: [:]][property.name] = property.shape
            }
            collect(property.shape)
        }
        if let items = shape.items { collect(items) }
    }

    mutating func schema(of shape: Shape?, rule: Rule?, at path: String) -> Schema {
        guard let shape, shape.seen != nil else {
            gaps.append("\(path): no example shows it")
            return Schema(.any)
        }
        // A type within itself, such as a carousel's cards in a card: what is deeper is left to the decoder.
        guard !within.contains(ObjectIdentifier(shape)) else { return Schema(.any) }
        within.append(ObjectIdentifier(shape))
        defer { within.removeLast() }
        if let deferred = shape.deferred {
            do { return Schema(.later(try deferred.schema(gaps: &gaps))) } catch {
                gaps.append("\(path): its examples are not true to their types")
                return Schema(.any)
            }
        }
        let rule = rule ?? shape.rule
        switch (rule, shape.seen) {
        case (.text(let length, let alphabet, let format), .string): return Schema(.text(length, of: alphabet, format: format))
        case (.words(let words), .string): return Schema(.words(words))
        case (.whole(let range, let unit), .whole): return Schema(.whole(range, unit: unit))
        case (.number(let range, let unit), .number): return Schema(.number(range, unit: unit))
        case (.flag, .flag), (nil, .flag): return Schema(.flag)
        case (.any, _), (nil, .any): return Schema(.any)
        case (.list(let count, let item), .array): return Schema(.list(count, of: schema(of: shape.items, rule: item, at: "\(path)[]")))
        case (.map(let count, let value), .map): return Schema(.map(count, of: schema(of: shape.items, rule: value, at: "\(path).*")))
        case (.object(let type), .object):
            shape.tables = [type.fields]
            return object(shape, at: path)
        case (nil, .object):
            if shape.tables.isEmpty { gaps.append("\(path): its type \(shape.typeNames.joined()) has no table of fields") }
            return object(shape, at: path)
        case (nil, let seen?):
            gaps.append("\(path): a \(seen.rawValue) without bounds")
            return Schema(.any)
        case (_, let seen):
            gaps.append("\(path): the table says otherwise than the type, which reads a \(seen?.rawValue ?? "value")")
            return Schema(.any)
        }
    }

    private mutating func object(_ shape: Shape, at path: String) -> Schema {
        var members: [Schema.Member] = []
        let prefix = path.isEmpty ? "" : "\(path)."
        for name in shape.tables.flatMap({ $0.members.map(\.name) }) where !members.contains(where: { $0.name == name }) {
            guard let field = shape.field(name) else { continue }
            let property = shape.properties.first { $0.name == name }
            let elsewhere = shape.typeNames.compactMap { seen[$0]?[name] }.first
            guard property != nil || elsewhere != nil else {
                gaps.append("\(prefix)\(name): the type \(shape.typeNames.joined()) does not read it")
                continue
            }
            if !field.meaning.hasSuffix(".") || field.meaning.count < 8 { gaps.append("\(prefix)\(name): its meaning is no sentence") }
            members.append(
                Schema.Member(
                    name: name,
                    meaning: field.meaning,
                    isRequired: property.map { shape.isRequired($0) } ?? false,
                    absent: field.absent,
                    null: field.null,
                    schema: schema(
                        of: property?.shape.seen == nil ? elsewhere : property?.shape, rule: field.rule, at: "\(prefix)\(name)")
                )
            )
        }
        for property in shape.properties where shape.field(property.name) == nil {
            gaps.append("\(prefix)\(property.name): has no meaning")
        }
        return Schema(.object(members))
    }
}
