import Foundation
import Synchronization

/// The lines that processes have written.
package final class LogCapture: Sendable {
    private let lines = Mutex<[(process: String, line: String)]>([])

    package init() {}

    package func add(_ process: String, _ line: String) { lines.withLock { $0.append((process, line)) } }

    package func lines(of process: String? = nil) -> [String] {
        lines.withLock { $0.filter { process == nil || $0.process == process }.map(\.line) }
    }

    /// Lines that no test may cause: what should never happen, and runtime traps.
    package var faults: [String] {
        lines.withLock { all in
            all.filter { $0.line.hasPrefix("<2>") || $0.line.contains("Fatal error") || $0.line.contains("ended by a defect") }
                .map { "\($0.process): \($0.line)" }
        }
    }
}
