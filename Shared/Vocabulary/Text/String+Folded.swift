import Foundation

extension String {
    /// Without what people leave out when they write a word: capitals, accents, the nukta, compatibility forms and marks of direction.
    package var folded: String {
        if utf8.allSatisfy({ $0 < 0x80 }) { return lowercased() }
        var folded = UnicodeScalarView()
        for scalar in decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            switch scalar {
            // Accents, and the nukta, which many leave out.
            case "\u{300}"..."\u{36F}", "\u{93C}": continue
            // Letters that have no parts.
            case "ß": folded.append(contentsOf: "ss".unicodeScalars)
            case "æ": folded.append(contentsOf: "ae".unicodeScalars)
            case "œ": folded.append(contentsOf: "oe".unicodeScalars)
            case "ø": folded.append("o")
            case "ł": folded.append("l")
            case "đ": folded.append("d")
            case "ı": folded.append("i")
            case "ς": folded.append("σ")
            default:
                // Marks of direction and joiners come along when a text is copied.
                if scalar.properties.generalCategory != .format { folded.append(scalar) }
            }
        }
        return String(folded)
    }
}
