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
}
