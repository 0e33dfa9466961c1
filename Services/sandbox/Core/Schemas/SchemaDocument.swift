import Foundation
import RPCContract

/// Meta's own schemas with their known defects amended; every request to the sandbox is held against them.
///
/// Supports the JSON Schema keywords that occur in them. A union with a
/// discriminator is decided by the named property before anything is validated.
final class SchemaDocument: Sendable {
    struct Violation: Equatable, CustomStringConvertible {
        var path: String
        var problem: String
        var description: String { "\(path.isEmpty ? "the body" : path) \(problem)" }
    }

    private let operations: [JSONValue]
    /// What each reference in the document leads to.
    private let targets: [String: JSONValue]

    init(excerpt: Data, amendments: Data) throws {
        var document = try JSON.decode(JSONValue.self, from: excerpt)
        for amendment in try JSON.decode([JSONValue].self, from: amendments) {
            let path = (amendment["path"]?.string ?? "").split(separator: "/").map(Self.unescaped)
            document = try document.amended(path[...], operation: amendment["op"]?.string ?? "", value: amendment["value"])
        }
        operations = document["operations"]?.array ?? []
        var targets: [String: JSONValue] = [:]
        Self.collectTargets(in: document, of: document, into: &targets)
        self.targets = targets
    }

    static func embedded() throws -> SchemaDocument {
        try SchemaDocument(
            excerpt: Data(PackageResources.meta_openapi_v23_excerpt_json),
            amendments: Data(PackageResources.meta_openapi_v23_amendments_json)
        )
    }

    /// What is wrong with a request's body; nothing where it conforms.
    func violations(_ method: String, _ path: String, _ body: JSONValue) -> [Violation] {
        guard let operation = operations.first(where: { $0["method"]?.string == method && $0["path"]?.string == path }) else {
            return [Violation(path: "", problem: "is for an operation that is not in the excerpt")]
        }
        for alternative in operation["alternatives"]?.array ?? [] {
            if let present = alternative["whenPresent"]?.string, let absent = alternative["whenAbsent"]?.string,
                body[present] != nil, body[absent] == nil, let schema = alternative["request"]
            {
                return check(schema, body, "")
            }
        }
        return operation["request"].map { check($0, body, "") } ?? []
    }

    private func check(_ schema: JSONValue, _ value: JSONValue, _ path: String) -> [Violation] {
        var found: [Violation] = []
        if let reference = schema["$ref"]?.string, let target = resolve(reference) { found += check(target, value, path) }
        if let types = schema["type"].map({ $0.array?.compactMap(\.string) ?? [$0.string ?? ""] }),
            !types.contains(where: { value.isOf(type: $0) })
        {
            return found + [Violation(path: path, problem: "must be \(types.joined(separator: " or ")), not \(value.kind)")]
        }
        if let choices = schema["enum"]?.array, !choices.contains(value) {
            found.append(Violation(path: path, problem: "must be one of \(choices.compactMap(\.text).joined(separator: ", "))"))
        }
        switch value {
        case .string(let text): found += checkText(schema, text, path)
        case .integer, .number: found += checkNumber(schema, value.double ?? 0, path)
        case .array(let items):
            if let least = schema["minItems"]?.integer, items.count < least {
                found.append(Violation(path: path, problem: "has fewer than \(least) items"))
            }
            if let most = schema["maxItems"]?.integer, items.count > most {
                found.append(Violation(path: path, problem: "has more than \(most) items"))
            }
            if let item = schema["items"] {
                for (index, element) in items.enumerated() { found += check(item, element, "\(path)[\(index)]") }
            }
        case .object(let members): found += checkMembers(schema, members, path)
        case .null, .bool: break
        }
        return found + checkCombinations(schema, value, path)
    }

    private func checkText(_ schema: JSONValue, _ text: String, _ path: String) -> [Violation] {
        var found: [Violation] = []
        // JSON Schema counts Unicode code points.
        let length = text.unicodeScalars.count
        if let least = schema["minLength"]?.integer, length < least {
            found.append(Violation(path: path, problem: "has fewer than \(least) characters"))
        }
        if let most = schema["maxLength"]?.integer, length > most {
            found.append(Violation(path: path, problem: "has more than \(most) characters"))
        }
        if let pattern = schema["pattern"]?.string,
            text.range(of: pattern, options: .regularExpression) == nil || text.last?.isNewline == true
        {
            found.append(Violation(path: path, problem: "does not match \(pattern)"))
        }
        return found
    }

    private func checkNumber(_ schema: JSONValue, _ number: Double, _ path: String) -> [Violation] {
        var found: [Violation] = []
        if let least = schema["minimum"]?.double, number < least { found.append(Violation(path: path, problem: "is below \(least)")) }
        if let most = schema["maximum"]?.double, number > most { found.append(Violation(path: path, problem: "is above \(most)")) }
        return found
    }

