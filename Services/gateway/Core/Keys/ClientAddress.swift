import Foundation

/// From where somebody asks, as it is counted: an address, or of IPv6 the network of 64 bits that one subscriber has.
enum ClientAddress {
    /// - Parameters:
    ///   - peer: the other end of the connection.
    ///   - forwarded: the values of the header X-Forwarded-For: a proxy on this host says there for whom it asks, nobody else is believed.
    static func of(peer: String?, forwarded: [String]) -> String {
        let own = bytes(of: peer ?? "")
        guard isLoopback(own), let last = forwarded.last?.split(separator: ",").last?.trimmingCharacters(in: .whitespaces) else {
            return text(own)
        }
        let told = bytes(of: last)
        // What is no address tells nothing.
        return text(told.isEmpty ? own : told)
    }

    /// Four or sixteen; none where it is no address of the internet.
    private static func bytes(of text: String) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &bytes) == 1 { return bytes }
        bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return [] }
        // An address of IPv4 on a socket of both.
        return bytes.starts(with: [UInt8](repeating: 0, count: 10) + [255, 255]) ? Array(bytes.suffix(4)) : bytes
    }

    private static func isLoopback(_ bytes: [UInt8]) -> Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1]
    }

    private static func text(_ bytes: [UInt8]) -> String {
        guard bytes.count == 16 else { return bytes.map(String.init).joined(separator: ".") }
        return bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":")
    }
}
