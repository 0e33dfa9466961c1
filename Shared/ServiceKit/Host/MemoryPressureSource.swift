import Foundation

/// What the service manager tells of memory: a pressure file, a FIFO or a Unix socket, opened.
struct MemoryPressureSource {
    private let descriptor: Int32
    private let isPressureFile: Bool

    /// - Parameter text: what is written first; for a pressure file the threshold.
    init?(_ path: String, writing text: Data?) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        isPressureFile = status.st_mode & S_IFMT == S_IFREG
        let isSocket = status.st_mode & S_IFMT == S_IFSOCK
        descriptor = isSocket ? Self.connected(path) : open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        guard let text else { return }
        let count = text.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count == text.count else {
            Foundation.close(descriptor)
            return nil
        }
    }

    /// A socket cannot be opened, only connected to; -1 where that fails.
    private static func connected(_ path: String) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else { return -1 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) == 0 }
        }
        guard isConnected else {
            Foundation.close(descriptor)
            return -1
        }
        return descriptor
    }

    /// Whether there has been pressure since it was last asked.
    func hasPressure() -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(isPressureFile ? POLLPRI : POLLIN), revents: 0)
        guard poll(&waiting, 1, 0) == 1, waiting.revents & waiting.events != 0 else { return false }
        if isPressureFile { return true }
        // What comes is read, or it would tell the same again; whoever has closed a socket tells nothing.
        var rest = [UInt8](repeating: 0, count: 512)
        var isTold = false
        while read(descriptor, &rest, rest.count) > 0 { isTold = true }
        return isTold
    }

    func close() { Foundation.close(descriptor) }
}
