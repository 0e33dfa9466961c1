import Foundation
package import Vocabulary

/// Gives a process its settings, each declared where it is read: name, bounds, default and meaning.
///
/// The same reading lists the settings for `--settings` and the reference, so none can be documented and not read,
/// or read under a name that nobody may set.
package struct SettingsReader {
    /// What `--settings` prints of one setting.
    struct Declared {
        var name: String
        var initial: String
        var meaning: String
    }

    private let given: [String: Configuration.Value]
    private(set) var declared: [Declared] = []
    /// What is wrong with values, all of it: nobody mends one, tries, and meets the next.
    private(set) var problems: [String] = []
    /// How many of them, the first, every process has.
    private(set) var commonCount = 0

    init(_ given: [String: Configuration.Value] = [:]) { self.given = given }

    mutating func markCommon() { commonCount = declared.count }

    /// Names that are given and that nobody has read.
    var unread: [String] { given.keys.filter { name in !declared.contains { $0.name == name } }.sorted() }

    /// Tells that a value does not go with the others, beside what is wrong with single ones.
    package mutating func refuse(_ name: String, _ problem: String) {
        guard let value = given[name] else { return }
        problems.append("\(value.place): \(name) \(problem)")
    }

    /// An absolute path; empty only where the default is.
    package mutating func path(_ name: String, _ initial: String, _ meaning: String) throws(StartRefusal) -> String {
        try read(name, default: initial, meaning, rule: "must be an absolute path") { $0.hasPrefix("/") || $0 == initial ? $0 : nil }
    }

    /// `https://` or `http://`, a host and perhaps a port, and nothing that a path could not be put behind.
    package mutating func webAddress(_ name: String, _ initial: String, _ meaning: String) throws(StartRefusal) -> String {
        try read(name, default: initial, meaning, rule: "must be an address such as \(initial)") { text in
            guard let parts = URLComponents(string: text), ["https", "http"].contains(parts.scheme), parts.host?.isEmpty == false,
                parts.query == nil, parts.fragment == nil, parts.user == nil, !text.hasSuffix("/")
            else { return nil }
            return text
        }
    }

    /// A version as the Graph API writes it: `v24.0`.
    package mutating func graphVersion(_ name: String, _ initial: String, _ meaning: String) throws(StartRefusal) -> String {
        try read(name, default: initial, meaning, rule: "must be a version such as \(initial)") {
            $0.wholeMatch(of: /v[0-9]{1,3}\.[0-9]{1,2}/) == nil ? nil : $0
        }
    }

    /// `true` or `false`.
    package mutating func flag(_ name: String, _ initial: Bool, _ meaning: String) throws(StartRefusal) -> Bool {
        try read(name, default: "\(initial)", meaning, rule: "must be true or false") { $0 == "true" ? true : $0 == "false" ? false : nil }
    }

    /// A whole number within bounds.
    package mutating func whole(
        _ name: String,
        _ range: ClosedRange<Int>,
        default initial: Int,
        _ meaning: String
    ) throws(StartRefusal) -> Int {
        try read(name, default: "\(initial)", meaning, rule: "must be a whole number from \(range.lowerBound) to \(range.upperBound)") {
            Int($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// Written as `250ms`, `30s`, `5m`, `24h` or `7d`.
    package mutating func span(
        _ name: String,
        _ range: ClosedRange<Milliseconds>,
        default initial: String,
        _ meaning: String
    ) throws(StartRefusal) -> Milliseconds {
        let bounds = "from \(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
        return try read(name, default: initial, meaning, rule: "must be a duration such as 250ms, 30s, 5m, 24h or 7d, \(bounds)") {
            Self.span($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// One word of an enum.
    package mutating func choice<Word: RawRepresentable & CaseIterable>(
        _ name: String,
        _ initial: Word,
        _ meaning: String
    ) throws(StartRefusal) -> Word where Word.RawValue == String {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        return try read(name, default: initial.rawValue, meaning, rule: "must be one of \(words)") { Word(rawValue: $0) }
    }

    private mutating func read<Value>(
        _ name: String,
        default initial: String,
        _ meaning: String,
        rule: String,
        _ parse: (String) -> Value?
    ) throws(StartRefusal) -> Value {
        declared.append(Declared(name: name, initial: initial, meaning: meaning))
        if let value = given[name] {
            if let parsed = parse(value.text) { return parsed }
            problems.append("\(value.place): \(name) \(rule), not \"\(value.text.prefix(80))\"")
        }
        guard let parsed = parse(initial) else { throw StartRefusal(.defect, "the default of \(name) \(rule), and is \(initial)") }
        return parsed
    }

    private static func span(_ text: String) -> Milliseconds? {
        let units: [(suffix: String, milliseconds: Double)] = [
            ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
        ]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let value = Double(text.dropLast(unit.suffix.count)), value.isFinite, value >= 0
        else { return nil }
        return Milliseconds(value * unit.milliseconds)
    }

    private static func text(_ span: Milliseconds) -> String {
        let units: [(String, Int64)] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)]
        guard let unit = units.first(where: { span.count % $0.1 == 0 }), span != .zero else { return "0s" }
        return "\(span.count / unit.1)\(unit.0)"
    }
}

/// The settings of one process, read once at its start.
package protocol ProcessSettings: Sendable {
    init(_ reader: inout SettingsReader) throws(StartRefusal)
}

/// A process without settings of its own.
package struct NoSettings: ProcessSettings {
    package init(_ reader: inout SettingsReader) {}
}
