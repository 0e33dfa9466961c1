import Foundation

/// How much room texts take on a terminal, which counts columns and not characters.
enum TerminalWidth {
    /// Columns of the terminal that standard output is; nil where it is a file or a pipe.
    static var columns: Int? { columns(of: 1) }

    /// Columns of the terminal that a descriptor is; nil where it is none, or does not say how wide it is.
    static func columns(of descriptor: Int32) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + of($1) } }

    /// As terminals reckon: nothing for what is put on another letter, two for East Asian letters and emoji.
    ///
    /// Vowel signs that stand beside their letter, as in Devanagari, have a column of their own (Unicode's Mc).
    static func of(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// A text in lines of so many columns, folded between words where that is possible.
    ///
    /// - Parameter cutsWords: whether a word that is longer than a line is cut, as a table needs it; else that line is longer.
    static func folded(_ text: String, to width: Int, cutsWords: Bool = true) -> [String] {
        guard of(text) > width, width > 0 else { return [text] }
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let joined = line.isEmpty ? String(word) : "\(line) \(word)"
            if of(joined) <= width {
                line = joined
                continue
            }
            if !line.isEmpty { lines.append(line) }
            line = cutsWords ? "" : String(word)
            for character in cutsWords ? word : "" {
                if of(line + String(character)) > width {
                    lines.append(line)
                    line = ""
                }
                line.append(character)
            }
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line) }
        return lines
    }

    /// A text in one line of so many columns; what is too long ends with an ellipsis.
    static func cut(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        guard width > 0 else { return "" }
        var line = ""
        for character in text {
            guard of(line + String(character)) < width else { break }
            line.append(character)
        }
        return line + "…"
    }
}
