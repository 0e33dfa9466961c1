/// Other people's words on a terminal.
enum TerminalText {
    /// Without anything that a terminal would obey: control characters become spaces, and what turns the direction goes.
    static func plain(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029: plain.append(" ")
            case 0x202A...0x202E, 0x2066...0x2069: break
            default: plain.append(scalar)
            }
        }
        return String(plain)
    }

    /// Prints a line of our own, folded between words where the terminal is narrower.
    static func print(_ text: String) {
        for line in lines(text, width: TerminalWidth.columns) { Swift.print(line) }
    }

    /// Further lines of a line that is folded stand two columns deeper than it begins.
    ///
    /// A word that is longer than a line stays whole: it is copied.
    ///
    /// - Parameter width: columns of the terminal; nil where it is none, and nothing is folded.
    static func lines(_ text: String, width: Int?) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            guard let width, TerminalWidth.of(String(line)) > width else { return [String(line)] }
            let depth = line.prefix { $0 == " " }.count
            let parts = TerminalWidth.folded(String(line.dropFirst(depth)), to: max(1, width - depth - 2), cutsWords: false)
            return parts.enumerated().map { String(repeating: " ", count: $0 == 0 ? depth : depth + 2) + $1 }
        }
    }
}

/// Prints a sentence of any command as `TerminalText` does; what programs read, and what is copied whole, is printed by Swift's own.
func print(_ text: String) { TerminalText.print(text) }
