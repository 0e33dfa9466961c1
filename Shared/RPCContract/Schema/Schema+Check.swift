/// Where a value breaks its schema, and how.
package struct Violation: Error {
    package private(set) var path: String
    package private(set) var problem: String
    /// Whether a required member is not there.
    let isMissing: Bool
    /// Whether a text has a character that is not allowed, or another form: something else was meant to stand there.
    private let isForeign: Bool

    init(_ problem: String, isMissing: Bool = false, isForeign: Bool = false) {
        path = ""
        self.problem = problem
        self.isMissing = isMissing
        self.isForeign = isForeign
    }

    /// The same, with what is meant by the member whose own value it is.
    func explained(by meaning: String) -> Violation {
        guard isForeign, path.isEmpty else { return self }
        var violation = self
        violation.problem = "\(problem): \(meaning)".droppingFullStop
        return violation
    }

    /// The same, seen from the object or list around it.
    package func inside(_ place: String) -> Violation {
        var violation = self
        violation.path = path.isEmpty || path.first == "[" ? place + path : "\(place).\(path)"
        return violation
    }

    /// As a caller reads it: which field, what it holds, what it may hold.
    package var fault: Fault {
        let sentence = problem.hasSuffix("?") ? problem : problem + "."
        return Fault(.params, "\(path.isEmpty ? "params" : path) \(sentence)", path: path.isEmpty ? nil : path)
    }
}

extension Schema {
    /// Holds params against the schema.
    ///
    /// `_meta` belongs to the envelope and is left to it. A member that is not known is refused; so is null,
    /// unless the table says what null means.
    package func check(params: JSONValue) throws(Violation) { try check(params, envelope: "_meta") }

    /// Holds a reply against the schema; a reply may have members that are not known yet.
    package func check(reply: JSONValue) throws(Violation) { try check(reply, isOpen: true) }

    func check(_ value: JSONValue, envelope: String? = nil, isOpen: Bool = false) throws(Violation) {
        switch kind {
        case .any: return
        case .later:
            guard case .object = value else { throw value.isNot("an object") }
        case .flag:
            guard case .bool = value else { throw value.isNot("true or false") }
        case .text(let length, let alphabet, let format):
            guard case .string(let text) = value else { throw value.isNot("a string") }
            try Self.check(text, length, alphabet)
            if let problem = format?.problem(with: text) { throw Violation(problem, isForeign: true) }
        case .words(let words):
            guard case .string(let text) = value else { throw value.isNot("a string") }
            guard words.contains(text) else { throw Self.unknownWord(text, words) }
        case .whole(let range, let unit):
            guard case .integer(let number) = value else {
                if case .number(let number) = value { throw Violation("is \(number); it is \(Self.text(range, unit))") }
                throw value.isNot("a whole number")
            }
            guard range.contains(number) else { throw Violation("is \(number); it is \(Self.text(range, unit))") }
        case .number(let range, let unit):
            guard let number = value.exactDouble else { throw value.isNot("a number") }
            guard range.contains(number) else {
                throw Violation("is \(number); it is \(range.lowerBound) to \(range.upperBound)\(unit.map { " \($0)" } ?? "")")
            }
        case .list(let count, let item):
            guard case .array(let items) = value else { throw value.isNot("a list") }
            guard count.contains(items.count) else { throw Self.wrongCount(items.count, count) }
            for (index, value) in items.enumerated() {
                do throws(Violation) { try item.check(value, isOpen: isOpen) } catch { throw error.inside("[\(index)]") }
            }
        case .map(let count, let item):
            guard case .object(let members) = value else { throw value.isNot("an object") }
            guard count.contains(members.count) else {
                throw Violation("holds \(members.count) members; it holds \(count.lowerBound) to \(count.upperBound)")
            }
            for (name, value) in members {
                guard name.utf8.count <= 512 else { throw Violation("has a key of \(name.utf8.count) bytes; a key has up to 512") }
                do throws(Violation) { try item.check(value, isOpen: isOpen) } catch { throw error.inside(name) }
            }
        case .object(let members):
            guard case .object(let given) = value else { throw value.isNot("an object") }
            try check(given, members, envelope: envelope, isOpen: isOpen)
        }
    }

