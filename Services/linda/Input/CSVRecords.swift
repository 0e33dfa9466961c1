/// The records of a CSV file, without reading what is in them.
enum CSVRecords {
    /// Lines with their ends; a line break inside quotes belongs to its record.
    static func split(_ text: String) -> [Substring] {
        var records: [Substring] = []
        var (start, index, isQuoted) = (text.startIndex, text.startIndex, false)
        while index < text.endIndex {
            let character = text[index]
            index = text.index(after: index)
            if character == "\"" { isQuoted.toggle() }
            if character.isNewline, !isQuoted {
                records.append(text[start..<index])
                start = index
            }
        }
        if start < text.endIndex { records.append(text[start...]) }
        return records
    }
}
