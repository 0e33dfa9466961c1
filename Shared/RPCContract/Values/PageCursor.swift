package import Vocabulary

/// Where the next page of a list begins; for whoever reads the list one text, which is given back as it came.
///
/// A check over the place and the list's name stands before the place. A text that no list has given, or that another
/// list has, is refused where the params are read: no list takes it for a place of its own.
package struct PageCursor<List: RPCMethod>: SelfBounded, Equatable, ExpressibleByStringLiteral {
    package static var rule: Rule { .text(1...1024) }

    /// What the list itself begins from, such as the last row's id.
    package let place: String

    package init(_ place: String) { self.place = place }
    package init(_ place: some BinaryInteger) { self.place = String(place) }
    package init(_ place: some Identifier) { self.place = place.rawValue }
    package init(stringLiteral place: String) { self.place = place }

    /// The place as a number, for a list that counts.
    package var number: Int64? { Int64(place) }

    /// Characters of the check, and the sign after it.
    private static var checkLength: Int { 8 }

    /// As whoever reads the list has it.
    package var text: String {
        let hash = FNV1a.hash(place, seed: FNV1a.hash(List.name))
        let check = String(UInt32(truncatingIfNeeded: hash ^ hash >> 32), radix: 16)
        return String(repeating: "0", count: Self.checkLength - check.count) + check + "-" + place
    }

    package init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        place = String(text.dropFirst(Self.checkLength + 1))
        guard text == self.text else {
            let path = decoder.codingPath.map(\.stringValue).joined(separator: ".")
            throw Fault(
                .params,
                "\(path) is not one that this list gave: give `next` of the page before as it came, or leave it out for the first page.",
                path: path)
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
