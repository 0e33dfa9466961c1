import Foundation

/// A customer's text in the form in which STOP and START are looked for.
///
/// Compatibility forms, invisible characters, accents, the nukta and stretched letters ("stoppp") are evened out; words
/// are kept in order, with the marks that end a thought between them.
package struct OptText: Sendable {
    /// Words in lower case, and the marks `,` `.` `!` `?`; any number is the word `0`.
    package private(set) var words: [String] = []

    /// A longer text is a letter; its first words tell enough.
    private static let most = 60
    private let most: Int
    /// No withdrawal needs more.
    private static let bytes = 2048

    /// Whether nothing was cut off.
    package private(set) var isWhole = true

    package init(_ text: String) { self.init(text, most: Self.most) }

    /// Every word of a list of ours.
    static func words(of list: String) -> [String] { OptText(list, most: .max).words }

    private init(_ text: String, most: Int) {
        self.most = most
        var source = text[...]
        if most != .max, text.utf8.count > Self.bytes {
            isWhole = false
            source = text.prefix(Self.bytes / 4)
        }
        var word = String.UnicodeScalarView()
        let scalars = Self.evened(String(source))
        for scalar in scalars {
            switch Self.role(of: scalar) {
            case .letter: word.append(scalar)
            case .digit:
                if word.last != "0" { word.append("0") }
            case .nothing: continue
            case .mark(let mark):
                end(&word)
                add(mark)
            case .space: end(&word)
            }
        }
        end(&word)
        joinSpelt()
    }

    /// A word that was spelt, letter by letter: "S T O P", "s.t.o.p".
    private mutating func joinSpelt() {
        let letters = words.filter { !",.!?".contains($0) }
        guard (3...12).contains(letters.count), letters.allSatisfy({ $0.unicodeScalars.count == 1 && $0 != "0" }) else { return }
        words = [letters.joined()]
    }

    private enum Role {
        case letter, digit, nothing, space
        case mark(String)
    }

    private static func role(of scalar: Unicode.Scalar) -> Role {
        switch scalar {
        case "'", "\u{2019}", "\u{2018}", "`", "\u{093C}": return .nothing
        case "?", "\u{061F}": return .mark("?")
        case "!": return .mark("!")
        case ",", ";", ":": return .mark(",")
        case ".", "\u{0964}", "\n": return .mark(".")
        default: break
        }
        switch scalar.properties.generalCategory {
        case .format: return .nothing
        case .nonspacingMark where scalar.value < 0x900: return .nothing
        case .decimalNumber: return .digit
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark, .spacingMark,
            .enclosingMark:
            return .letter
        default: return .space
        }
    }

    /// Compatibility forms taken apart, in lower case, each run of three or more of a letter as one letter.
    private static func evened(_ text: String) -> [Unicode.Scalar] {
        var evened: [Unicode.Scalar] = []
        var run = 0
        for var scalar in text.lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars {
            // Chandrabindu is often typed as anusvara.
            if scalar == "\u{0901}" { scalar = "\u{0902}" }
            run = scalar == evened.last ? run + 1 : 1
            if run == 3 { evened.removeLast() }
            if run < 3 { evened.append(scalar) }
        }
        return evened
    }

    private mutating func end(_ word: inout String.UnicodeScalarView) {
        guard !word.isEmpty else { return }
        add(String(word))
        word.removeAll()
    }

    private mutating func add(_ word: String) {
        // One mark is enough between two thoughts.
        if word.utf8.count == 1, word == words.last, ",.!?".contains(word) { return }
        guard words.count < most else {
            isWhole = false
            return
        }
        words.append(word)
    }
}
