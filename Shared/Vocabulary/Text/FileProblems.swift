/// What is wrong with a file, each told as `file:line: what`.
package enum FileProblems {
    /// By their lines, as whoever corrects the file meets them; behind them what stands elsewhere.
    package static func inOrder(_ problems: [String], of file: String) -> [String] {
        let lines = problems.enumerated().map { index, problem in
            let place = problem.hasPrefix("\(file):") ? problem.dropFirst(file.count + 1).prefix { $0 != ":" } : ""
            return (line: Int(place) ?? .max, index: index, text: problem)
        }
        return lines.sorted { ($0.line, $0.index) < ($1.line, $1.index) }.map(\.text)
    }
}
