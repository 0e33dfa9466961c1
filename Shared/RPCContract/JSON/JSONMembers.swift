package import Foundation

/// Finds the members of one JSON object, or the items of one array, without decoding their values.
///
/// What is stepped over is JSON all the same: nothing that is cut out here can break the text it is put into.
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
            found.last { member in
                let key = bytes[member.key]
                return key.elementsEqual(name) || key.contains(0x5C) && Self.unescaped(key) == String(decoding: name, as: UTF8.self)
            }
        }
        return match.map { value(at: $0.value) }
    }

    /// A key as it is meant: letters may be written as escapes.
    private static func unescaped(_ key: Slice<UnsafeRawBufferPointer>) -> String? {
        try? JSON.decode(String.self, from: Data([0x22]) + Data(key) + Data([0x22]))  // it was stepped over as a string
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

    /// Walks over the bytes and finds where values stand; nil means that they are malformed.
    private struct Scanner {
        private var skipper: JSONSkipper

        init(_ bytes: UnsafeRawBufferPointer) { skipper = JSONSkipper(bytes) }

        mutating func members() -> [Member]? {
            skipper.skipSpace()
            guard skipper.take(0x7B) else { return nil }
            skipper.skipSpace()
            var members: [Member] = []
            members.reserveCapacity(4)
            if !skipper.take(0x7D) {
                repeat {
                    skipper.skipSpace()
                    guard let key = skipper.string() else { return nil }
                    skipper.skipSpace()
                    guard skipper.take(0x3A) else { return nil }
                    skipper.skipSpace()
                    guard let value = skipper.value() else { return nil }
                    members.append(Member(key: key, value: value))
                    skipper.skipSpace()
                } while skipper.take(0x2C)
                guard skipper.take(0x7D) else { return nil }
            }
            skipper.skipSpace()
            return skipper.isAtEnd ? members : nil
        }

        mutating func items(_ limit: Int) -> [Range<Int>]? {
            skipper.skipSpace()
            guard skipper.take(0x5B) else { return nil }
            skipper.skipSpace()
            var items: [Range<Int>] = []
            if !skipper.take(0x5D) {
                repeat {
                    skipper.skipSpace()
                    guard let item = skipper.value() else { return nil }
                    items.append(item)
                    if items.count > limit { return items }
                    skipper.skipSpace()
                } while skipper.take(0x2C)
                guard skipper.take(0x5D) else { return nil }
            }
            skipper.skipSpace()
            return skipper.isAtEnd ? items : nil
        }
    }
}
