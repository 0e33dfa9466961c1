import Foundation
import Observability

/// One line that shows how far long work is; on something that is no terminal, a line now and then.
struct ProgressBar {
    private let title: String
    private let total: Int
    /// How much was done when it began.
    private let first: Int
    private let start = ContinuousClock.now
    private let isTerminal = isatty(2) == 1
    private var lastLine = ContinuousClock.now - .seconds(60)

    init(_ title: String, total: Int, from first: Int = 0) {
        self.title = title
        self.total = total
        self.first = first
    }

    /// A line of its own above the bar.
    func say(_ line: String) { write("\(isTerminal ? "\r\u{1B}[2K" : "")\(line)\n") }

    /// - Parameter isStuck: whether how long it takes is not up to us.
    mutating func show(_ done: Int, _ detail: String = "", isStuck: Bool = false) {
        let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
        // Of less than half a second a rate says nothing.
        let rate = seconds > 0.5 ? Double(done - first) / seconds : 0
        let share = total > 0 ? Double(done) / Double(total) : 1
        let left = rate > 0 ? Double(total - done) / rate : 0
        let pace = rate > 0 && !isStuck ? "  \(Int(rate))/s  \(String(format: "%.0f", left)) s left" : ""
        let tail = "\(done)\(total > 0 ? "/\(total)" : "")\(pace)  \(detail)"
        if isTerminal {
            let filled = Int(share * 30)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
            write("\r\u{1B}[2K\(title) \(bar) \(tail)")
        } else if ContinuousClock.now - lastLine >= .seconds(2) {
            lastLine = .now
            write("\(title) \(tail)\n")
        }
    }

    func finish(_ outcome: String) {
        let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
        write("\(isTerminal ? "\r\u{1B}[2K" : "")\(title) \(outcome) in \(String(format: "%.1f", seconds)) s\n")
    }

    private func write(_ text: String) { StandardStream.error.write(text) }
}
