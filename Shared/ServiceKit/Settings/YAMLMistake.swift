import Yams

/// Where a file is not written as YAML is, what is wrong there and what to do: `line:column: is not YAML: …`.
///
/// The parser speaks of tokens and scalars and often notices a mistake only behind it; who writes a settings file needs the place to mend.
struct YAMLMistake: CustomStringConvertible {
    private var place: String
    private var words: String

    var description: String { "\(place): is not YAML: \(words)" }

    /// - Parameters:
    ///   - error: what the parser threw.
    ///   - text: what it read.
    init(_ error: any Error, in text: String) {
        switch error as? YamlError {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            self = Self.written(Problem(text: problem, mark: mark, begin: context?.mark, context: context?.text ?? ""), in: text)
        case .reader(_, let offset, _, let yaml):
            self = Self.unreadable(offset ?? 0, in: yaml)
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.joined(separator: ", ")
            self = Self(context.mark, "\(names) \(keys.count == 1 ? "stands" : "stand") twice in one section; keep one of them")
        default:
            self = Self(place: "1", words: "\(error)".split(separator: "\n").joined(separator: " "))
        }
    }

    private init(place: String, words: String) {
        self.place = place
        self.words = words
    }

    private init(_ mark: Mark, _ words: String) {
        self.init(place: "\(mark.line):\(mark.column)", words: words)
    }

    /// What the parser says, and where.
    private struct Problem {
        var text: String
        var mark: Mark
        /// Where that begins in whose midst the problem was met.
        var begin: Mark?
        var context: String

        func speaks(of words: String...) -> Bool { words.contains { text.contains($0) || context.contains($0) } }
    }

    private static func written(_ problem: Problem, in text: String) -> Self {
        let line = Line(problem.mark, in: text)
        let begin = problem.begin ?? problem.mark
        if problem.speaks(of: "tab character") || line.next == "\t" {
            return Self(problem.mark, "a tab stands where only spaces may; indent with spaces")
        } else if problem.speaks(of: "mapping values are not allowed") {
            return Self(problem.mark, colon(line))
        } else if problem.speaks(of: "did not find expected key", "<document start>") {
            return Self(problem.mark, strayText(line))
        } else if problem.speaks(of: "could not find expected ':'") {
            return Self(begin, "a name stands here without a colon; write it as `name: value`")
        } else if problem.speaks(of: "',' or ']'", "',' or '}'") {
            let close = problem.text.contains("]") ? "]" : "}"
            return Self(begin, "what this bracket opens does not end, or lacks a comma; close it with \(close)")
        } else if problem.speaks(of: "end of stream", "unexpected document indicator") {
            return Self(begin, "the text that this quote opens does not end; close it with the same quote")
        } else if problem.speaks(of: "parsing a quoted scalar") {
            return Self(
                problem.mark, "a \\ in double quotes begins a special character, and this is none; use single quotes, or write \\\\")
        } else if problem.speaks(of: "found another document", "directive", "incompatible YAML document") {
            return Self(problem.mark, "a file of settings is one document; take away lines that begin with --- or %")
        }
        return unusual(problem, line, begin)
    }

    private static func unusual(_ problem: Problem, _ line: Line, _ begin: Mark) -> Self {
        if problem.speaks(of: "'-' indicator", "block sequence entries") {
            return Self(problem.mark, "a list and settings are mixed; write each setting as `name: value`, without -")
        } else if problem.speaks(of: "cannot start any token"), let first = line.next {
            return Self(problem.mark, "a value cannot begin with \(first); put it in quotes")
        } else if problem.speaks(of: "expected node content") {
            let found = line.next.map { "\($0) stands where a value should be" } ?? "the file ends where a value should be"
            return Self(problem.mark, "\(found); write the value, in quotes if that is one")
        } else if problem.speaks(of: "anchor", "alias", "tag") {
            return Self(begin, "a value that begins with &, * or ! has a meaning of its own in YAML; put it in quotes")
        } else if problem.speaks(of: "block scalar") {
            return Self(begin, "a text of several lines is not written as YAML wants it; write the value in one line, in quotes")
        }
        return Self(problem.mark, "\(problem.text); compare the line with those around it")
    }

    private static func colon(_ line: Line) -> String {
        line.before.contains(": ") || line.before.contains("- ")
            ? "a second colon stands in one line; put the value in quotes, or begin a new line for the name behind the first colon"
            : "a name stands beneath a line that opens no section; end the line above with a colon, or indent both alike"
    }

    private static func strayText(_ line: Line) -> String {
        if line.next == ":" { return "a name is missing before the colon; write it as `name: value`" }
        return line.before.allSatisfy { $0 == " " }
            ? "the line is indented like none above it; begin it in the same column as its neighbours"
            : "something stands behind a value that has ended; put the whole value in quotes"
    }

    /// Control characters are the only ones that text of UTF-8 may not have.
    private static func unreadable(_ offset: Int, in text: String) -> Self {
        let before = text.prefix(offset)
        let lines = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return Self(
            place: "\(max(1, lines.count)):\((lines.last?.unicodeScalars.count ?? 0) + 1)",
            words: "an invisible control character stands here; take it away")
    }

    /// The line that a mark is in, cut there.
    private struct Line {
        var before: String
        var next: Character?

        init(_ mark: Mark, in text: String) {
            let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            let line = lines.indices.contains(mark.line - 1) ? lines[mark.line - 1] : ""
            before = String(String.UnicodeScalarView(line.unicodeScalars.prefix(max(0, mark.column - 1))))
            next = line.unicodeScalars.dropFirst(max(0, mark.column - 1)).first.map(Character.init)
        }
    }
}
