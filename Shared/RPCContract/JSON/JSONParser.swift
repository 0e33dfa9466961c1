import Foundation

/// Reads RFC 8259 text into a `JSONValue` in one pass.
///
/// A decoder has to try one type after the other for every value of unknown
/// shape; this looks at its first byte, which is some ten times faster. Of a
/// key given twice the last counts, and two keys are the same as Swift strings are.
/// Half of a surrogate pair is no character, and refused where nothing else is said.
struct JSONParser {
    /// Deeper nesting is refused: it would overflow the stack.
    static let depthLimit = 512

    private let bytes: UnsafeRawBufferPointer
    private let replacesHalves: Bool
    private var index = 0
    private var depth = 0

    /// - Parameter replacesHalves: whether U+FFFD stands for half of a surrogate pair.
    static func parse(_ data: Data, replacesHalves: Bool = false) throws(NotJSON) -> JSONValue {
        let outcome: Result<JSONValue, NotJSON> = data.withUnsafeBytes { bytes in
            var parser = JSONParser(bytes, replacesHalves: replacesHalves)
            return Result { () throws(NotJSON) in try parser.document() }
        }
        return try outcome.get()
    }

    private init(_ bytes: UnsafeRawBufferPointer, replacesHalves: Bool) {
        self.bytes = bytes
        self.replacesHalves = replacesHalves
    }

    private mutating func document() throws(NotJSON) -> JSONValue {
        let value = try value()
        skipSpace()
        guard index == bytes.count else { throw NotJSON(offset: index) }
        return value
    }

    private mutating func value() throws(NotJSON) -> JSONValue {
        skipSpace()
        guard index < bytes.count else { throw NotJSON(offset: index) }
        switch bytes[index] {
        case 0x22: return .string(try string())
        case 0x7B: return try object()
        case 0x5B: return try array()
        case 0x74: return try literal("true", .bool(true))
        case 0x66: return try literal("false", .bool(false))
        case 0x6E: return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func object() throws(NotJSON) -> JSONValue {
        try enter()
        var members: [String: JSONValue] = [:]
        skipSpace()
        if !take(0x7D) {
            repeat {
                skipSpace()
                let key = try string()
                skipSpace()
                guard take(0x3A) else { throw NotJSON(offset: index) }
                do throws(NotJSON) { members[key] = try value() } catch { throw error.inside(key) }
                skipSpace()
            } while take(0x2C)
            guard take(0x7D) else { throw NotJSON(offset: index) }
        }
        depth -= 1
        return .object(members)
    }

    private mutating func array() throws(NotJSON) -> JSONValue {
        try enter()
        var items: [JSONValue] = []
        skipSpace()
        if !take(0x5D) {
            repeat {
                do throws(NotJSON) { items.append(try value()) } catch { throw error.inside("[\(items.count)]") }
                skipSpace()
            } while take(0x2C)
            guard take(0x5D) else { throw NotJSON(offset: index) }
        }
        depth -= 1
        return .array(items)
    }

    private mutating func enter() throws(NotJSON) {
        index += 1
        depth += 1
        guard depth <= Self.depthLimit else { throw NotJSON(offset: index) }
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(NotJSON) -> JSONValue {
        let name = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[index...].starts(with: name) else { throw NotJSON(offset: index) }
        index += name.count
        return value
    }

    private mutating func number() throws(NotJSON) -> JSONValue {
        let start = index
        let isNegative = take(0x2D)
        let first = index
        var magnitude: Int64? = 0
        while let digit = digit() {
            magnitude = magnitude.flatMap { value in
                let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
                let (sum, carry) = tens.subtractingReportingOverflow(digit)
                return overflow || carry ? nil : sum
            }
        }
        let digits = index - first
        guard digits > 0, digits == 1 || bytes[first] != 0x30 else { throw NotJSON(offset: start) }
        var isWhole = true
        if take(0x2E) {
            isWhole = false
            guard digit() != nil else { throw NotJSON(offset: index) }
            while digit() != nil {}
        }
        if take(0x65) || take(0x45) {
            isWhole = false
            if !take(0x2B) { _ = take(0x2D) }
            guard digit() != nil else { throw NotJSON(offset: index) }
            while digit() != nil {}
        }
        // Counted downwards, since the least Int64 has no positive counterpart.
        if isWhole, let magnitude {
            if isNegative { return .integer(magnitude) }
            if magnitude != .min { return .integer(-magnitude) }
        }
        guard let value = Double(String(decoding: bytes[start..<index], as: UTF8.self)), value.isFinite else {
            throw NotJSON(offset: start)
        }
        return Int64(exactly: value).map { .integer($0) } ?? .number(value)
    }

    private mutating func digit() -> Int64? {
        guard index < bytes.count, case let digit = bytes[index] &- 0x30, digit < 10 else { return nil }
        index += 1
        return Int64(digit)
    }

    private mutating func string() throws(NotJSON) -> String {
        guard take(0x22) else { throw NotJSON(offset: index) }
        let start = index
        while index < bytes.count {
            switch bytes[index] {
            case 0x22:
                index += 1
                guard let text = String(validating: bytes[start..<(index - 1)], as: UTF8.self) else { throw NotJSON(offset: start) }
                return text
            case 0x5C:
                return try escapedString(from: start)
            case 0..<0x20:
                throw NotJSON(offset: index)
            default:
                index += 1
            }
        }
        throw NotJSON(offset: index)
    }

    /// Continues at the first escape of a string.
    private mutating func escapedString(from start: Int) throws(NotJSON) -> String {
        var units = Array(bytes[start..<index])
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0x22:
                guard let text = String(validating: units, as: UTF8.self) else { throw NotJSON(offset: start) }
                return text
            case 0x5C: units += try escape().utf8
            case 0..<0x20: throw NotJSON(offset: index - 1)
            default: units.append(byte)
            }
        }
        throw NotJSON(offset: index)
    }

    private mutating func escape() throws(NotJSON) -> Character {
        guard index < bytes.count else { throw NotJSON(offset: index) }
        index += 1
        switch bytes[index - 1] {
        case 0x22: return "\""
        case 0x5C: return "\\"
        case 0x2F: return "/"
        case 0x62: return "\u{8}"
        case 0x66: return "\u{C}"
        case 0x6E: return "\n"
        case 0x72: return "\r"
        case 0x74: return "\t"
        case 0x75:
            return try unicodeEscape(from: index - 2)
        default: throw NotJSON(offset: index - 1)
        }
    }

    /// Continues behind `\u`; a character beyond U+FFFF is written as two such escapes.
    private mutating func unicodeEscape(from start: Int) throws(NotJSON) -> Character {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return Character(scalar) }
        if UTF16.isLeadSurrogate(unit) {
            let afterHigh = index
            if take(0x5C), take(0x75) {
                let low = try codeUnit()
                if UTF16.isTrailSurrogate(low) { return Character(UTF16.decode(UTF16.EncodedScalar([unit, low]))) }
            }
            index = afterHigh
        }
        guard replacesHalves else { throw NotJSON(offset: start, half: unit) }
        return "\u{FFFD}"
    }

    private mutating func codeUnit() throws(NotJSON) -> UInt16 {
        guard index + 4 <= bytes.count else { throw NotJSON(offset: index) }
        var unit: UInt16 = 0
        for byte in bytes[index..<(index + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw NotJSON(offset: index) }
            unit = unit << 4 | UInt16(digit)
        }
        index += 4
        return unit
    }

    private mutating func skipSpace() {
        while index < bytes.count, case let byte = bytes[index], byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }
}
