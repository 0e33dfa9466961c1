/// Steps over JSON values and refuses what RFC 8259 does; builds nothing.
struct JSONSkipper {
    private let bytes: UnsafeRawBufferPointer
    private var index = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { index == bytes.count }

    mutating func skipSpace() {
        while index < bytes.count, case let byte = bytes[index], byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    /// Steps over one value; where it stands.
    mutating func value() -> Range<Int>? {
        let start = index
        // Where the lists and objects around this place are closed: nested as deep as the parser takes it.
        var closings: [UInt8] = []
        while true {
            guard index < bytes.count else { return nil }
            switch bytes[index] {
            case 0x7B:
                index += 1
                skipSpace()
                if !take(0x7D) {
                    guard closings.count < JSONParser.depthLimit, key() else { return nil }
                    closings.append(0x7D)
                    continue
                }
            case 0x5B:
                index += 1
                skipSpace()
                if !take(0x5D) {
                    guard closings.count < JSONParser.depthLimit else { return nil }
                    closings.append(0x5D)
                    continue
                }
            case 0x22: guard string() != nil else { return nil }
            case 0x74: guard literal("true") else { return nil }
            case 0x66: guard literal("false") else { return nil }
            case 0x6E: guard literal("null") else { return nil }
            default: guard number() else { return nil }
            }
            // A value has ended: what it stands in goes on or ends, too.
            while let closing = closings.last {
                skipSpace()
                if take(0x2C) {
                    skipSpace()
                    guard closing == 0x5D || key() else { return nil }
                    break
                }
                guard take(closing) else { return nil }
                closings.removeLast()
            }
            if closings.isEmpty { return start..<index }
        }
    }

    /// A member's name up to its value.
    private mutating func key() -> Bool {
        guard string() != nil else { return false }
        skipSpace()
        guard take(0x3A) else { return false }
        skipSpace()
        return true
    }

    /// Steps over a string; what stands between its quotes.
    mutating func string() -> Range<Int>? {
        guard take(0x22) else { return nil }
        let start = index
        var isPlain = true
        while index < bytes.count {
            switch bytes[index] {
            case 0x22:
                let inner = start..<index
                index += 1
                return isPlain || String(validating: bytes[inner], as: UTF8.self) != nil ? inner : nil
            case 0x5C:
                index += 1
                guard escape() else { return nil }
            case 0..<0x20: return nil
            case let byte:
                if byte >= 0x80 { isPlain = false }
                index += 1
            }
        }
        return nil
    }

    private mutating func escape() -> Bool {
        guard index < bytes.count else { return false }
        index += 1
        switch bytes[index - 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return true
        case 0x75:
            guard index + 4 <= bytes.count, bytes[index..<(index + 4)].allSatisfy(Self.isHex) else { return false }
            index += 4
            return true
        default: return false
        }
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    private mutating func literal(_ text: StaticString) -> Bool {
        let name = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard bytes[index...].starts(with: name) else { return false }
        index += name.count
        return true
    }

    private mutating func number() -> Bool {
        _ = take(0x2D)
        let isZero = take(0x30)
        guard isZero || digits() else { return false }
        if take(0x2E) { guard digits() else { return false } }
        if take(0x65) || take(0x45) {
            if !take(0x2B) { _ = take(0x2D) }
            return digits()
        }
        return true
    }

    private mutating func digits() -> Bool {
        let start = index
        while index < bytes.count, 0x30...0x39 ~= bytes[index] { index += 1 }
        return index > start
    }
}
