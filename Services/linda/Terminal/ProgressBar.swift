import Foundation
import Observability
import Vocabulary

/// One line that shows how far long work is; on something that is no terminal, a line now and then.
struct ProgressBar {
    private let title: String
    private let total: Int
    private let start = ContinuousClock.now
    private let isTerminal = isatty(2) == 1
    private var lastLine = ContinuousClock.now - .seconds(60)

    /// How much is done in a second, and how long all of it takes yet, where that is known.
    struct Pace {
        var rate: Double
        var left: Milliseconds?
    }

    init(_ title: String, total: Int) {
        self.title = TerminalText.plain(title)
        self.total = total
    }

    /// A line of its own above the bar.
    func say(_ line: String) {
        let lines = TerminalText.lines(line, width: TerminalWidth.columns(of: 2)).joined(separator: "\n")
        write("\(isTerminal ? Self.clear : "")\(lines)\n")
    }

    /// For what goes on evenly: as fast as it has gone so far, so it goes on.
    mutating func show(_ done: Int, _ detail: String = "") {
        let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
        // Of less than half a second a rate says nothing.
        let rate = seconds > 0.5 ? Double(done) / seconds : 0
        show(done, detail, at: rate > 0 ? Pace(rate: rate, left: total > 0 ? .seconds(Double(total - done) / rate) : nil) : nil)
    }

    /// - Parameter pace: as whoever does the work knows it; nil where nothing moves, or how long it takes is not up to us.
    mutating func show(_ done: Int, _ detail: String, at pace: Pace?) {
        let figures = "\(done)\(total > 0 ? "/\(total)" : "")\(pace.map(Self.text) ?? "")"
        if isTerminal {
            let share = total > 0 ? Double(done) / Double(total) : 1
            write(Self.clear + Self.line(title, share, figures, detail: detail, width: TerminalWidth.columns(of: 2)))
        } else if ContinuousClock.now - lastLine >= .seconds(2) {
            lastLine = .now
            write("\(title) \(figures)  \(detail)\n")
        }
    }

    /// One line, as wide as the terminal at most: another one would stay where this one is written anew.
    ///
    /// Room is found in the bar first, then in the title, then in the detail. The figures stay as they are.
    ///
    /// - Parameter width: columns of the terminal; nil where it does not say.
    static func line(_ title: String, _ share: Double, _ figures: String, detail: String, width: Int?) -> String {
        let tail = detail.isEmpty ? "" : "  \(detail)"
        // The last column stays free: some terminals go on to the next line once it is written.
        let room = (width ?? .max) - 1 - TerminalWidth.of(figures)
        guard room > 0 else { return TerminalWidth.cut(figures, to: (width ?? .max) - 1) }
        let (name, rest) = (TerminalWidth.of(title) + 1, TerminalWidth.of(tail))
        let bar = min(longest, max(shortest, room - name - rest - 1))
        let forBar = room - min(name, leastTitle) >= bar + 1 ? bar + 1 : 0
        let forTitle = min(name, max(leastTitle, room - forBar - rest), room - forBar)
        let head = forTitle > 1 ? "\(TerminalWidth.cut(title, to: forTitle - 1)) " : ""
        let filled = Int(share * Double(bar))
        let drawn = forBar > 0 ? String(repeating: "█", count: filled) + String(repeating: "░", count: bar - filled) + " " : ""
        return head + drawn + figures + TerminalWidth.cut(tail, to: room - TerminalWidth.of(head) - forBar)
    }

    private static let clear = "\r\u{1B}[2K"
    private static let longest = 30
    private static let shortest = 8
    /// Columns that a title keeps, with the space behind it.
    private static let leastTitle = 13

    static func text(_ pace: Pace) -> String {
        "  \(Spoken.rate(pace.rate))\(pace.left.map { "  \(Spoken.time($0)) left" } ?? "")"
    }

    func finish(_ outcome: String) {
        let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
        say("\(title) \(outcome) in \(String(format: "%.1f", seconds)) s")
    }

    private func write(_ text: String) { StandardStream.error.write(text) }
}
