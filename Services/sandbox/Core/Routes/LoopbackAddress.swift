import Foundation

/// Where a listening socket can be reached on this machine.
enum LoopbackAddress {
    /// `http://127.0.0.1:PORT`; nil where the socket is none of IPv4's.
    static func url(of descriptor: Int32) -> String? {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let outcome = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard outcome == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
        return "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    }
}
