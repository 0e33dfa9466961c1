package import Vocabulary

extension Timestamp: SelfBounded {
    package static let rule = Rule.whole(0...Timestamp.latest.milliseconds, unit: "ms since 1970 in UTC")
}

extension Milliseconds: SelfBounded {
    /// Up to ten years in either direction.
    package static let rule = Rule.whole(-315_360_000_000...315_360_000_000, unit: "ms")
}

extension Seconds: SelfBounded {
    /// Up to ten years in either direction.
    package static let rule = Rule.whole(-315_360_000...315_360_000, unit: "seconds")
}

extension Money: Described {
    package static let fields: Fields = [
        "currency": .currency("The currency of the amount."),
        "micros": .whole("The amount in millionths of the currency's unit: 863100 is 0.8631.", 0...greatest, unit: "millionths"),
    ]
}

extension PhoneNumberID: SelfBounded {
    /// Source: Meta's ids are digits; the longest known has 17.
    package static let rule = Rule.text(1...32, of: .digits)
}

extension WABAID: SelfBounded {
    package static let rule = Rule.text(1...32, of: .digits)
}

extension WAMID: SelfBounded {
    package static let rule = Rule.text(1...512, of: .printable)
}

extension MessageID: SelfBounded {
    package static let rule = Rule.id
}

extension CampaignID: SelfBounded {
    package static let rule = Rule.id
}

extension ListID: SelfBounded {
    package static let rule = Rule.id
}

extension WindowID: SelfBounded {
    package static let rule = Rule.id
}

extension ContactID {
    /// Refuses what nobody can be written to by, with the reason.
    package static func check(_ text: String, path: String) throws(Fault) {
        do throws(PhoneNumber.Problem) { _ = try ContactID(reading: text) } catch {
            throw Fault(.params, "\(path) \(error.words).", path: path)
        }
    }
}

extension PhoneNumber {
    /// Refuses a country code that no country has: with it every national number would become somebody's who does not exist.
    package static func check(countryCode: String?) throws(Fault) {
        guard let countryCode, !CallingCode.isKnown(countryCode) else { return }
        throw Fault(.params, "countryCode is \(countryCode.prefix(8)), which is no country's calling code.", path: "countryCode")
    }
}

extension ContactID: SelfBounded {
    /// Source: Meta, a BSUID is a country code, a dot and up to 128 letters or digits.
    package static let rule = Rule.text(1...132, of: .printable, format: .contact)
}
