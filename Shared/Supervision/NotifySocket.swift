import Foundation
import Synchronization

/// The receiving end of sd_notify(3) for one child, on an abstract socket.
final class NotifySocket: Sendable {
    let address: String
    private let descriptor: Int32
    private let isStopped = Mutex(false)

    init() throws {
        let name = "linda-notify-\(UInt64.random(in: 0 ... .max))"
        address = "@\(name)"
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var socketAddress = sockaddr_un()
        socketAddress.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &socketAddress.sun_path) { path in
            path[0] = 0
            UnsafeMutableRawBufferPointer(rebasing: path[1...]).copyBytes(from: name.utf8)
        }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
        let isBound = withUnsafePointer(to: &socketAddress) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
        }
        guard isBound else { throw Listener.Failure(description: "notify socket: \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    /// Returns once READY=1 has come, or after `stop`.
    func ready() async {
        await withCheckedContinuation { continuation in
            let thread = Thread { [self] in
                var buffer = [UInt8](repeating: 0, count: 4096)
                while !isStopped.withLock({ $0 }) {
                    var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                    guard poll(&poller, 1, 20) > 0 else { continue }
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    if count > 0, String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").contains("READY=1") { break }
                }
                continuation.resume()
            }
            thread.stackSize = 128 * 1024
            thread.start()
        }
    }

    func stop() { isStopped.withLock { $0 = true } }
}
