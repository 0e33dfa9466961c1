import Logging
import ServiceLifecycle
import Vocabulary

/// Rows of a process that grow in number, and how the old ones are removed.
package struct Prune: Sendable {
    package var name: String
    /// Removes what is too old in pieces, each a short transaction; ends early when cancelled.
    package var run: @Sendable () async throws -> Void

    package init(_ name: String, _ run: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.run = run
    }
}

/// Runs a process's prunes at its start and then once an hour.
struct Pruner: Service {
    let prunes: [Prune]
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                for prune in prunes {
                    do { try await prune.run() } catch {
                        guard !Task.isCancelled else { return }
                        logger.warning(
                            "could not be pruned, retrying in an hour", metadata: ["what": "\(prune.name)", "error": "\(error)"])
                    }
                }
                try? await Task.sleep(for: .seconds(3600))  // cut short by the shutdown
            }
        }
    }
}
