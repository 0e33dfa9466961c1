/// A text as a cell of a CSV file.
///
/// Source: RFC 4180, 2.5 to 2.7.
package enum CSVCell {
    /// Quoted where it has to be, and nothing of which a spreadsheet would make a formula.
    package static func text(_ text: String) -> String {
        // By scalars: a line break of two letters is one character, and a mark put on a quote makes another character of it.
        let scalars: [Unicode.Scalar] = text.unicodeScalars.map { isControl($0) ? " " : $0 }
        var cell = String.UnicodeScalarView()
        var (isQuoted, isStart) = (false, true)
        for (place, scalar) in scalars.enumerated() {
            if isStart, isFormula(scalars[place...]) { cell.append("'") }
            isStart = false
            switch scalar {
            case "\"":
                isQuoted = true
                cell.append(scalar)
            case ",": isQuoted = true
            case ";", "\t", "\n", "\r":
                // Where these separate cells, a quote behind a comma is none, and what follows is a cell of its own.
                (isQuoted, isStart) = (true, true)
            default: break
            }
            cell.append(scalar)
        }
        return isQuoted ? "\"\(String(cell))\"" : String(cell)
    }

    /// Whoever prints the file should not have their terminal steered by it.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{0}"..."\u{8}", "\u{B}", "\u{C}", "\u{E}"..."\u{1F}", "\u{7F}"..."\u{9F}": true
        default: false
        }
    }

    /// - Parameter text: what is left of a text, from where a cell may begin.
    private static func isFormula(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        // Some programs drop spaces before they look, and take the wide signs of East Asia for the others.
        guard let first = text.first(where: { !isSkipped($0) }) else { return false }
        if text.startIndex == 0, "\t\r\n".unicodeScalars.contains(first) { return true }
        guard "=+-@＝＋－＠".unicodeScalars.contains(first) else { return false }
        // A phone number is none, and begins with the sign that tells its country code.
        let part = text.prefix { !";\t\r\n".unicodeScalars.contains($0) }
        guard first == "+", part.contains(" ") else { return true }
        return !part.dropFirst().allSatisfy { $0 == " " || ("0"..."9").contains($0) }
    }

    /// Signs without ink: any space, and the marks that only steer how text is set.
    private static func isSkipped(_ scalar: Unicode.Scalar) -> Bool {
        [.spaceSeparator, .format].contains(scalar.properties.generalCategory)
    }
}
