/// A text as a cell of a CSV file.
///
/// Source: RFC 4180, 2.5 to 2.7.
package enum CSVCell {
    /// Quoted where it has to be, and nothing of which a spreadsheet would make a formula.
    package static func text(_ text: String) -> String {
        // By scalars: a line break of two letters is one character, and a mark put on a quote makes another character of it.
        var cell = String.UnicodeScalarView()
        if isFormula(text) { cell.append("'") }
        var isQuoted = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"":
                isQuoted = true
                cell.append(scalar)
            case ",", "\n", "\r": isQuoted = true
            // Whoever prints the file should not have their terminal steered by it.
            case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{7F}"..."\u{9F}":
                cell.append(" ")
                continue
            default: break
            }
            cell.append(scalar)
        }
        return isQuoted ? "\"\(String(cell))\"" : String(cell)
    }

    private static func isFormula(_ text: String) -> Bool {
        // Some programs drop spaces before they look, and take the wide signs of East Asia for the others.
        guard let first = text.unicodeScalars.first(where: { $0 != " " }) else { return false }
        guard "=+-@\t\r\n＝＋－＠".unicodeScalars.contains(first) else { return false }
        // A phone number is none, and begins with the sign that tells its country code.
        guard first == "+", text.contains(" ") else { return true }
        return !text.unicodeScalars.dropFirst().allSatisfy { $0 == " " || ("0"..."9").contains($0) }
    }
}
