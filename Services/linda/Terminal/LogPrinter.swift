import Foundation
import Observability
import Synchronization

/// Prints the processes' lines, each after its name.
final class LogPrinter: Sendable {
    private let isColored = isatty(2) == 1
    private let least: Int
    /// Of this terminal's zone, as the lines are read beside each other.
    private static let clock = Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .current).time(
        includingFractionalSeconds: true)
    private let lock = Mutex(())

    /// - Parameter least: 7 shows everything, 4 warnings and worse (syslog priorities).
    init(least: Int = 7) {
        self.least = least
    }

    func print(_ process: String, _ line: String) {
        var text = line
        var priority = 6
        if line.count > 3, line.first == "<", line[line.index(line.startIndex, offsetBy: 2)] == ">",
            let found = line.dropFirst().first?.wholeNumberValue
        {
            priority = found
            text = String(line.dropFirst(3))
        }
        guard priority <= least else { return }
        let time = Date().formatted(Self.clock)
        let name = process.padding(toLength: 20, withPad: " ", startingAt: 0)
        let color = priority <= 3 ? "\u{1B}[31m" : priority == 4 ? "\u{1B}[33m" : ""
        let whole =
            isColored ? "\u{1B}[2m\(time)\u{1B}[0m \u{1B}[36m\(name)\u{1B}[0m \(color)\(text)\u{1B}[0m\n" : "\(time) \(name) \(text)\n"
        lock.withLock { _ in StandardStream.error.write(whole) }
    }
}
