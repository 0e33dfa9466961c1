/// Ids of ours: 48 bits of time and 80 of chance, in 26 letters that sort by age.
///
/// Source: the ULID specification (Crockford's base 32).
package enum ULID {
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Makes an id for a moment, with the given chance.
    package static func make(at time: Timestamp, using chance: Chance) -> String {
        var generator = chance
        return make(at: time, using: &generator)
    }

    /// The least id of a moment: all that were made before are smaller.
    package static func floor(at time: Timestamp) -> String {
        String(decoding: letters(of: time), as: UTF8.self) + String(repeating: "0", count: 16)
    }

    private static func letters(of time: Timestamp) -> [UInt8] {
        let milliseconds = max(0, time.milliseconds)
        return stride(from: 45, through: 0, by: -5).map { alphabet[Int((milliseconds >> Int64($0)) & 31)] }
    }

    /// Makes an id for a moment, with chance from a generator that a test can replay.
    package static func make(at time: Timestamp, using generator: inout some RandomNumberGenerator) -> String {
        var bytes = letters(of: time)
        bytes.reserveCapacity(26)
        var chance = (generator.next() as UInt64, generator.next() as UInt64)
        for index in 0..<16 {
            if index < 8 {
                bytes.append(alphabet[Int(chance.0 & 31)])
                chance.0 >>= 5
            } else {
                bytes.append(alphabet[Int(chance.1 & 31)])
                chance.1 >>= 5
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
