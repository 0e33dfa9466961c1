/// Cells such as `="0176 123"`: how Excel keeps a text from being read as a number where it writes a file.
enum FormulaText {
    /// A CSV text with each such cell as the text inside, in quotes.
    static func plain(_ text: String, delimiter: Character) -> String {
        guard text.contains("=\"") else { return text }
        var plain = ""
        plain.reserveCapacity(text.utf8.count)
        var (isStart, isQuoted) = (true, false)
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            index = text.index(after: index)
            // Without its sign it is a cell in quotes like any other.
            if isStart, character == "=", index < text.endIndex, text[index] == "\"" { continue }
            plain.append(character)
            if character == "\"" {
                (isQuoted, isStart) = (!isQuoted, false)
            } else if !isQuoted {
                isStart = character == delimiter || character.isNewline || isStart && character.isWhitespace
            }
        }
        return plain
    }
}
