import RPCContract
import TemplateContract

/// A template's text, parsed once: plain pieces and variables.
///
/// `{{name}}` and `{{1}}` are variables; `{{name|there}}` has a default for a
/// missing or empty value. Named and numbered ones are not mixed in one text.
struct TemplateText: Sendable, Equatable {
    enum Piece: Sendable, Equatable {
        case text(String)
        case variable(name: String, fallback: String?)
    }

    let pieces: [Piece]

    /// Names in order of first appearance.
    var variables: [String] {
        var names: [String] = []
        for case .variable(let name, _) in pieces where !names.contains(name) { names.append(name) }
        return names
    }

    /// Whether the variables are numbers, which Meta calls POSITIONAL.
    var isPositional: Bool { variables.first.map { $0.first?.isNumber == true } ?? false }

    /// Parses as far as it can and tells every problem with its place.
    static func parse(_ source: String) -> (text: TemplateText, problems: [ValidateTemplate.Problem]) {
        var parser = TemplateParser(source)
        let pieces = parser.parse()
        return (TemplateText(pieces: pieces), parser.problems)
    }

    /// The value of each variable, or the name of the first that has none.
    func values(_ given: [String: String]) -> Result<[String: String], MissingVariable> {
        var values: [String: String] = [:]
        for case .variable(let name, let fallback) in pieces {
            guard let value = Self.value(of: name, given) ?? fallback ?? values[name] else { return .failure(MissingVariable(name: name)) }
            values[name] = values[name] ?? value
        }
        return .success(values)
    }

    /// A value as Meta takes it: in one line, and without long gaps.
    ///
    /// Source: Meta, error 132018: no line breaks and tabs in a parameter, and no more than four spaces in a row.
    private static func value(of name: String, _ given: [String: String]) -> String? {
        guard let text = given[name], !text.isEmpty else { return nil }
        var spaces = 0
        let isPlain = text.utf8.allSatisfy { byte in
            spaces = byte == 0x20 ? spaces + 1 : 0
            return byte >= 0x20 && spaces <= 4
        }
        // A line can also break by letters beyond ASCII.
        if isPlain, text.utf8.allSatisfy({ $0 < 0x80 }) || !text.contains(where: \.isNewline) { return text }
        let line = text.split { $0.isNewline || $0 == "\t" || $0 == " " }.joined(separator: " ")
        return line.isEmpty ? nil : line
    }

    /// The text as the customer will read it.
    func render(_ given: [String: String]) throws(MissingVariable) -> String {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let plain): text += plain
            case .variable(let name, let fallback):
                guard let value = Self.value(of: name, given) ?? fallback else { throw MissingVariable(name: name) }
                text += value
            }
        }
        return text
    }

    /// The text with variables as Meta's template takes them, without defaults.
    var metaText: String {
        pieces.map { piece in
            switch piece {
            case .text(let plain): plain
            case .variable(let name, _): "{{\(name)}}"
            }
        }
        .joined()
    }
}

/// A variable with neither value nor default.
struct MissingVariable: Error, Equatable {
    var name: String

    /// In words, with what may have been meant for it: a column that is no variable of the template, called nearly so or not.
    func words(given: [String], of template: Template) -> String {
        let others = given.filter { !template.variables.contains($0) }.sorted()
        let hint = NearestName.of(name, among: others).map { "; is it what \($0) was meant for?" }
        return "variable \(name) has no value\(hint ?? Self.unused(others, isMissing: !given.contains(name), of: template))"
    }

    /// Names the values that nobody asks for, where a variable has none: one of them may be misspelt.
    private static func unused(_ names: [String], isMissing: Bool, of template: Template) -> String {
        guard isMissing, !names.isEmpty else { return "" }
        let told = names.prefix(3).map { String($0.unicodeScalars.prefix(40)) }.joined(separator: ", ")
        return "; \(told)\(names.count > 3 ? " and others are" : names.count > 1 ? " are" : " is") no variable of \(template.name)"
    }
}

/// Reads a template's text from left to right and keeps line and column.
private struct TemplateParser {
    private let characters: [Character]
    private var index = 0
    private var line = 1
    private var column = 1
    private(set) var problems: [ValidateTemplate.Problem] = []
    private var numbered: Bool?

    init(_ source: String) {
        characters = Array(source)
    }

    mutating func parse() -> [TemplateText.Piece] {
        var pieces: [TemplateText.Piece] = []
        var plain = ""
        while index < characters.count {
            if starts(with: "{{") {
                if !plain.isEmpty { pieces.append(.text(plain)) }
                plain = ""
                let place = (line: line, column: column)
                guard let variable = variable() else { continue }
                if case .variable(let name, _)? = pieces.last {
                    report("Another variable follows {{\(name.prefix(64))}} at once; Meta's review refuses that.", at: place)
                }
                pieces.append(variable)
            } else {
                if starts(with: "}}") { report("}} closes nothing; variables are written {{name}}.") }
                plain.append(advance())
            }
        }
        if !plain.isEmpty { pieces.append(.text(plain)) }
        return pieces
    }

    private func starts(with text: String) -> Bool { characters[index...].starts(with: text) }

    private mutating func advance() -> Character {
        let character = characters[index]
        index += 1
        if character.isNewline {
            line += 1
            column = 1
        } else {
            column += 1
        }
        return character
    }

    private mutating func report(_ message: String, at place: (line: Int, column: Int)? = nil) {
        problems.append(ValidateTemplate.Problem(line: place?.line ?? line, column: place?.column ?? column, message: message))
    }

    private mutating func variable() -> TemplateText.Piece? {
        let start = (line: line, column: column)
        _ = advance()
        _ = advance()
        var inner = ""
        while index < characters.count, !starts(with: "}}") {
            if starts(with: "{{") || characters[index].isNewline { break }
            inner.append(advance())
        }
        guard index < characters.count, starts(with: "}}") else {
            report("{{ is not closed by }}.", at: start)
            return nil
        }
        _ = advance()
        _ = advance()
        let parts = inner.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].trimmed
        guard isName(name, at: start) else { return nil }
        return .variable(name: name, fallback: parts.count > 1 ? parts[1].trimmed : nil)
    }

    private mutating func isName(_ name: String, at place: (line: Int, column: Int)) -> Bool {
        guard let first = name.first else {
            report("The variable has no name.", at: place)
            return false
        }
        let isNumber = name.allSatisfy { $0.isASCII && $0.isNumber }
        guard
            isNumber
                || ((first.isASCII && first.isLetter || first == "_")
                    && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
        else {
            report("\"\(name.prefix(40))\" is no variable name: letters, digits and underscore, or a number from 1.", at: place)
            return false
        }
        if isNumber, Int(name) == nil || name.hasPrefix("0") {
            report("Numbered variables begin at 1.", at: place)
            return false
        }
        if let numbered, numbered != isNumber { report("Named and numbered variables cannot be mixed.", at: place) }
        numbered = numbered ?? isNumber
        return true
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
