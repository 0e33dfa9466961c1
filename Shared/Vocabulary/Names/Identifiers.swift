/// A typed text: the same letters in another role are another type.
package protocol Identifier: RawRepresentable, Codable, Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral
where RawValue == String {
    init(rawValue: String)
}

extension Identifier {
    package init(_ rawValue: String) { self.init(rawValue: rawValue) }
    package init(stringLiteral value: String) { self.init(rawValue: value) }
    package init(from decoder: any Decoder) throws {
        self.init(rawValue: try decoder.singleValueContainer().decode(String.self))
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
    package var description: String { rawValue }
}

/// Meta's id of a business phone number; not the number itself.
package struct PhoneNumberID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// Meta's id of a WhatsApp Business Account.
package struct WABAID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// WhatsApp's id of one message.
package struct WAMID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// Our id of an outgoing message.
package struct MessageID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// Our id of a campaign or a batch; what recurs has the id of its first campaign.
package struct CampaignID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// Our id of a broadcast list.
package struct ListID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// Our id of a delivery window.
package struct WindowID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// Whom a conversation is with: a phone number in digits, or a business-scoped user id where there is no number.
///
/// Prints redacted; the raw value goes to sockets and databases only.
package struct ContactID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    /// A BSUID is a country code, a dot and letters or digits (Meta, business-scoped user ids).
    package var isBSUID: Bool {
        // Most are numbers, and this is asked of each many times.
        guard let first = rawValue.utf8.first, (0x41...0x5A).contains(first) else { return false }
        let bytes = Array(rawValue.utf8.prefix(132))
        guard (4...131).contains(bytes.count), bytes[2] == UInt8(ascii: ".") else { return false }
        func isLetterOrDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) }
        return bytes.prefix(2).allSatisfy { (0x41...0x5A).contains($0) }
            && bytes.dropFirst(3).allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: ".") }
    }

    /// A contact as somebody wrote it: `+91 80 4718 1000` and a BSUID are understood, anything else stays as it is.
    package init(written text: String) {
        self = (try? ContactID(reading: text)) ?? ContactID(text)  // what is no contact is nobody's id
    }

    /// As it is read back whoever reads it: a number with its plus.
    package var written: String { isBSUID ? rawValue : "+\(rawValue)" }

    package var description: String { Redacted.phone(rawValue) }
}

/// What may be printed of a secret or personal text.
package enum Redacted {
    /// Country and last two digits: `91…10`.
    package static func phone(_ text: String) -> String {
        guard text.count > 6 else { return "…" }
        return "\(text.prefix(2))…\(text.suffix(2))"
    }

    /// A text in which numbers may stand that are as long as a phone number: each by its ends.
    package static func numbers(in text: String) -> String {
        var (shown, digits) = ("", "")
        func end() {
            shown += digits.count > 6 ? phone(digits) : digits
            digits = ""
        }
        for letter in text {
            if letter.isASCII, letter.isNumber {
                digits.append(letter)
            } else {
                end()
                shown.append(letter)
            }
        }
        end()
        return shown
    }

    /// How either side of an address begins, and its last part: `a…@e….com`.
    package static func email(_ text: String) -> String {
        let sides = text.split(separator: "@", omittingEmptySubsequences: false)
        guard sides.count == 2, let name = sides[0].first, let host = sides[1].first, let dot = sides[1].lastIndex(of: ".") else {
            return "…"
        }
        return "\(name)…@\(host)…\(sides[1][dot...])"
    }
}
