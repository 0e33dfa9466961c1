/// A word of Meta's, read once where it comes in: one of those that are known here, or another as it came.
///
/// What it means is a switch over `known`, never a comparison of texts.
package enum MetaWord<Known: RawRepresentable & Hashable & Sendable>: Hashable, Sendable where Known.RawValue == String {
    case known(Known)
    case unknown(String)

    package init(_ text: String) { self = Known(rawValue: text).map { .known($0) } ?? .unknown(text) }

    /// A word that Meta writes in capitals in one sample and not in another; one that is not known here stays as it came.
    package init(anyCase text: String) {
        self = Known(rawValue: text.uppercased()).map { .known($0) } ?? .unknown(text)
    }

    /// As Meta writes it.
    package var text: String {
        switch self {
        case .known(let word): word.rawValue
        case .unknown(let text): text
        }
    }

    /// nil where nothing here knows the word.
    package var known: Known? {
        switch self {
        case .known(let word): word
        case .unknown: nil
        }
    }
}

extension MetaWord: Codable {
    package init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

extension MetaWord: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self.init(text) }
}

extension MetaWord: CustomStringConvertible {
    package var description: String { text }
}
