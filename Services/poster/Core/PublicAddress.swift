import Foundation

/// Which addresses lie in the internet, where anybody may be; all others are this host's or its network's.
///
/// Source: IANA, IPv4 and IPv6 Special-Purpose Address Registries.
enum PublicAddress {
    private struct Block {
        var bytes: [UInt8]
        var bits: Int
        var name: String

        func holds(_ address: [UInt8]) -> Bool {
            for (index, byte) in bytes.enumerated() {
                let left = bits - index * 8
                guard left > 0 else { return true }
                let mask: UInt8 = left >= 8 ? 0xFF : ~(0xFF >> UInt8(left))
                if address[index] & mask != byte & mask { return false }
            }
            return true
        }
    }

    private static let four: [Block] = [
        Block(bytes: [0], bits: 8, name: "an address of this network"), Block(bytes: [10], bits: 8, name: "a private address"),
        Block(bytes: [100, 64], bits: 10, name: "a provider's inner address"), Block(bytes: [127], bits: 8, name: "this host"),
        Block(bytes: [169, 254], bits: 16, name: "a link-local address"), Block(bytes: [172, 16], bits: 12, name: "a private address"),
        Block(bytes: [192, 0, 0], bits: 24, name: "an address of protocols"),
        Block(bytes: [192, 0, 2], bits: 24, name: "an address of examples"),
        Block(bytes: [192, 88, 99], bits: 24, name: "an address of relays"), Block(bytes: [192, 168], bits: 16, name: "a private address"),
        Block(bytes: [198, 18], bits: 15, name: "an address of measurements"),
        Block(bytes: [198, 51, 100], bits: 24, name: "an address of examples"),
        Block(bytes: [203, 0, 113], bits: 24, name: "an address of examples"), Block(bytes: [224], bits: 4, name: "a multicast address"),
        Block(bytes: [240], bits: 4, name: "a reserved address"),
    ]

    /// Within 2000::/3, outside of which nothing is public.
    private static let six: [Block] = [
        Block(bytes: [0x20, 0x01, 0x00], bits: 23, name: "an address of protocols"),
        Block(bytes: [0x20, 0x01, 0x0D, 0xB8], bits: 32, name: "an address of examples"),
        Block(bytes: [0x3F, 0xFF, 0x00], bits: 20, name: "an address of examples"),
    ]

    /// Addresses of IPv6 that stand for one of IPv4, and where that begins: mapped, translated (NAT64), 6to4.
    private static let carriers: [(block: Block, at: Int)] = [
        (Block(bytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], bits: 96, name: ""), 12),
        (Block(bytes: [0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], bits: 96, name: ""), 12),
        (Block(bytes: [0x20, 0x02], bits: 16, name: ""), 2),
    ]

    /// Why nothing is posted to an address; nil where it is public.
    ///
    /// - Parameter bytes: 4 or 16, in network order.
    static func problem(_ bytes: [UInt8]) -> String? {
        guard let name = name(bytes) else { return nil }
        return "\(text(bytes)) is \(name), and events are posted to public addresses only"
    }

    private static func name(_ bytes: [UInt8]) -> String? {
        switch bytes.count {
        case 4: return four.first { $0.holds(bytes) }?.name
        case 16:
            if let carrier = carriers.first(where: { $0.block.holds(bytes) }) {
                return name(Array(bytes[carrier.at..<(carrier.at + 4)]))
            }
            if bytes == [UInt8](repeating: 0, count: 15) + [1] { return "this host" }
            guard bytes[0] & 0xE0 == 0x20 else {
                switch (bytes[0], bytes[1] & 0xC0) {
                case (0xFE, 0x80): return "a link-local address"
                case (0xFC...0xFD, _): return "a private address"
                case (0xFF, _): return "a multicast address"
                default: return "a reserved address"
                }
            }
            return six.first { $0.holds(bytes) }?.name
        default: return "no address of the internet"
        }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(INET6_ADDRSTRLEN)) != nil else { return "it" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The bytes of a host that is written as an address; nil where it is a name.
    static func bytes(of host: String) -> [UInt8]? {
        let plain = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
        var four = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, plain, &four) == 1 { return four }
        var six = [UInt8](repeating: 0, count: 16)
        return inet_pton(AF_INET6, plain, &six) == 1 ? six : nil
    }
}
