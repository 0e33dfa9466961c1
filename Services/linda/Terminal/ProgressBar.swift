import Foundation

/// One line that shows how far long work is; on something that is no terminal, a line now and then.
struct ProgressBar {
    private let title: String
    private let total: Int
    private let start = ContinuousClock.now
    private let isTerminal = isatty(2) == 1
    private var lastLine = ContinuousClock.now - .seconds(60)

    init(_ title: String, total: Int) {
        self.title = title
        self.total = total
    }

    mutating func show(_ done: Int, _ detail: String = "") {
        let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
        let rate = seconds > 0 ? Double(done) / seconds : 0
        let share = total > 0 ? Double(done) / Double(total) : 1
        let left = rate > 0 ? Double(total - done) / rate : 0
        let tail = "\(done)/\(total)  \(Int(rate))/s  \(String(format: "%.0f", left)) s left  \(detail)"
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

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
