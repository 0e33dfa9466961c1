import Foundation
package import RPCContract
package import Vocabulary

/// Values that a schema forbids, made from the schema itself: one below and one above each bound, another type,
/// null, empty, huge, with NUL, with half a surrogate pair, with an unknown member, without a required one.
package struct WrongValues: Sendable {
    /// One params text, and where its fault is to point.
    package struct Case: Sendable {
        package var name: String
        package var json: String
        /// Nil where the text is not JSON at all.
        package var path: String?
        /// What its fault is to say beside the place: the bound and the value that was given.
        package var words: [String] = []
        /// Whether it was made by chance, and not from what the schema says of a place.
        package var isByChance = false
    }

    package private(set) var cases: [Case] = []
    private let base: JSONValue

    /// - Parameter base: sound params; each case breaks one place of them.
    package init(_ schema: Schema, base: JSONValue) {
        self.base = base
        visit(schema, at: [])
        let nullable = Set(schema.members.filter { $0.null != nil }.map(\.name))
        cases.removeAll { $0.name == "null" && nullable.contains($0.path ?? "") }
    }

    /// Values at the ends of what is allowed, each in one place of sound params: a process must live through all of them.
    package static func edges(_ schema: Schema, base: JSONValue) -> [String] {
        var found: [String] = []
        func visit(_ schema: Schema, _ path: [String], in base: JSONValue) {
            switch schema.kind {
            case .whole(let range, _):
                for value in [range.lowerBound, range.upperBound] { found.append(JSON.text(set(base, path[...], .integer(value)))) }
            case .number(let range, _):
                for value in [range.lowerBound, range.upperBound] { found.append(JSON.text(set(base, path[...], .number(value)))) }
            case .text(let length, _, _):
                let longest = String(repeating: "9", count: min(length.upperBound, 5000))
                found.append(JSON.text(set(base, path[...], .string(longest))))
                if length.lowerBound == 0 { found.append(JSON.text(set(base, path[...], ""))) }
            case .words(let words): for word in words { found.append(JSON.text(set(base, path[...], .string(word)))) }
            case .object(let members):
                for member in members where value(base, path + [member.name]) != nil {
                    visit(member.schema, path + [member.name], in: base)
                }
            case .list(_, let item):
                guard case .array(let items) = value(base, path), let last = items.last else { break }
                visit(item, path + ["0"], in: base)
                // One that comes later, too.
                visit(item, path + ["\(items.count)"], in: set(base, path[...], .array(items + [last])))
            case .map, .any, .flag, .later: break
            }
        }
        visit(schema, [], in: base)
        return found
    }

    /// Further ones by chance: texts that end too early, and members of any name.
    package mutating func fill(to count: Int, using generator: inout SeededGenerator) {
        let text = Array(JSON.text(base).utf8)
        while cases.count < count {
            if Bool.random(using: &generator) {
                let part = text.prefix(Int.random(in: 0..<text.count, using: &generator))
                cases.append(Case(name: "cut", json: String(decoding: part, as: UTF8.self), path: nil, isByChance: true))
            } else {
                let name = String(generator.next(), radix: 36)
                var members = base.object ?? [:]
                members[name] = .integer(Int64(bitPattern: generator.next()))
                cases.append(Case(name: "with \(name)", json: JSON.text(.object(members)), path: name, isByChance: true))
            }
        }
    }

    private mutating func visit(_ schema: Schema, at path: [String]) {
        switch schema.kind {
        case .any, .later: break
        case .flag: types(path, ["text": "yes", "number": 1, "list": []], "true or false")
        case .words(let words):
            types(path, ["number": 1], "a string")
            replace(path, ["unknown word": "no such word"], telling: ["is \"no such word\"", words.joined(separator: ", ")])
            replace(path, ["empty": ""], telling: ["is \"\""])
        case .text(let length, let alphabet, let format): texts(path, length, of: alphabet, as: format)
        case .whole(let range, _):
            types(path, ["text": "1", "object": [:]], "a whole number")
            let bounds = "a whole number from \(range.lowerBound) to \(range.upperBound)"
            replace(path, ["fraction": 0.5], telling: ["is 0.5;", bounds])
            if range.lowerBound > .min {
                replace(path, ["below": .integer(range.lowerBound - 1)], telling: ["is \(range.lowerBound - 1);", bounds])
            }
            if range.upperBound < .max {
                replace(path, ["above": .integer(range.upperBound + 1)], telling: ["is \(range.upperBound + 1);", bounds])
            }
            raw(path, "9223372036854775808", "beyond 64 bits")
            raw(path, "1e308", "huge")
        case .number(let range, _):
            types(path, ["text": "1", "list": [1]], "a number")
            let (below, above) = (range.lowerBound.nextDown, range.upperBound.nextUp)
            let bounds = "\(range.lowerBound) to \(range.upperBound)"
            replace(path, ["below": .number(below)], telling: ["is \(below);", bounds])
            replace(path, ["above": .number(above)], telling: ["is \(above);", bounds])
            raw(path, "NaN", "not a number", isJSON: false)
            raw(path, "1e999", "infinite", isJSON: false)
        case .list(let count, let item): list(path, count, item)
        case .map(let count, let value):
            types(path, ["text": "a", "list": []], "an object")
            if count.upperBound < 2000 {
                let members = (0...count.upperBound).map { ("k\($0)", JSONValue.string("")) }
                replace(
                    path, ["too many": .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))],
                    telling: ["holds \(count.upperBound + 1) members", "\(count.lowerBound) to \(count.upperBound)"])
            }
            if let name = self.value(at: path)?.object?.keys.first { visit(value, at: path + [name]) }
        case .object(let members): object(path, members)
        }
    }

    private mutating func texts(_ path: [String], _ length: ClosedRange<Int>, of alphabet: TextAlphabet?, as format: TextFormat?) {
        types(path, ["number": 1, "flag": true, "object": [:]], "a string")
        raw(path, "\"\\ud800\\u\"", "half an escape", isJSON: false)
        raw(path, "\"\\ud800\"", "half a surrogate pair")
        let allowed = length.count == 1 ? "it has \(length.upperBound)" : "it has \(length.lowerBound) to \(length.upperBound)"
        if length.lowerBound > 0 { replace(path, ["empty": ""], telling: ["is empty", allowed]) }
        if length.lowerBound > 1 {
            let short = String(repeating: "9", count: length.lowerBound - 1)
            replace(path, ["too short": .string(short)], telling: ["has \(length.lowerBound - 1) characters", allowed])
        }
        // Longer texts are refused by the frame already.
        if length.upperBound < 100_000 {
            let long = String(repeating: "9", count: length.upperBound + 1)
            replace(path, ["too long": .string(long)], telling: ["has \(length.upperBound + 1) characters", allowed])
        }
        if format?.pattern != nil { replace(path, ["of another form": "~"]) }
        guard let alphabet else { return }
        replace(path, ["NUL": "\u{0}", "a line break": "\n", "a turn of direction": "\u{202E}"])
        if !alphabet.isOpen { replace(path, ["of other letters": "\u{0939}"]) }
    }

    private mutating func list(_ path: [String], _ count: ClosedRange<Int>, _ item: Schema) {
        types(path, ["text": "a", "object": [:], "number": 1], "a list")
        let allowed = "it holds \(count.lowerBound) to \(count.upperBound)"
        if count.lowerBound > 0 { replace(path, ["empty": []], telling: ["holds 0 items", allowed]) }
        guard let first = value(at: path)?.array?.first else { return }
        if count.upperBound <= 20_000 {
            let items = Array(repeating: first, count: count.upperBound + 1)
            replace(path, ["too many": .array(items)], telling: ["holds \(count.upperBound + 1) items", allowed])
        }
        visit(item, at: path + ["0"])
    }

    private mutating func object(_ path: [String], _ members: [Schema.Member]) {
        if !path.isEmpty { types(path, ["text": "a", "list": []], "an object", orNull: false) }
        guard let given = value(at: path)?.object else { return }
        for member in members {
            if member.isRequired, given[member.name] != nil {
                var less = given
                less[member.name] = nil
                replace(path, ["without \(member.name)": .object(less)], at: path + [member.name])
            }
            if given[member.name] != nil, member.name != "_meta" { visit(member.schema, at: path + [member.name]) }
        }
        for name in ["nosuchmember", "\u{0}", String(repeating: "x", count: 5000)] {
            var more = given
            more[name] = 1
            replace(path, ["with \(name.prefix(12))": .object(more)], at: path + [String(name.prefix(64)).plain])
        }
    }

    private func value(at path: [String]) -> JSONValue? { Self.value(base, path) }

    private static func value(_ base: JSONValue, _ path: [String]) -> JSONValue? {
        path.reduce(base) { value, name in Int(name).flatMap { value?[$0] } ?? value?[name] }
    }

    /// Values of another type; the fault says which was given, and which is meant.
    private mutating func types(_ path: [String], _ values: [String: JSONValue], _ expected: String, orNull: Bool = true) {
        for (name, value) in values {
            let given =
                switch value {
                case .null: "null"
                case .bool(let value): "\(value)"
                case .integer, .number: "a number"
                case .string: "a string"
                case .array: "a list"
                case .object: "an object"
                }
            replace(path, [name: value], telling: ["is \(given), not \(expected)"])
        }
        if orNull { replace(path, ["null": .null], telling: ["is null"]) }
    }

    private mutating func replace(
        _ path: [String], _ values: [String: JSONValue], at place: [String]? = nil, telling words: [String] = []
    ) {
        for (name, value) in values {
            let changed = Self.set(base, path[...], value)
            cases.append(Case(name: name, json: JSON.text(changed), path: Self.text(place ?? path), words: words))
        }
    }

    /// A text that no `JSONValue` holds.
    private mutating func raw(_ path: [String], _ text: String, _ name: String, isJSON: Bool = true) {
        let mark = "@@\(name)@@"
        let json = JSON.text(Self.set(base, path[...], .string(mark))).replacing("\"\(mark)\"", with: text)
        cases.append(Case(name: name, json: json, path: isJSON ? Self.text(path) : nil))
    }

    private static func set(_ value: JSONValue, _ path: ArraySlice<String>, _ new: JSONValue) -> JSONValue {
        guard let name = path.first else { return new }
        if case .array(var items) = value, let index = Int(name), items.indices.contains(index) {
            items[index] = set(items[index], path.dropFirst(), new)
            return .array(items)
        }
        var members = value.object ?? [:]
        members[name] = set(members[name] ?? .null, path.dropFirst(), new)
        return .object(members)
    }

    private static func text(_ path: [String]) -> String {
        path.reduce("") { Int($1) != nil && !$0.isEmpty ? "\($0)[\($1)]" : $0.isEmpty ? $1 : "\($0).\($1)" }
    }
}
