import CSystemd
import Foundation
import Logging
import ServiceLifecycle

/// Gives memory back when the service manager tells that it is short.
///
/// Source: systemd, MEMORY_PRESSURE protocol: `$MEMORY_PRESSURE_WATCH` names a file to poll, `$MEMORY_PRESSURE_WRITE`
/// what is to be written into it first. A pressure file (PSI) is polled for POLLPRI, a FIFO or a socket for input.
struct MemoryPressureWatch: Service {
    let logger: Logger
    /// Drops what can be read again.
    let release: @Sendable () -> Void

    /// Between two looks at the file; the protocol's own windows are as long.
    private static let interval = Duration.seconds(2)

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let path = environment["MEMORY_PRESSURE_WATCH"], path != "/dev/null" else { return try await gracefulShutdown() }
        guard let source = Source(path, writing: environment["MEMORY_PRESSURE_WRITE"].flatMap { Data(base64Encoded: $0) }) else {
            logger.warning("memory pressure cannot be watched, going on without", metadata: ["path": "\(path)", "errno": "\(errno)"])
            return try await gracefulShutdown()
        }
        defer { source.close() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                if source.hasPressure() {
                    release()
                    linda_trim_heap()
                    logger.notice("memory is short, caches were dropped")
                }
                try? await Task.sleep(for: Self.interval)  // woken early only by cancellation
            }
        }
    }

    /// The open file.
    private struct Source {
        private let descriptor: Int32
        private let isPressureFile: Bool

        init?(_ path: String, writing text: Data?) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            isPressureFile = status.st_mode & S_IFMT == S_IFREG
            descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { return nil }
            guard let text else { return }
            let count = text.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count == text.count else {
                Foundation.close(descriptor)
                return nil
            }
        }

        /// Whether there has been pressure since it was last asked.
        func hasPressure() -> Bool {
            var waiting = pollfd(fd: descriptor, events: Int16(isPressureFile ? POLLPRI : POLLIN), revents: 0)
            guard poll(&waiting, 1, 0) == 1, waiting.revents & waiting.events != 0 else { return false }
            var rest = [UInt8](repeating: 0, count: 512)
            // What a FIFO brings is read, or it would tell the same again.
            if !isPressureFile { while read(descriptor, &rest, rest.count) > 0 {} }
            return true
        }

        func close() { Foundation.close(descriptor) }
    }
}
