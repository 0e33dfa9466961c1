import Foundation

/// A customer's text, prepared once for every handler.
struct Utterance: Sendable {
    enum Language: String, Sendable { case english = "en", hindi = "hi", marathi = "mr" }

    let text: String
    /// Words in lower case, without punctuation.
    let words: [String]
    let language: Language

    init(_ text: String) {
        self.text = text
        let lowered = text.lowercased().replacing("\u{2019}", with: "'")
        words = lowered.split { character in
            // Vowel signs of Indian scripts belong to their word.
            !(character.isLetter || character.isNumber || character == "'"
                || character.unicodeScalars.allSatisfy {
                    $0.properties.generalCategory == .nonspacingMark || $0.properties.generalCategory == .spacingMark
                })
        }
        .map(String.init)
        language = Self.language(of: words, lowered)
    }

    /// Devanagari is Marathi where words say so, else Hindi; romanised Hindi is told by its commonest words.
    private static func language(of words: [String], _ lowered: String) -> Language {
        let isDevanagari = lowered.unicodeScalars.contains { (0x0900...0x097F).contains($0.value) }
        let marathi: Set<String> = [
            "आहे", "मला", "हवे", "हवा", "हवी", "पाहिजे", "नमस्कार", "मदत", "काय", "तुम्ही", "करा",
            "हवेत", "हवं", "हवंय", "हव्यात", "पाहिजेत", "द्या", "पाठवा", "आम्हाला",
        ]
        let hindi: Set<String> = ["mujhe", "chahiye", "kya", "hai", "kaise", "namaste", "madad", "bhai", "haan", "nahi"]
        if isDevanagari { return words.contains { marathi.contains($0) } ? .marathi : .hindi }
        return words.contains { hindi.contains($0) } ? .hindi : .english
    }

    func contains(any candidates: Set<String>) -> Bool { words.contains { candidates.contains($0) } }

    /// Whether the text is some of these words or phrases, and besides only what may stand around them.
    func consists(of meant: Set<String>, phrases: [String], around: Set<String>) -> Bool {
        var left = words
        var isMeant = false
        for phrase in phrases {
            let wanted = phrase.split(separator: " ").map(String.init)
            if let place = left.firstRange(of: wanted) {
                left.removeSubrange(place)
                isMeant = true
            }
        }
        isMeant = isMeant || left.contains { meant.contains($0) }
        return isMeant && left.allSatisfy { meant.contains($0) || around.contains($0) }
    }

    /// Whether the words of a phrase stand next to each other.
    func contains(phrase: String) -> Bool {
        let wanted = phrase.split(separator: " ").map(String.init)
        guard words.count >= wanted.count else { return false }
        return (0...(words.count - wanted.count)).contains { Array(words[$0..<($0 + wanted.count)]) == wanted }
    }
}