    private func check(_ given: [String: JSONValue], _ members: [Member], envelope: String?, isOpen: Bool) throws(Violation) {
        var known = 0
        for (name, value) in given {
            guard let position = index[name] else {
                if isOpen || name == envelope { continue }
                throw Self.unknownMember(name, members)
            }
            let member = members[position]
            if member.isRequired { known += 1 }
            if value == .null {
                if member.null != nil { continue }
                throw Self.wrongNull(member)
            }
            do throws(Violation) { try member.schema.check(value, isOpen: isOpen) } catch {
                throw error.explained(by: member.meaning).inside(name)
            }
        }
        guard known == requiredCount else {
            guard let missing = members.first(where: { $0.isRequired && given[$0.name] == nil }) else { return }
            throw Self.missing(missing)
        }
    }

    private static func check(_ text: String, _ length: ClosedRange<Int>, _ alphabet: TextAlphabet?) throws(Violation) {
        // A text has no more code points than bytes, so most need no counting.
        let bytes = text.utf8.count
        if bytes > length.upperBound || bytes < length.lowerBound * 4 {
            let count = text.unicodeScalars.count
            guard length.contains(count) else {
                let allowed =
                    length.lowerBound == length.upperBound ? "\(length.lowerBound)" : "\(length.lowerBound) to \(length.upperBound)"
                throw Violation(count == 0 ? "is empty; it has \(allowed) characters" : "has \(count) characters; it has \(allowed)")
            }
        }
        guard let alphabet, let found = alphabet.foreign(in: text) else { return }
        throw Violation("has \(found.shown) as character \(found.place); it consists of \(alphabet.name)", isForeign: true)
    }

    static func wrongCount(_ given: Int, _ count: ClosedRange<Int>) -> Violation {
        Violation("holds \(given) items; it holds \(count.lowerBound) to \(count.upperBound)")
    }

    static func wrongNull(_ member: Member) -> Violation {
        Violation("is null; \(member.isRequired ? "it is required" : "leave it out, or give a value")").inside(member.name)
    }

    static func missing(_ member: Member) -> Violation {
        Violation("is missing: \(member.meaning)".droppingFullStop, isMissing: true).inside(member.name)
    }

    private static func text(_ range: ClosedRange<Int64>, _ unit: String?) -> String {
        "a whole number from \(range.lowerBound) to \(range.upperBound)\(unit.map { " \($0)" } ?? "")"
    }

    private static func unknownWord(_ text: String, _ words: [String]) -> Violation {
        let hint = NearestName.of(text, among: words).map { "; did you mean \($0)?" } ?? ""
        return Violation("is \"\(String(text.unicodeScalars.prefix(40)))\", not one of \(words.joined(separator: ", "))\(hint)")
    }

    static func unknownMember(_ name: String, _ members: [Member]) -> Violation {
        let near = NearestName.of(name, among: members.map(\.name))
        let hint =
            near.map { ": did you mean \($0)?" }
            ?? (members.isEmpty ? ": it takes none" : ". Known: \(members.map(\.name).joined(separator: ", "))")
        return Violation("is not known\(hint)").inside(String(String.UnicodeScalarView(name.unicodeScalars.prefix(64))))
    }
}

extension JSONValue {
    fileprivate func isNot(_ expected: String) -> Violation {
        let given =
            switch self {
            case .null: "null"
            case .bool(let value): "\(value)"
            // Not the value: where a text belongs, it may be a PIN or a phone number.
            case .integer, .number: "a number"
            case .string: "a string"
            case .array: "a list"
            case .object: "an object"
            }
        return Violation("is \(given), not \(expected)")
    }

    fileprivate var exactDouble: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }
}

extension String {
    /// A fault's sentence brings its own full stop.
    fileprivate var droppingFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
