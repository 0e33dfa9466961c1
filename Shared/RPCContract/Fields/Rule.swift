import Vocabulary

/// Which JSON values are allowed in one place.
package indirect enum Rule: Sendable {
    /// - Parameter length: in Unicode code points.
    case text(ClosedRange<Int>, of: TextAlphabet? = nil, format: TextFormat? = nil)
    case words([String])
    case whole(ClosedRange<Int64>, unit: String? = nil)
    case number(ClosedRange<Double>, unit: String? = nil)
    case flag
    case list(ClosedRange<Int>, of: Rule? = nil)
    case map(ClosedRange<Int>, of: Rule? = nil)
    case object(any HasFields.Type)
    case any

    /// The largest whole number that every JSON reader keeps exact.
    ///
    /// Source: RFC 8259 §6, IEEE 754 doubles.
    package static let greatestExactWhole: Int64 = 1 << 53 - 1

    /// What either allows.
    func or(_ other: Rule) -> Rule {
        func both<Bound>(_ left: ClosedRange<Bound>, _ right: ClosedRange<Bound>) -> ClosedRange<Bound> {
            min(left.lowerBound, right.lowerBound)...max(left.upperBound, right.upperBound)
        }
        return switch (self, other) {
        case (.words(let left), .words(let right)): .words(left + right.filter { !left.contains($0) })
        case (.text(let left, let alphabet, let format), .text(let right, let other, let another)):
            .text(both(left, right), of: alphabet == other ? alphabet : nil, format: format == another ? format : nil)
        case (.whole(let left, let unit), .whole(let right, _)): .whole(both(left, right), unit: unit)
        case (.number(let left, let unit), .number(let right, _)): .number(both(left, right), unit: unit)
        case (.list(let left, let item), .list(let right, _)): .list(both(left, right), of: item)
        default: self
        }
    }

    package static let count = Rule.whole(0...greatestExactWhole)
}

/// The characters that a text may consist of.
package struct TextAlphabet: Sendable, Equatable {
    /// For people: "digits".
    package let name: String
    /// The inside of a regular expression's brackets.
    package let pattern: String
    /// Whether what is no ASCII belongs to it, too, but for what steers whoever shows it.
    package let isOpen: Bool
    private let bits: (UInt64, UInt64)

    private init(_ name: String, pattern: String, _ characters: some Sequence<UInt8>, isOpen: Bool = false) {
        self.name = name
        self.pattern = pattern
        self.isOpen = isOpen
        var bits: (UInt64, UInt64) = (0, 0)
        for character in characters {
            if character < 64 { bits.0 |= 1 << UInt64(character) } else { bits.1 |= 1 << UInt64(character - 64) }
        }
        self.bits = bits
    }

    /// The first character of a text that is not one of these, as people read it, and its place from 1; nil where all are.
    package func foreign(in text: String) -> (shown: String, place: Int)? {
        // Most texts are ASCII alone.
        guard text.utf8.contains(where: { !contains($0) }) else { return nil }
        var place = 0
        for scalar in text.unicodeScalars {
            place += 1
            let isForeign = scalar.isASCII ? !contains(UInt8(scalar.value)) : !isOpen || scalar.isSteering
            if isForeign { return (Self.shown(scalar), place) }
        }
        return nil
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case " ": "a space"
        case "\n", "\r": "a line break"
        default:
            scalar.isSteering || scalar.properties.generalCategory == .format
                ? "the control character U+\(String(scalar.value, radix: 16, uppercase: true))" : "\"\(scalar)\""
        }
    }

    private func contains(_ byte: UInt8) -> Bool {
        switch byte {
        case ..<64: bits.0 & (1 << UInt64(byte)) != 0
        case ..<128: bits.1 & (1 << UInt64(byte - 64)) != 0
        default: false
        }
    }

    package static func == (left: Self, right: Self) -> Bool { left.pattern == right.pattern }

    private static let letters = Array(UInt8(ascii: "a")...UInt8(ascii: "z")) + Array(UInt8(ascii: "A")...UInt8(ascii: "Z"))
    private static let figures = Array(UInt8(ascii: "0")...UInt8(ascii: "9"))

    package static let digits = TextAlphabet("digits", pattern: "0-9", figures)
    package static let capitals = TextAlphabet("capital letters", pattern: "A-Z", UInt8(ascii: "A")...UInt8(ascii: "Z"))
    package static let lowercase = TextAlphabet(
        "a-z, 0-9 and underscore", pattern: "a-z0-9_", Array(UInt8(ascii: "a")...UInt8(ascii: "z")) + figures + [UInt8(ascii: "_")])
    package static let hex = TextAlphabet("hexadecimal digits", pattern: "0-9a-f", figures + Array(UInt8(ascii: "a")...UInt8(ascii: "f")))
    package static let printable = TextAlphabet("printable ASCII characters without spaces", pattern: "!-~", 0x21...0x7E)
    package static let languageTag = TextAlphabet(
        "letters, digits, - and _", pattern: "A-Za-z0-9_-", letters + figures + Array("_-".utf8))
    /// What people call things, and ids: any script's letters and signs.
    ///
    /// Texts that are sent may have line breaks, and are not bound by it.
    package static let line = TextAlphabet(
        "one line without control characters", pattern: #"^\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069"#, 0x20...0x7E, isOpen: true
    )
}
