import Foundation
import Observability

/// One line that shows how far long work is; on something that is no terminal, a line now and then.
struct ProgressBar {
    private let title: String
    private let total: Int
    private let start = ContinuousClock.now
    private let isTerminal = isatty(2) == 1
    private var lastLine = ContinuousClock.now - .seconds(60)

    /// How much is done in a second, and how many seconds all of it takes yet, where that is known.
    struct Pace {
        var rate: Double
        var left: Double?
    }

    init(_ title: String, total: Int) {
        self.title = title
        self.total = total
    }

    /// A line of its own above the bar.
    func say(_ line: String) { write("\(isTerminal ? "\r\u{1B}[2K" : "")\(line)\n") }

    /// For what goes on evenly: as fast as it has gone so far, so it goes on.
    mutating func show(_ done: Int, _ detail: String = "") {
        let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
        // Of less than half a second a rate says nothing.
        let rate = seconds > 0.5 ? Double(done) / seconds : 0
        show(done, detail, at: rate > 0 ? Pace(rate: rate, left: total > 0 ? Double(total - done) / rate : nil) : nil)
    }

    /// - Parameter pace: as whoever does the work knows it; nil where nothing moves, or how long it takes is not up to us.
    mutating func show(_ done: Int, _ detail: String, at pace: Pace?) {
        let share = total > 0 ? Double(done) / Double(total) : 1
        let tail = "\(done)\(total > 0 ? "/\(total)" : "")\(pace.map(Self.text) ?? "")  \(detail)"
        if isTerminal {
            let filled = Int(share * 30)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
            write("\r\u{1B}[2K\(title) \(bar) \(tail)")
        } else if ContinuousClock.now - lastLine >= .seconds(2) {
            lastLine = .now
            write("\(title) \(tail)\n")
        }
    }

    static func text(_ pace: Pace) -> String {
        "  \(Spoken.rate(pace.rate))\(pace.left.map { "  \(Spoken.time($0)) left" } ?? "")"
    }

    func finish(_ outcome: String) {
        let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
        write("\(isTerminal ? "\r\u{1B}[2K" : "")\(title) \(outcome) in \(String(format: "%.1f", seconds)) s\n")
    }

    private func write(_ text: String) { StandardStream.error.write(text) }
}
