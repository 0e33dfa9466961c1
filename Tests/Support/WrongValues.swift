import Foundation
package import RPCContract
package import Vocabulary

/// Values that a schema forbids, made from the schema itself: one below and one above each bound, another type,
/// null, empty, huge, with NUL, with half a surrogate pair, with an unknown member, without a required one.
package struct WrongValues {
    /// One params text, and where its fault is to point.
    package struct Case {
        package var name: String
        package var json: String
        /// Nil where the text is not JSON at all.
        package var path: String?
    }

    package private(set) var cases: [Case] = []
    private let base: JSONValue

    /// - Parameter base: sound params; each case breaks one place of them.
    package init(_ schema: Schema, base: JSONValue) {
        self.base = base
        visit(schema, at: [])
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
                cases.append(Case(name: "cut", json: String(decoding: part, as: UTF8.self), path: nil))
            } else {
                let name = String(generator.next(), radix: 36)
                var members = base.object ?? [:]
                members[name] = .integer(Int64(bitPattern: generator.next()))
                cases.append(Case(name: "with \(name)", json: JSON.text(.object(members)), path: name))
            }
        }
    }

    private mutating func visit(_ schema: Schema, at path: [String]) {
        switch schema.kind {
        case .any, .later: break
        case .flag: replace(path, ["text": "yes", "number": 1, "list": [], "null": .null])
        case .words: replace(path, ["unknown word": "no such word", "empty": "", "number": 1, "null": .null])
        case .text(let length, let alphabet, let format): texts(path, length, alphabet, format)
        case .whole(let range, _):
            replace(path, ["text": "1", "fraction": 0.5, "object": [:], "null": .null])
            if range.lowerBound > .min { replace(path, ["below": .integer(range.lowerBound - 1)]) }
            if range.upperBound < .max { replace(path, ["above": .integer(range.upperBound + 1)]) }
            raw(path, "9223372036854775808", "beyond 64 bits")
            raw(path, "1e308", "huge")
        case .number(let range, _):
            replace(
                path,
                [
                    "text": "1", "below": .number(range.lowerBound.nextDown), "above": .number(range.upperBound.nextUp), "list": [1],
                    "null": .null,
                ])
            raw(path, "NaN", "not a number", isJSON: false)
            raw(path, "1e999", "infinite", isJSON: false)
        case .list(let count, let item): list(path, count, item)
        case .map(let count, let value):
            replace(path, ["text": "a", "list": [], "null": .null])
            if count.upperBound < 2000 {
                let members = (0...count.upperBound).map { ("k\($0)", JSONValue.string("")) }
                replace(path, ["too many": .object(Dictionary(members, uniquingKeysWith: { first, _ in first }))])
            }
            if let name = self.value(at: path)?.object?.keys.first { visit(value, at: path + [name]) }
        case .object(let members): object(path, members)
        }
    }

    private mutating func texts(_ path: [String], _ length: ClosedRange<Int>, _ alphabet: TextAlphabet?, _ format: TextFormat?) {
        replace(path, ["number": 1, "flag": true, "object": [:], "null": .null])
        raw(path, "\"\\ud800\\u\"", "half an escape", isJSON: false)
        raw(path, "\"\\ud800\"", "half a surrogate pair")
        if length.lowerBound > 0 { replace(path, ["empty": ""]) }
        // Longer texts are refused by the frame already.
        if length.upperBound < 100_000 { replace(path, ["too long": .string(String(repeating: "9", count: length.upperBound + 1))]) }
        if format?.pattern != nil { replace(path, ["of another form": "~"]) }
        guard let alphabet else { return }
        replace(path, ["NUL": "\u{0}", "a line break": "\n", "a turn of direction": "\u{202E}"])
        if !alphabet.isOpen { replace(path, ["of other letters": "\u{0939}"]) }
    }

    private mutating func list(_ path: [String], _ count: ClosedRange<Int>, _ item: Schema) {
        replace(path, ["text": "a", "object": [:], "number": 1, "null": .null])
        if count.lowerBound > 0 { replace(path, ["empty": []]) }
        guard let first = value(at: path)?.array?.first else { return }
        if count.upperBound <= 20_000 { replace(path, ["too many": .array(Array(repeating: first, count: count.upperBound + 1))]) }
        visit(item, at: path + ["0"])
    }

    private mutating func object(_ path: [String], _ members: [Schema.Member]) {
        if !path.isEmpty { replace(path, ["text": "a", "list": []]) }
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

    private mutating func replace(_ path: [String], _ values: [String: JSONValue], at place: [String]? = nil) {
        for (name, value) in values {
            let changed = Self.set(base, path[...], value)
            cases.append(Case(name: name, json: JSON.text(changed), path: Self.text(place ?? path)))
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
