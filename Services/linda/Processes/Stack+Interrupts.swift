import Supervision
import UnixSignals

extension Stack {
    /// Runs until Ctrl-C or SIGTERM, or until it is stopped.
    func runUntilInterrupted(_ whenReady: @escaping @Sendable () async -> Void) async throws {
        // Trapped before anything starts: from then on no signal ends this process without its children.
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in signals { self.stop() }
            }
            try await run(whenReady)
            group.cancelAll()
        }
    }
}
