/// Phone numbers as WhatsApp takes them, out of what people write: one reader for every way in.
///
/// A number is international if it begins with + or 00, if its country code is said, or if it is as long as Meta's own bare
/// digits. Whatever else might be a national number is asked about: read as an international one it is somebody else's.
package enum PhoneNumber {
    /// Why a text is no number that can be written to.
    package enum Problem: Error, Equatable {
        case empty
        case characters
        /// Written by a spreadsheet as 9.198E+11: the last digits are gone.
        case rounded
        case national
        case foreign(countryCode: String)
        case unknownCode(String)
        case length

        /// The same of a row in a file, whose national numbers may be somebody's.
        package var wordsInFile: String { self == .national ? "\(words), or say whose national numbers these are (countryCode)" : words }

        /// What follows the name of the field, as in `phone is empty`.
        package var words: String {
            switch self {
            case .empty: "is empty"
            case .characters: "is neither a phone number with country code nor a BSUID"
            case .rounded: "was rounded by a spreadsheet; format the column as text and write the number again"
            case .national:
                "may lack its country code; begin it with + and the code"
            case .foreign(let countryCode): "has neither a + nor the country code \(countryCode)"
            case .unknownCode(let code): "cannot be completed: \(code) is no country's calling code"
            case .length: "has too few or too many digits for its country"
            }
        }
    }

    /// Digits with country code, as in E.164 without the plus; nil where it cannot be one.
    package static func normalise(_ text: String, countryCode: String? = nil) -> ContactID? {
        try? read(text, countryCode: countryCode)  // why it is none is not asked
    }

    /// Digits with country code, as in E.164 without the plus.
    ///
    /// - Parameters:
    ///   - text: as people write it, with plus, spaces, dashes, dots and brackets, in any script's digits.
    ///   - countryCode: put before a national number.
    package static func read(_ text: String, countryCode: String? = nil) throws(Problem) -> ContactID {
        guard text.utf8.count <= 256 else { throw .length }
        if let countryCode, !CallingCode.isKnown(countryCode) { throw .unknownCode(countryCode) }
        let written = try Written(text)
        guard !written.digits.isEmpty else { throw written.isEmpty ? .empty : .characters }
        let digits = written.isInternational ? written.digits : try international(written.digits, countryCode)
        guard isPossible(digits) else { throw .length }
        return ContactID(digits)
    }

    /// The first of several texts that is a number, or a BSUID where one may stand.
    ///
    /// - Throws: what is wrong with the first of them, where none is one.
    package static func readFirst(of texts: [String], countryCode: String?, orBSUID: Bool = false) throws(Problem) -> ContactID {
        var problem: Problem?
        for text in texts {
            do throws(Problem) {
                return try orBSUID ? ContactID(reading: text, countryCode: countryCode) : read(text, countryCode: countryCode)
            } catch { problem = problem ?? error }
        }
        throw problem ?? .empty
    }

    /// All digits of a text that is written like a phone number, or like a part of one; nil where it is written otherwise.
    package static func digits(of text: String) -> String? {
        guard text.utf8.count <= 256, let written = try? Written(text), !written.digits.isEmpty else { return nil }  // why is not asked
        return text.compactMap(\.wholeNumberValue).map { "\($0)" }.joined()
    }

    /// The digits with which a number begins, where a text has them behind a plus; nil where it is written otherwise.
    package static func beginning(in text: String) -> String? {
        guard text.utf8.count <= 256, text.contains(where: { "+＋".contains($0) }) else { return nil }
        guard let written = try? Written(text), !written.digits.isEmpty else { return nil }  // why is not asked
        return written.digits
    }

    /// A text's digits, and whether it says that they begin with a country code.
    private struct Written {
        var digits = ""
        var isInternational = false
        var isEmpty = true

        init(_ text: String) throws(Problem) {
            if let plain = Self(plain: text) {
                self = plain
                return
            }
            var text = text.drop(while: \.isWhitespace)
            // What makes a spreadsheet keep a number as text.
            if text.first == "'" { text.removeFirst() }
            // How links and cards write one (RFC 3966).
            if text.prefix(4).lowercased() == "tel:" { text = text.dropFirst(4) }
            if let power = text.wholeMatch(of: /([0-9]+)(?:[.,]([0-9]+))?[eE]\+?([0-9]+)\s*/) {
                // With a digit for each place nothing is lost.
                guard power.1.count == 1, let decimals = power.2, decimals.count == Int(power.3) else { throw .rounded }
                text = power.1 + decimals
            }
            // A number with decimals, as a spreadsheet exports it.
            if let whole = text.wholeMatch(of: /([0-9]+)[.,]0+\s*/) { text = whole.1 }
            // +49 (0)30: the zero is for callers within the country.
            let zero = text.firstRange(of: "(0)").map { text.index(after: $0.lowerBound) }
            var trunk: Int?
            for (index, character) in zip(text.indices, text) {
                isEmpty = isEmpty && character.isWhitespace
                if index == zero, !digits.isEmpty { trunk = digits.count }
                switch character {
                case "+" where digits.isEmpty && !isInternational, "＋" where digits.isEmpty && !isInternational: isInternational = true
                case " ", "-", ".", "(", ")", "/", "\u{A0}", "\u{202F}", "\u{2010}", "\u{2011}", "\u{2013}": continue
                // Marks of direction, which come along when a number is copied.
                case "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{200B}", "\u{FEFF}": continue
                default:
                    guard let digit = Self.digit(character) else {
                        guard character.isWhitespace, digits.isEmpty || text.last == character else { throw .characters }
                        continue
                    }
                    digits.append("\(digit)")
                }
                guard digits.count <= 20 else { throw .length }
            }
            if !isInternational, digits.hasPrefix("00") {
                digits.removeFirst(2)
                isInternational = true
                trunk = trunk.flatMap { $0 > 2 ? $0 - 2 : nil }
            }
            if isInternational, let trunk { digits.remove(at: digits.index(digits.startIndex, offsetBy: trunk)) }
        }

        /// A plus, if any, and digits: how programs write a number, and how it is read many times for each message.
        private init?(plain text: String) {
            let bytes = text.utf8
            guard let first = bytes.first else { return nil }
            isInternational = first == 0x2B
            let rest = bytes.dropFirst(isInternational ? 1 : 0)
            guard (1...20).contains(rest.count), rest.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            isEmpty = false
            digits = String(text.dropFirst(isInternational ? 1 : 0))
            guard !isInternational, digits.utf8.starts(with: [0x30, 0x30]) else { return }
            digits.removeFirst(2)
            isInternational = true
        }

        private static func digit(_ character: Character) -> Int? {
            let scalars = character.unicodeScalars
            guard scalars.count == 1, let scalar = scalars.first, scalar.properties.numericType == .decimal else { return nil }
            return scalar.properties.numericValue.map { Int($0) }
        }
    }

    /// Bare digits with their country code.
    private static func international(_ digits: String, _ countryCode: String?) throws(Problem) -> String {
        guard let countryCode else {
            // Meta's own ids are bare; the shortest mobile numbers of large countries have eleven digits with their code.
            guard digits.count > 10, !digits.hasPrefix("0") else { throw .national }
            return digits
        }
        let national = digits.drop { $0 == "0" }
        if digits.hasPrefix("0") || digits.count <= 10 { return countryCode + national }
        // National numbers of eleven digits: Brazil, China, Germany (ITU-T, national numbering plans).
        if digits.count == 11, ["55", "86", "49"].contains(countryCode) { return countryCode + digits }
        guard digits.hasPrefix(countryCode) else { throw .foreign(countryCode: countryCode) }
        return digits
    }

    /// Whether digits can be a number of their country.
    ///
    /// Source: ITU-T E.164: at most 15 digits, no country code begins with 0. The North American and Indian plans have one length
    /// each, and no American area begins with 0 or 1.
    private static func isPossible(_ digits: String) -> Bool {
        guard (7...15).contains(digits.count), digits.first != "0" else { return false }
        if digits.hasPrefix("91") { return digits.count == 12 }
        if digits.hasPrefix("1") { return digits.count == 11 && !["0", "1"].contains(digits.dropFirst().first) }
        return true
    }
}

extension ContactID {
    /// A person out of what somebody wrote: a BSUID, or a phone number with its country code.
    package init(reading text: String, countryCode: String? = nil) throws(PhoneNumber.Problem) {
        self = ContactID(text).isBSUID ? ContactID(text) : try PhoneNumber.read(text, countryCode: countryCode)
    }
}
