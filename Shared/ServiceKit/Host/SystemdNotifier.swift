import CSystemd
import Foundation
import Logging
import NIOPosix
import RPCContract
import ServiceLifecycle
import UnixSignals

/// Tells the service manager how the process stands: ready, reloading, stopping, still alive.
struct SystemdNotifier: Service {
    let name: String
    let logger: Logger
    /// Proves that the process can still work: its event loop turns and its database answers.
    let liveness: @Sendable () async -> Void
    let reload: @Sendable () async -> Void

    func run() async throws {
        // Before READY=1: from then on SIGHUP means reload, and its default would end the process.
        let reloads = await UnixSignalsSequence(trapping: .sighup)
        notify("READY=1\nSTATUS=serving")
        logger.notice("ready")
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await watchdog() }
                group.addTask { await follow(reloads) }
                try? await gracefulShutdown()  // cancellation ends the wait as well as shutdown
                group.cancelAll()
            }
        } onGracefulShutdown: {
            notify("STOPPING=1\nSTATUS=finishing what is in flight")
        }
    }

    private func watchdog() async {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0 else { return }
        while !Task.isCancelled {
            await liveness()
            notify("WATCHDOG=1")
            try? await Task.sleep(for: .microseconds(microseconds / 3))  // woken early only by cancellation
        }
    }

    private func follow(_ reloads: UnixSignalsSequence) async {
        for await _ in reloads {
            var now = timespec()
            clock_gettime(CLOCK_MONOTONIC, &now)
            notify("RELOADING=1\nMONOTONIC_USEC=\(Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000)")
            await reload()
            notify("READY=1\nSTATUS=serving")
            logger.notice("configuration reloaded")
        }
    }

    private func notify(_ state: String) {
        let result = sd_notify(0, state)
        if result < 0 { logger.warning("service manager not notified, ignoring", metadata: ["errno": "\(-result)"]) }
    }
}
