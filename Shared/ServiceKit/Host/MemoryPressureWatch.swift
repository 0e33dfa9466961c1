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
    /// What the service manager has told the process.
    var environment = ProcessInfo.processInfo.environment
    /// Drops what can be read again.
    let release: @Sendable () -> Void

    /// Between two looks at the file; the protocol's own windows are as long.
    private static let interval = Duration.seconds(2)

    func run() async throws {
        guard let path = environment["MEMORY_PRESSURE_WATCH"], path != "/dev/null" else { return try await gracefulShutdown() }
        guard let source = MemoryPressureSource(path, writing: environment["MEMORY_PRESSURE_WRITE"].flatMap { Data(base64Encoded: $0) })
        else {
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
}
