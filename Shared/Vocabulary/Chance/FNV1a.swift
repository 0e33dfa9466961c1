/// A hash that is the same in every process and on every machine: FNV-1a, 64 bits.
///
/// For sharing out and telling apart, never against an adversary.
/// Source: Fowler, Noll, Vo; RFC 9923.
package enum FNV1a {
    /// - Parameter seed: gives another, independent sharing.
    package static func hash(_ text: String, seed: UInt64 = 0) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }
}
