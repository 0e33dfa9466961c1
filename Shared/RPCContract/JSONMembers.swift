package import Foundation

/// Finds the members of one JSON object, or the items of one array, without decoding their values.
///
/// The transport reads an envelope this way and hands the raw value of
/// `params` or `result` to a decoder of the right type, so that no value is parsed twice.
package struct JSONMembers: Sendable {
    /// Why a text cannot be taken apart.
    package enum Problem: Error { case malformed }

    private struct Member: Sendable {
        /// The undecoded bytes between the quotes.
        var key: Range<Int>
        var value: Range<Int>
    }

    private let data: Data
    private let found: [Member]

    /// - Parameter object: the bytes of exactly one JSON object.
    package init(object data: Data) throws(Problem) {
        let found: [Member]? = data.withUnsafeBytes { bytes in
            var scanner = Scanner(bytes)
            return scanner.members()
        }
        guard let found else { throw .malformed }
        self.data = data
        self.found = found
    }

    /// The undecoded value; of a key given twice, the last.
    package subscript(_ key: StaticString) -> Data? {
        let name = UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        let match = data.withUnsafeBytes { bytes in
            found.last { $0.key.count == name.count && bytes[$0.key].elementsEqual(name) }
        }
        return match.map { value(at: $0.value) }
    }

    /// Key and value of each member, both undecoded.
    package var members: some Sequence<(key: String, value: Data)> {
        found.lazy.map { (key: String(decoding: value(at: $0.key), as: UTF8.self), value: value(at: $0.value)) }
    }

    private func value(at range: Range<Int>) -> Data { data[(data.startIndex + range.lowerBound)..<(data.startIndex + range.upperBound)] }

    /// - Parameters:
    ///   - array: the bytes of exactly one JSON array.
    ///   - limit: reading stops one item beyond it.
    package static func items(array data: Data, limit: Int) throws(Problem) -> [Data] {
        let found: [Range<Int>]? = data.withUnsafeBytes { bytes in
            var scanner = Scanner(bytes)
            return scanner.items(limit)
        }
        guard let found else { throw .malformed }
        return found.map { data[(data.startIndex + $0.lowerBound)..<(data.startIndex + $0.upperBound)] }
    }

    /// Walks over the bytes; nil and false mean that they are malformed.
    private struct Scanner {
        private let bytes: UnsafeRawBufferPointer
        private var index = 0

        init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

        mutating func members() -> [Member]? {
            skipSpace()
            guard take(0x7B) else { return nil }
            skipSpace()
            var members: [Member] = []
            members.reserveCapacity(4)
            if !take(0x7D) {
                repeat {
                    skipSpace()
                    guard let key = string() else { return nil }
                    skipSpace()
                    guard take(0x3A) else { return nil }
                    skipSpace()
                    guard let value = value() else { return nil }
                    members.append(Member(key: key, value: value))
                    skipSpace()
                } while take(0x2C)
                guard take(0x7D) else { return nil }
            }
            skipSpace()
            return index == bytes.count ? members : nil
        }

        mutating func items(_ limit: Int) -> [Range<Int>]? {
            skipSpace()
            guard take(0x5B) else { return nil }
            skipSpace()
            var items: [Range<Int>] = []
            guard !take(0x5D) else { return items }
            repeat {
                skipSpace()
                guard let item = value() else { return nil }
                items.append(item)
                if items.count > limit { return items }
                skipSpace()
            } while take(0x2C)
            return take(0x5D) ? items : nil
        }

        private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

        private mutating func skipSpace() {
            while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
        }

        private mutating func take(_ byte: UInt8) -> Bool {
            guard index < bytes.count, bytes[index] == byte else { return false }
            index += 1
            return true
        }

        /// What stands between two quotes; escapes are only stepped over.
        private mutating func string() -> Range<Int>? {
            guard take(0x22) else { return nil }
            let start = index
            while index < bytes.count {
                switch bytes[index] {
                case 0x22:
                    index += 1
                    return start..<(index - 1)
                case 0x5C: index += 2
                default: index += 1
                }
            }
            return nil
        }

        private mutating func value() -> Range<Int>? {
            let start = index
            guard index < bytes.count else { return nil }
            switch bytes[index] {
            case 0x22: guard string() != nil else { return nil }
            case 0x7B, 0x5B: guard skipNested() else { return nil }
            default:
                while index < bytes.count, !Self.isSpace(bytes[index]), bytes[index] != 0x2C, bytes[index] != 0x7D, bytes[index] != 0x5D {
                    index += 1
                }
                guard index > start else { return nil }
            }
            return start..<index
        }

        /// Steps over one object or array by counting brackets outside strings.
        private mutating func skipNested() -> Bool {
            var depth = 0
            while index < bytes.count {
                switch bytes[index] {
                case 0x22:
                    guard string() != nil else { return false }
                    continue
                case 0x7B, 0x5B: depth += 1
                case 0x7D, 0x5D: depth -= 1
                default: break
                }
                index += 1
                if depth == 0 { return true }
            }
            return false
        }
    }
}
