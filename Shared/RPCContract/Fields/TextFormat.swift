import Vocabulary

/// The form that a standard, or whoever makes it, gives a text.
package struct TextFormat: Sendable, Equatable {
    /// As the reference and the schemas name it: "ISO 4217".
    package let name: String
    /// A regular expression of the whole text; nil where length and alphabet say it, or who reads the text does.
    package let pattern: String?
    /// For people: "a country code, a dot and an id".
    private let meaning: String
    private let shown: @Sendable (String) -> String
    private let isMet: @Sendable (String) -> Bool

    /// A name alone, for what length and alphabet bound already.
    private init(_ name: String) {
        self.init(name, pattern: nil, "") { _ in true }
    }

    /// - Parameter shown: what a fault may tell of a text of another form; faults are kept and logged.
    private init(
        _ name: String,
        pattern: String?,
        _ meaning: String,
        shown: @escaping @Sendable (String) -> String = { "\"\(String($0.unicodeScalars.prefix(40)))\"" },
        isMet: @escaping @Sendable (String) -> Bool
    ) {
        self.name = name
        self.pattern = pattern
        self.meaning = meaning
        self.shown = shown
        self.isMet = isMet
    }

    package static func == (left: Self, right: Self) -> Bool { left.name == right.name && left.pattern == right.pattern }

    /// Why a text has another form; nil where it has this one.
    ///
    /// An empty one says nothing, where it may be empty.
    func problem(with text: String) -> String? {
        guard pattern != nil, !text.isEmpty, !isMet(text) else { return nil }
        let given = shown(text)
        // What is kept back whole says nothing.
        return given == "…" ? "is not \(meaning)" : "is \(given), not \(meaning)"
    }

    /// An id of ours; any other short text names nothing.
    package static let ulid = TextFormat("ulid")
    /// Meta's language codes have an underscore where BCP 47 has a hyphen.
    package static let language = TextFormat("BCP 47")
    package static let currency = TextFormat("ISO 4217")
    /// What is no zone's name is told by whoever reads it, with the zone that was probably meant.
    package static let timeZone = TextFormat("IANA time zone")
    /// With or without plus and spaces, or a BSUID: what is neither is told by the reader of phone numbers.
    package static let contact = TextFormat("E.164 or BSUID")
    package static let digits = TextFormat("E.164 without its plus")
    package static let callingCode = TextFormat("E.164 country code")

    package static let email = TextFormat(
        "email", pattern: #"[^\s@]+@[^\s@]+"#, "an e-mail address, such as asha@example.com", shown: Redacted.email
    ) { text in
        let sides = text.split(separator: "@", omittingEmptySubsequences: false)
        return sides.count == 2 && !sides.contains("") && !text.contains(where: \.isWhitespace)
    }

    /// Source: Meta, a BSUID is a country code, a dot and up to 128 letters or digits.
    package static let bsuid = TextFormat(
        "BSUID", pattern: #"[A-Z]{2}\.[A-Za-z0-9.]{1,128}"#, "a country code, a dot and an id", shown: Redacted.phone
    ) { ContactID($0).isBSUID }

    /// - Parameter word: what stands for more than one country.
    package static func country(or word: String) -> TextFormat {
        TextFormat(
            "ISO 3166-1 alpha-2", pattern: "[A-Z]{2}|\(word == "*" ? #"\*"# : word)", "two capital letters such as IN, or \(word)"
        ) { $0 == word || $0.utf8.count == 2 && $0.utf8.allSatisfy { (0x41...0x5A).contains($0) } }
    }
}
