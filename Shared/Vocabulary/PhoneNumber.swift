/// Phone numbers as WhatsApp takes them.
package enum PhoneNumber {
    /// Digits with country code, as in E.164 without the plus; nil where it cannot be one.
    ///
    /// - Parameters:
    ///   - text: as people write it, with plus, spaces, dashes, dots and brackets.
    ///   - countryCode: put before a national number that begins with 0, and before one of ten digits or less.
    package static func normalise(_ text: String, countryCode: String? = nil) -> ContactID? {
        var digits = ""
        var isInternational = false
        for character in text {
            switch character {
            case "+" where digits.isEmpty && !isInternational: isInternational = true
            case "0"..."9": digits.append(character)
            case " ", "-", ".", "(", ")", "/", "\u{A0}", "\u{202F}": continue
            default: return nil
            }
        }
        if !isInternational, digits.hasPrefix("00") {
            digits.removeFirst(2)
            isInternational = true
        }
        if !isInternational, let countryCode {
            if digits.hasPrefix("0") {
                digits = countryCode + digits.drop { $0 == "0" }
            } else if digits.count <= 10 {
                digits = countryCode + digits
            }
        }
        // ITU-T E.164: at most 15 digits, no country code begins with 0.
        guard (7...15).contains(digits.count), digits.first != "0" else { return nil }
        return ContactID(digits)
    }
}
