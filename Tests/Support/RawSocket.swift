package import Foundation

/// A socket without any client of ours: what socat would do.
///
/// Waiting happens on a thread of its own, so that a server in the same process goes on.
package final class RawSocket: @unchecked Sendable {  // one test task uses it at a time
    package let path: String
    private let descriptor: Int32
    private var rest = Data()

    package init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 }
        }
        guard isConnected else { throw LindaFixture.Failure(description: "\(path): \(String(cString: strerror(errno)))") }
        limitWaiting()
    }

    /// - Parameter port: of this machine.
    package init(port: UInt16) throws {
        path = "127.0.0.1:\(port)"
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
        }
        guard isConnected else { throw LindaFixture.Failure(description: "\(path): \(String(cString: strerror(errno)))") }
        limitWaiting()
    }

    private func limitWaiting() {
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    package func send(_ text: String) { send(Data(text.utf8)) }

    /// Sends as much as the other side takes at once.
    package func offer(_ text: String) {
        let data = Data(text.utf8)
        data.withUnsafeBytes { bytes in
            _ = Foundation.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        }
    }

    package func send(_ data: Data) {
        data.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = Foundation.send(descriptor, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
                if count <= 0 { return }
                sent += count
            }
        }
    }

    /// Sends on a thread of its own, for as long as the other side takes it.
    package func sendMeanwhile(_ text: String) {
        Thread.detachNewThread { [self] in send(text) }
    }

    /// Whether the other side has closed; what it sent before is not looked at.
    package var isBroken: Bool {
        Foundation.send(descriptor, " ", 1, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)) < 0 && errno != EAGAIN
    }

    package func closeWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// The next line; nil where the other side has closed or nothing comes for 20 s.
    package func line() async -> String? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in continuation.resume(returning: readLine()) }
        }
    }

    /// What comes next, however much; nil where the other side has closed or nothing comes for 20 s.
    package func piece() async -> Data? {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in continuation.resume(returning: readPiece()) }
        }
    }

    /// Whether the other side closes, and sends nothing before, within 20 s.
    package func ends() async -> Bool {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [self] in
                var byte: UInt8 = 0
                let count = recv(descriptor, &byte, 1, 0)
                continuation.resume(returning: rest.isEmpty && (count == 0 || count < 0 && errno == ECONNRESET))
            }
        }
    }

    private func readPiece() -> Data? {
        defer { rest = Data() }
        return rest.isEmpty ? receive() : rest
    }

    private func receive() -> Data? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Data(buffer[..<count]) : nil
    }

    private func readLine() -> String? {
        while true {
            if let end = rest.firstIndex(of: 0x0A) {
                defer { rest = Data(rest[rest.index(after: end)...]) }
                return String(decoding: rest[..<end], as: UTF8.self)
            }
            guard let more = receive() else { return nil }
            rest += more
        }
    }
}
