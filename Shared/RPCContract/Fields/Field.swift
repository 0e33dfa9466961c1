/// What one member of a JSON object means and which values it may take.
///
/// It is declared once, in the table beside the type. Validation, `rpc.discover`, the reference and every form
/// derive from it. A meaning alone is enough where the Swift type says the rest: a Boolean, an enum, a described
/// object, an identifier, a `Timestamp`.
package struct Field: Sendable {
    /// One sentence, ending in a full stop.
    package var meaning: String
    /// Nil where the Swift type has a rule of its own.
    package var rule: Rule?
    /// The value that is used if the member is absent.
    package var absent: JSONValue?
    /// What null means; null is refused where this is nil.
    package var null: String?

    package init(_ meaning: String, _ rule: Rule? = nil, absent: JSONValue? = nil, null: String? = nil) {
        self.meaning = meaning
        self.rule = rule
        self.absent = absent
        self.null = null
    }
}

extension Field: ExpressibleByStringLiteral {
    package init(stringLiteral meaning: String) { self.init(meaning) }
}

extension Field {
    /// - Parameter length: in Unicode code points.
    package static func text(
        _ meaning: String,
        _ length: ClosedRange<Int>,
        of alphabet: TextAlphabet? = nil,
        absent: JSONValue? = nil,
        null: String? = nil
    ) -> Field {
        Field(meaning, .text(length, of: alphabet), absent: absent, null: null)
    }

    /// A whole number.
    package static func whole(
        _ meaning: String,
        _ range: ClosedRange<Int64>,
        unit: String? = nil,
        absent: JSONValue? = nil,
        null: String? = nil
    ) -> Field {
        Field(meaning, .whole(range, unit: unit), absent: absent, null: null)
    }

    /// A number.
    package static func number(
        _ meaning: String,
        _ range: ClosedRange<Double>,
        unit: String? = nil,
        absent: JSONValue? = nil
    ) -> Field {
        Field(meaning, .number(range, unit: unit), absent: absent)
    }

    /// How many there are of something.
    package static func count(_ meaning: String) -> Field { Field(meaning, .count) }

    /// - Parameter item: nil where the items' Swift type has a rule of its own.
    package static func list(_ meaning: String, _ count: ClosedRange<Int>, of item: Rule? = nil) -> Field {
        Field(meaning, .list(count, of: item))
    }

    /// An object whose keys are data.
    package static func map(_ meaning: String, _ count: ClosedRange<Int>, of value: Rule? = nil) -> Field {
        Field(meaning, .map(count, of: value))
    }

    /// An object whose decoder is not its type's own, so that its table has to be named.
    package static func object(_ meaning: String, _ type: any HasFields.Type) -> Field { Field(meaning, .object(type)) }

    /// One of a few words, for a Swift `String`; an enum says its words itself.
    package static func words(_ meaning: String, _ words: [String], absent: JSONValue? = nil) -> Field {
        Field(meaning, .words(words), absent: absent)
    }

    /// Any JSON; only the frame bounds its size.
    package static func json(_ meaning: String) -> Field { Field(meaning, .any) }

    /// One of our own ids.
    package static func id(_ meaning: String) -> Field { Field(meaning, .id) }

    /// From `next` of the page before.
    package static func cursor(_ meaning: String) -> Field { .text(meaning, 1...1024) }

    /// The key under which a write has its effect once.
    package static func requestKey(_ meaning: String) -> Field { .text(meaning, 1...256, of: .line) }

    /// A phone number as people write it, with its country code, or a BSUID.
    package static func phone(_ meaning: String) -> Field { Field(meaning, .phone) }

    /// A business-scoped user id.
    package static func bsuid(_ meaning: String) -> Field { Field(meaning, .bsuid) }

    /// A language in the form of BCP 47.
    package static func language(_ meaning: String) -> Field { Field(meaning, .language) }

    /// A currency in the form of ISO 4217.
    package static func currency(_ meaning: String) -> Field { Field(meaning, .currency) }

    /// An e-mail address.
    package static func email(_ meaning: String) -> Field { Field(meaning, .email) }

    /// A time zone by its IANA name.
    package static func timeZone(_ meaning: String) -> Field { Field(meaning, .timeZone) }

    /// What may stand before national numbers.
    package static func callingCode(_ meaning: String) -> Field { Field(meaning, .callingCode) }

    /// The name of a workspace.
    package static func workspace(_ meaning: String) -> Field { Field(meaning, .workspace) }

    /// Source: RFC 3986; 2,048 is the longest that browsers and Meta take alike.
    package static func url(_ meaning: String) -> Field { .text(meaning, 1...2048) }
}

/// The members of one object, in the order in which they are explained.
package struct Fields: Sendable, ExpressibleByDictionaryLiteral {
    package let members: [(name: String, field: Field)]

    package init(dictionaryLiteral elements: (String, Field)...) {
        members = elements.map { (name: $0.0, field: $0.1) }
    }

    package init(_ members: [(name: String, field: Field)]) { self.members = members }

    package subscript(_ name: String) -> Field? { members.first { $0.name == name }?.field }

    package static func + (left: Fields, right: Fields) -> Fields { Fields(left.members + right.members) }
}

/// An object with a table of its members.
package protocol HasFields: Sendable {
    static var fields: Fields { get }
}

/// An object that crosses a socket, with the table of its members.
package protocol Described: HasFields, Codable {}

/// A type that is one JSON string or number and brings its own bounds.
package protocol SelfBounded: Codable, Sendable {
    static var rule: Rule { get }
}
