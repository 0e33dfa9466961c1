import Foundation
import Vocabulary

/// The words that somebody looks for among contacts, in the form in which contacts keep their own.
///
/// Both sides are folded: upper and lower case, accents, the nukta and compatibility forms are evened out.
struct ContactSearch: Equatable {
    /// A contact matches if it has all the texts of one of these; where there are none, nobody does.
    let alternatives: [[String]]

    /// - Parameter isPhrase: whether the query is looked for as a whole, instead of its words in any order.
    init(_ query: String, isPhrase: Bool = false) {
        let texts = isPhrase ? Self.phrase(query) : Self.words(query)
        // An empty query leaves nobody out. One of marks alone asks for something, which nobody has.
        let isEmpty = !isPhrase && query.unicodeScalars.allSatisfy(\.properties.isWhitespace)
        var alternatives = texts.isEmpty && !isEmpty ? [] : [texts]
        for number in Self.numbers(query) where !alternatives.contains([number]) { alternatives.append([number]) }
        self.alternatives = alternatives
    }

    /// The words of a query, each once.
    private static func words(_ query: String) -> [String] {
        let parts = query.folded.split { $0.isWhitespace || $0 == "," || $0 == ";" }
        return parts.map(String.init).reduce(into: []) { words, part in
            if !words.contains(part) { words.append(part) }
        }
    }

    /// A query as one text; none where nothing is left of it.
    private static func phrase(_ query: String) -> [String] {
        let text = query.folded.trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? [] : [text]
    }

    /// The words of a contact, each field in a line of its own: no word of a query has a line break.
    ///
    /// - Parameter also: what else they are called, such as in an app.
    static func key(name: String, firstName: String?, email: String?, phone: String?, also: [String?] = []) -> String {
        let others = also.filter { $0 != name && $0 != firstName }
        return ([name, firstName, email] + others).compactMap { $0?.folded }.joined(separator: "\n") + "\n" + (phone ?? "")
    }

    /// The digits of a query that is written like a phone number, as a contact's number may have them.
    ///
    /// They may be a part of it, or begin with the zero that is dialled within a country. Behind a plus they are its beginning: a
    /// number is the last line of a contact's words.
    private static func numbers(_ query: String) -> [String] {
        if let beginning = PhoneNumber.beginning(in: query) { return ["\n\(beginning)"] }
        guard let digits = PhoneNumber.digits(of: query) else { return [] }
        let national = String(digits.drop { $0 == "0" })
        // With fewer digits nearly everybody would match.
        return [PhoneNumber.normalise(query)?.rawValue, digits, national.count >= 7 ? national : nil].compactMap(\.self)
    }
}
