package import Foundation

/// Opens listening sockets the way a socket unit does.
package enum Listener {
    /// Why a socket could not be opened.
    package struct Failure: Error, CustomStringConvertible {
        package var description: String
    }

    /// A Unix stream socket at `path`; a stale file there is replaced.
    package static func unix(path: String, mode: mode_t = 0o660, backlog: Int32 = 4096) throws(Failure) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // sun_path holds 108 bytes on Linux, with the terminator.
        guard path.utf8.count < 108 else { throw Failure(description: "\(path): a socket's path has at most 107 bytes") }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        unlink(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
        }
        guard descriptor >= 0, isBound, chmod(path, mode) == 0, listen(descriptor, backlog) == 0 else {
            throw Failure(description: "\(path): \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    /// A TCP socket on 127.0.0.1; port 0 takes a free one.
    package static func tcp(port: UInt16, backlog: Int32 = 4096) throws(Failure) -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        // Accepted connections inherit it.
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isOpen = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, backlog) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isOpen else {
            let reason = errno
            close(descriptor)
            let advice =
                switch reason {
                case EADDRINUSE: "another program listens there; give another port with --port, 0 for a free one"
                case EACCES: "only root may listen there; give a port from 1024 on with --port, 0 for a free one"
                default: String(cString: strerror(reason))
                }
            throw Failure(description: "127.0.0.1:\(port): \(advice)")
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }
}
