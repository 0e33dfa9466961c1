package import Foundation

/// Finds the members of one JSON object, or the items of one array, without decoding their values.
///
/// The transport reads an envelope this way and hands the raw value of
/// `params` or `result` to a decoder of the right type, so that no value is parsed twice.
package struct JSONMembers: Sendable {
    package enum Problem: Error { case malformed }

    /// Key (undecoded bytes between the quotes) and the range of the value.
    package private(set) var members: [(key: String, value: Data)] = []

    /// - Parameter object: the bytes of exactly one JSON object.
    package init(object data: Data) throws(Problem) {
        var scanner = Scanner(data)
        scanner.skipSpace()
        guard scanner.take(0x7B) else { throw .malformed }
        scanner.skipSpace()
        if scanner.take(0x7D) {
            try scanner.end()
            return
        }
        repeat {
            scanner.skipSpace()
            let key = try scanner.string()
            scanner.skipSpace()
            guard scanner.take(0x3A) else { throw .malformed }
            scanner.skipSpace()
            members.append((key, try scanner.value()))
            scanner.skipSpace()
        } while scanner.take(0x2C)
        guard scanner.take(0x7D) else { throw .malformed }
        try scanner.end()
    }

    package subscript(_ key: String) -> Data? { members.last { $0.key == key }?.value }

    /// - Parameter array: the bytes of exactly one JSON array.
    package static func items(array data: Data, limit: Int) throws(Problem) -> [Data] {
        var scanner = Scanner(data)
        scanner.skipSpace()
        guard scanner.take(0x5B) else { throw .malformed }
        scanner.skipSpace()
        var items: [Data] = []
        if !scanner.take(0x5D) {
            repeat {
                scanner.skipSpace()
                items.append(try scanner.value())
                guard items.count <= limit else { break }
                scanner.skipSpace()
            } while scanner.take(0x2C)
            guard items.count > limit || scanner.take(0x5D) else { throw .malformed }
        }
        return items
    }

    private struct Scanner {
        let data: Data
        var index: Data.Index

        init(_ data: Data) {
            self.data = data
            index = data.startIndex
        }

        mutating func skipSpace() {
            while index < data.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(data[index]) { index += 1 }
        }

        mutating func take(_ byte: UInt8) -> Bool {
            guard index < data.endIndex, data[index] == byte else { return false }
            index += 1
            return true
        }

        mutating func end() throws(Problem) {
            skipSpace()
            guard index == data.endIndex else { throw .malformed }
        }

        /// The bytes between two quotes; escapes are only stepped over.
        mutating func string() throws(Problem) -> String {
            guard take(0x22) else { throw .malformed }
            let start = index
            try skipString()
            return String(decoding: data[start..<(index - 1)], as: UTF8.self)
        }

        private mutating func skipString() throws(Problem) {
            let stop: Data.Index? = data.withUnsafeBytes { bytes in
                var offset = index - data.startIndex
                while offset < bytes.count {
                    switch bytes[offset] {
                    case 0x22: return offset + data.startIndex
                    case 0x5C: offset += 2
                    default: offset += 1
                    }
                }
                return nil
            }
            guard let stop else { throw .malformed }
            index = stop + 1
        }

        mutating func value() throws(Problem) -> Data {
            let start = index
            guard index < data.endIndex else { throw .malformed }
            switch data[index] {
            case 0x22:
                index += 1
                try skipString()
            case 0x7B, 0x5B:
                try skipNested()
            default:
                let isEnd: (UInt8) -> Bool = { [0x2C, 0x7D, 0x5D, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
                while index < data.endIndex, !isEnd(data[index]) { index += 1 }
                guard index > start else { throw .malformed }
            }
            return data[start..<index]
        }

        /// Steps over one object or array by counting brackets outside strings.
        private mutating func skipNested() throws(Problem) {
            let stop: Data.Index? = data.withUnsafeBytes { bytes in
                var offset = index - data.startIndex
                var depth = 0
                var inString = false
                while offset < bytes.count {
                    let byte = bytes[offset]
                    if inString {
                        if byte == 0x5C { offset += 1 }
                        if byte == 0x22 { inString = false }
                    } else {
                        switch byte {
                        case 0x22: inString = true
                        case 0x7B, 0x5B: depth += 1
                        case 0x7D, 0x5D:
                            depth -= 1
                            if depth == 0 { return offset + data.startIndex }
                        default: break
                        }
                    }
                    offset += 1
                }
                return nil
            }
            guard let stop else { throw .malformed }
            index = stop + 1
        }
    }
}
