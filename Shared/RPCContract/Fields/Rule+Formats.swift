/// The rules of texts that several contracts have: each is said here once.
extension Rule {
    /// Ours are ULIDs; any other short text names nothing, and the method's own fault says so.
    package static let id = Rule.text(1...64, of: .line, format: .ulid)

    /// Source: Meta's template languages, BCP 47 with an underscore.
    package static let language = Rule.text(2...35, of: .languageTag, format: .language)

    package static let currency = Rule.text(3...3, of: .capitals, format: .currency)

    /// Source: RFC 5321 §4.5.3.1, as errata 1690 has it.
    package static let email = Rule.text(3...254, of: .line, format: .email)

    /// The longest name in the tz database has 32 characters.
    package static let timeZone = Rule.text(1...64, of: .line, format: .timeZone)

    /// Source: ITU-T E.164, at most 15 digits.
    package static let phoneDigits = Rule.text(7...15, of: .digits, format: .digits)

    /// A phone number as people write it, with its country code, or a BSUID.
    package static let phone = Rule.text(3...132, format: .contact)

    package static let bsuid = Rule.text(4...131, of: .printable, format: .bsuid)

    /// What may stand before national numbers.
    package static let callingCode = Rule.text(1...3, of: .digits, format: .callingCode)

    /// - Parameter word: what stands for more than one country.
    package static func country(or word: String) -> Rule {
        .text(min(2, word.utf8.count)...max(2, word.utf8.count), of: .printable, format: .country(or: word))
    }

    /// The same text, or an empty one where that says that there is none.
    package var orEmpty: Rule {
        guard case .text(let length, let alphabet, let format) = self else { return self }
        return .text(0...length.upperBound, of: alphabet, format: format)
    }

    /// The name of a workspace.
    package static let workspace = Rule.text(1...256, of: .line)
}
