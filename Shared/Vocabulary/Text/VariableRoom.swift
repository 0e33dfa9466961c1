/// How much text Meta wants around a template's variables.
///
/// Source: Meta, error 2388293; the measure, as far as clients have found it: two words for a variable and one more.
package enum VariableRoom {
    /// How many words a body has beside its variables, and how many it needs; nil where they are enough.
    ///
    /// Where words are written without spaces between them they cannot be counted, and are taken for enough.
    package static func lack(_ body: String, variables: Int) -> (words: Int, needed: Int)? {
        guard variables > 0, !body.unicodeScalars.contains(where: isUnspaced) else { return nil }
        let words = body.split(whereSeparator: \.isWhitespace).count { !$0.hasPrefix("{{") }
        let needed = 2 * variables + 1
        return words < needed ? (words: words, needed: needed) : nil
    }

    /// Thai, Lao, Myanmar and Khmer, and what is written in Chinese and Japanese.
    private static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{0E00}"..."\u{0EFF}", "\u{1000}"..."\u{109F}", "\u{1780}"..."\u{17FF}", "\u{3040}"..."\u{30FF}", "\u{3400}"..."\u{9FFF}",
            "\u{F900}"..."\u{FAFF}", "\u{20000}"..."\u{3FFFF}":
            true
        default: false
        }
    }
}
