import Vocabulary

/// A column's name as it is compared: its words without capitals, accents and punctuation.
struct ColumnName {
    let words: [String]

    /// All of it in one word, as where words end is everybody's own.
    var key: String { words.joined() }

    init(_ text: String) {
        let parts = text.folded.unicodeScalars.map(Self.digit).split { !Self.isPart($0) }
        words = parts.map { String(String.UnicodeScalarView($0)) }.reduce(into: []) { words, part in
            // E-Mail and ई-मेल are one word.
            if let last = words.last, Self.letters.contains(last), Self.mails.contains(where: part.hasPrefix) {
                words[words.count - 1] += part
            } else {
                words.append(part)
            }
        }
    }

    private static let letters: Set<String> = ["e", "ई", "इ"]
    private static let mails = ["mail", "मेल"]

    /// Letters, digits and the signs of vowels that stand with a letter.
    private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.isAlphabetic || properties.numericType != nil
            || [.nonspacingMark, .spacingMark].contains(properties.generalCategory)
    }

    /// A digit of any script as the one that people here share.
    private static func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard !scalar.isASCII, scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue else { return scalar }
        return Unicode.Scalar(UInt8(ascii: "0") + UInt8(value))
    }
}