    private func checkMembers(_ schema: JSONValue, _ members: [String: JSONValue], _ path: String) -> [Violation] {
        var found: [Violation] = []
        func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        for name in (schema["required"]?.array ?? []).compactMap(\.string) where members[name] == nil {
            found.append(Violation(path: place(name), problem: "is required"))
        }
        let properties = schema["properties"]?.object ?? [:]
        for (name, member) in members {
            if let property = properties[name] { found += check(property, member, place(name)) }
        }
        if schema["additionalProperties"] == false {
            for name in members.keys where properties[name] == nil { found.append(Violation(path: place(name), problem: "is unknown")) }
        }
        if schema["unevaluatedProperties"] == false {
            let known = names(schema)
            for name in members.keys where !known.contains(name) { found.append(Violation(path: place(name), problem: "is unknown")) }
        }
        return found
    }

    private func checkCombinations(_ schema: JSONValue, _ value: JSONValue, _ path: String) -> [Violation] {
        var found: [Violation] = []
        for part in schema["allOf"]?.array ?? [] { found += check(part, value, path) }
        if let options = schema["anyOf"]?.array {
            let outcomes = options.map { check($0, value, path) }
            if !outcomes.contains(where: \.isEmpty) { found += outcomes.min { $0.count < $1.count } ?? [] }
        }
        guard let branches = schema["oneOf"]?.array else { return found }
        if let discriminator = schema["discriminator"], let property = discriminator["propertyName"]?.string {
            guard case .object(let members) = value else { return found }
            let place = path.isEmpty ? property : "\(path).\(property)"
            let reference =
                members[property] == nil
                ? discriminator["defaultMapping"]?.string : members[property]?.string.flatMap { discriminator["mapping"]?[$0]?.string }
            if let reference, let branch = resolve(reference) { return found + check(branch, value, path) }
            let choices = (discriminator["mapping"]?.object ?? [:]).keys.sorted().joined(separator: ", ")
            return found + [Violation(path: place, problem: members[property] == nil ? "is required" : "must be one of \(choices)")]
        }
        let outcomes = branches.map { check($0, value, path) }
        switch outcomes.count(where: \.isEmpty) {
        case 0: found += outcomes.min { $0.count < $1.count } ?? []
        case 1: break
        case let several: found.append(Violation(path: path, problem: "matches \(several) alternatives instead of one"))
        }
        return found
    }

    /// Property names that a schema knows, through `allOf` and `$ref`.
    private func names(_ schema: JSONValue) -> Set<String> {
        var names = Set((schema["properties"]?.object ?? [:]).keys)
        if let reference = schema["$ref"]?.string, let target = resolve(reference) { names.formUnion(self.names(target)) }
        for part in schema["allOf"]?.array ?? [] { names.formUnion(self.names(part)) }
        return names
    }

    private func resolve(_ reference: String) -> JSONValue? { targets[reference] }

    /// Any text that reads as a local reference is one: members of `$ref`, of a discriminator's mapping, its default.
    private static func collectTargets(in value: JSONValue, of root: JSONValue, into targets: inout [String: JSONValue]) {
        switch value {
        case .string(let text) where text.hasPrefix("#/") && targets[text] == nil: targets[text] = target(of: text, in: root)
        case .array(let items): for item in items { collectTargets(in: item, of: root, into: &targets) }
        case .object(let members): for member in members.values { collectTargets(in: member, of: root, into: &targets) }
        default: break
        }
    }

    private static func target(of reference: String, in root: JSONValue) -> JSONValue? {
        var value: JSONValue? = root
        for part in reference.dropFirst(2).split(separator: "/").map(unescaped) {
            value = Int(part).flatMap { value?[$0] } ?? value?[part]
        }
        return value
    }

    private static func unescaped(_ part: Substring) -> String {
        String(part).replacing("~1", with: "/").replacing("~0", with: "~")
    }
}

extension JSONValue {
    fileprivate func isOf(type: String) -> Bool {
        switch (type, self) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("null", .null), ("number", .integer),
            ("number", .number), ("integer", .integer):
            true
        case ("integer", .number(let value)): value.rounded() == value
        default: false
        }
    }

    struct AmendmentProblem: Error { var path: String }

    /// RFC 6902 add, remove and replace, strict about what is there.
    fileprivate func amended(_ path: ArraySlice<String>, operation: String, value: JSONValue?) throws -> JSONValue {
        guard let key = path.first else { throw AmendmentProblem(path: "") }
        switch self {
        case .object(var members):
            if path.count > 1 {
                guard let member = members[key] else { throw AmendmentProblem(path: key) }
                members[key] = try member.amended(path.dropFirst(), operation: operation, value: value)
            } else {
                guard (operation == "add") == (members[key] == nil) else { throw AmendmentProblem(path: key) }
                members[key] = operation == "remove" ? nil : value
            }
            return .object(members)
        case .array(var items):
            if path.count > 1, let index = Int(key), items.indices.contains(index) {
                items[index] = try items[index].amended(path.dropFirst(), operation: operation, value: value)
            } else if key == "-", operation == "add", let value {
                items.append(value)
            } else {
                throw AmendmentProblem(path: key)
            }
            return .array(items)
        case .null, .bool, .integer, .number, .string: throw AmendmentProblem(path: key)
        }
    }
}
