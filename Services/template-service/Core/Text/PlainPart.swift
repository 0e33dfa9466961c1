/// A part of a template that is plain text in one line: a header, a footer or a button's label.
///
/// Source: Meta, templates: components; error codes 2388047 and 2388073.
enum PlainPart: String {
    case header = "The header"
    case footer = "The footer"
    case button = "A button's label"

    /// What Meta refuses in the part, each with what to do.
    func problems(_ source: String) -> [String] {
        var found: [String] = []
        if self != .header, source.contains("{{") { found.append("\(rawValue) cannot have variables.") }
        if source.contains(where: \.isNewline) { found.append("\(rawValue) has more than one line. Write it in one.") }
        // Names of variables have marks of their own, which nobody sees.
        let pieces = TemplateText.parse(source).text.pieces.map { piece in
            switch piece {
            case .text(let plain): plain
            case .variable: "x"
            }
        }
        let plain = pieces.joined()
        if let emoji = plain.first(where: Self.isEmoji) {
            found.append("\(rawValue) has the emoji \(emoji), and Meta takes none there. Leave it out.")
        }
        if self != .footer, let mark = Self.mark(in: Array(plain)) {
            found.append("\(rawValue) has the formatting mark \(mark), and Meta takes none there. Leave it out.")
        }
        return found
    }

    /// Signs such as © count as text unless they are asked to be pictures.
    private static func isEmoji(_ character: Character) -> Bool {
        character.unicodeScalars.contains { $0.properties.isEmojiPresentation || $0.value == 0xFE0F }
    }

    /// An asterisk anywhere; the other marks only where two of them have words between them.
    private static func mark(in text: [Character]) -> Character? {
        if text.contains("*") { return "*" }
        return ["_", "~", "`"].first { isFormatted(text, by: $0) }
    }

    private static func isFormatted(_ text: [Character], by mark: Character) -> Bool {
        func isWord(_ index: Int) -> Bool { text.indices.contains(index) && (text[index].isLetter || text[index].isNumber) }
        func isGap(_ index: Int) -> Bool { !text.indices.contains(index) || text[index].isWhitespace }
        var opened: Int?
        for (index, character) in text.enumerated() where character == mark {
            if let opened, index > opened + 1, !isGap(index - 1), !isWord(index + 1) { return true }
            if opened == nil, !isWord(index - 1), !isGap(index + 1) { opened = index }
        }
        return false
    }
}
