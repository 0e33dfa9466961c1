/// One record of a CSV text, without reading what is in it: a line break inside quotes belongs to its record.
package struct CSVRecord: Sendable {
    /// With the line break at its end.
    package var text: Substring
    /// Where it begins, counted from 1.
    package var line: Int

    /// The records of a text, empty ones included.
    ///
    /// - Throws: where a quote is opened and never closed, which would make one record of all that follows.
    package static func all(of text: String) throws(CSVTable.Unreadable) -> [CSVRecord] {
        var records: [CSVRecord] = []
        let first = hint(of: text)?.endIndex ?? text.startIndex
        var (start, index) = (first, first)
        var (line, begins, opened) = first == text.startIndex ? (1, 1, Int?.none) : (2, 2, nil)
        while index < text.endIndex {
            let character = text[index]
            index = text.index(after: index)
            if character == "\"" { opened = opened == nil ? line : nil }
            guard character.isNewline else { continue }
            line += 1
            guard opened == nil else { continue }
            records.append(CSVRecord(text: text[start..<index], line: begins))
            (start, begins) = (index, line)
        }
        if let opened {
            // A quote that was forgotten turns the ones behind it round: the first that stands wrong is nearer to it than the last.
            throw CSVTable.Unreadable(
                reason: "The quote opened on line \(misquoted(text) ?? opened) is never closed; inside quotes a quote is doubled.")
        }
        if start < text.endIndex { records.append(CSVRecord(text: text[start...], line: begins)) }
        return records
    }

    /// Excel's first line, `sep=;`, which names the character between the cells and is no record.
    static func hint(of text: String) -> Substring? {
        let line = text.prefix { !$0.isNewline }
        guard line.drop(while: { $0 == "\u{FEFF}" }).wholeMatch(of: /sep=./) != nil, line.endIndex < text.endIndex else { return nil }
        return text[..<text.index(after: line.endIndex)]
    }

    /// The line of the first quote that stands where none may: within a bare cell, or closing a cell that goes on behind it.
    ///
    /// A cell such as `="text"` is one in quotes.
    static func misquoted(_ text: String) -> Int? {
        var (line, opened, isQuoted, isStart, isClosed) = (1, 1, false, true, false)
        for character in text {
            if isQuoted {
                if character == "\"" { (isQuoted, isClosed) = (false, true) }
                if character.isNewline { line += 1 }
            } else if character == "\"" {
                // Directly after a closing one it is a doubled quote; else it opens a cell.
                guard isStart || isClosed else { return line }
                if isStart { opened = line }
                (isQuoted, isStart, isClosed) = (true, false, false)
            } else if character.isNewline || ",;\t".contains(character) {
                if character.isNewline { line += 1 }
                (isStart, isClosed) = (true, false)
            } else {
                if isClosed { return opened }
                isStart = isStart && (character == " " || character == "=")
            }
        }
        return nil
    }
}
