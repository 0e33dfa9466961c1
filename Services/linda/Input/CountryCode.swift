import ArgumentParser
import Vocabulary

/// A country's calling code, however people write it: 91, +91 or 0091.
struct CountryCode: ExpressibleByArgument {
    var digits: String

    init?(argument: String) {
        digits = String(argument.drop { $0 == "+" || $0 == "0" })
        guard CallingCode.isKnown(digits) else { return nil }
    }
}
