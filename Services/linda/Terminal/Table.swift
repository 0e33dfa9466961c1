import Foundation
import Vocabulary

/// Rows under headings, each column as wide as it must be.
///
/// On a terminal that is too narrow times lose what the others share with them, of which their distance from UTC goes into the heading. Then texts
/// of columns that may be cut are cut, and columns that may go are left out. Then the widest columns are folded; where that is not enough each row
/// becomes lines of its own, one for each heading. A pipe gets every row in one line.
struct Table {
    /// Headings of columns whose texts may end with an ellipsis on a narrow terminal.
    var cuttable: Set<String> = []
    /// Headings of columns that a narrow terminal may do without, what goes first at the front.
    var spare: [String] = []
    private let head: [String]
    private var rows: [[String]] = []
    private static let gap = 2
    /// No column is folded to less, nor so far that a word of up to an id's length is cut.
    private static let least = 10
    private static let id = 26
    /// No text is cut to less.
    private static let shortest = 14

    init(_ head: String...) {
        self.head = head
    }

    mutating func add(_ cells: String...) { rows.append(cells.map(Spoken.text)) }

    /// Cells with other people's words, which are shown as they are.
    mutating func addVerbatim(_ cells: String...) { rows.append(cells.map(TerminalText.plain)) }

    /// - Parameter nothing: what is said where there are no rows.
    func print(nothing: String = "nothing yet") {
        for line in rows.isEmpty ? [nothing] : lines(width: TerminalWidth.columns) { Swift.print(line) }
    }

    /// - Parameter width: columns of the terminal; nil where it is none.
    func lines(width: Int?) -> [String] {
        guard !rows.isEmpty else { return ["nothing yet"] }
        guard let width else { return Self.drawn([head] + rows, Self.widths([head] + rows)) }
        let fewer = (0...spare.count).map { Set(spare.prefix($0)) }
        let fit = fewer.lazy.compactMap { Self.fitting(forms(without: $0), width) ?? cut(forms(without: $0), width) }.first
        let lines = fit ?? Self.folded(Array(forms(without: Set(spare)).dropFirst()), width) ?? blocks(width)
        return lines.map(CellText.parted)
    }

    /// The table as it is, then with shorter times.
    private func forms(without dropped: Set<String>) -> [[[String]]] {
        // A column in which nobody has anything takes room for nothing.
        let used = head.indices.filter { column in !dropped.contains(head[column]) && rows.contains { !$0[column].isEmpty } }
        let whole = ([head] + rows).map { row in used.map { CellText.joined(row[$0]) } }
        return [whole] + CellText.shortened(whole)
    }

    /// The shortest form with texts that are cut, the longest first; nil where that is not enough.
    private func cut(_ forms: [[[String]]], _ width: Int) -> [String]? {
        guard let form = forms.last, let heading = form.first else { return nil }
        var widths = Self.widths(form)
        while Self.total(widths) > width {
            let longer = widths.indices.filter { cuttable.contains(heading[$0]) && widths[$0] > Self.shortest }
            guard let longest = longer.max(by: { widths[$0] < widths[$1] }) else { return nil }
            widths[longest] -= 1
        }
        return Self.drawn(form.map { zip($0, widths).map { TerminalWidth.cut($0, to: $1) } }, widths)
    }

    /// The first of several forms of a table that fits as it is; nil where none does.
    private static func fitting(_ forms: [[[String]]], _ width: Int) -> [String]? {
        forms.lazy.map { ($0, widths($0)) }.first { total($0.1) <= width }.map { drawn($0.0, $0.1) }
    }

    /// The first of several forms of a table that fits with its texts in several lines; nil where none does.
    private static func folded(_ forms: [[[String]]], _ width: Int) -> [String]? {
        for form in forms {
            var widths = widths(form)
            fit(&widths, of: form, into: width)
            if total(widths) <= width { return drawn(form, widths) }
        }
        return nil
    }

    private static func widths(_ table: [[String]]) -> [Int] {
        (table.first ?? []).indices.map { column in table.map { TerminalWidth.of($0[column]) }.max() ?? 0 }
    }

    private static func drawn(_ table: [[String]], _ widths: [Int]) -> [String] { table.flatMap { lines($0, widths) } }

    private static func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + gap * (widths.count - 1) }

    /// One below the other: heading and cell, an empty line after each row.
    private func blocks(_ width: Int) -> [String] {
        let heading = head.map(TerminalWidth.of).max() ?? 0
        let room = max(Self.least, width - heading - Self.gap)
        return rows.flatMap { row in
            row.enumerated().flatMap { column, cell -> [String] in
                guard !cell.isEmpty else { return [] }
                return TerminalWidth.folded(CellText.joined(cell), to: room).enumerated().map { line, part in
                    let name = line == 0 ? head[column] : ""
                    return name + String(repeating: " ", count: heading + Self.gap - TerminalWidth.of(name)) + part
                }
            } + [""]
        }
    }

    /// Folds what has words, the widest first; an id or a time is copied, and stays whole.
    private static func fit(_ widths: inout [Int], of table: [[String]], into width: Int) {
        var floors: [Int: Int] = [:]
        for column in widths.indices where table.contains(where: { $0[column].contains(" ") }) {
            let words = table.flatMap { $0[column].split(separator: " ") }
            floors[column] = max(least, min(id, words.map { TerminalWidth.of(String($0)) }.max() ?? 0))
            widths[column] = min(widths[column], width)
        }
        while total(widths) > width {
            let wider = widths.indices.filter { column in floors[column].map { widths[column] > $0 } ?? false }
            guard let widest = wider.max(by: { widths[$0] < widths[$1] }) else { return }
            widths[widest] -= 1
        }
    }

    private static func lines(_ row: [String], _ widths: [Int]) -> [String] {
        let folded = row.enumerated().map { TerminalWidth.folded($1, to: widths[$0]) }
        let height = folded.map(\.count).max() ?? 1
        return (0..<height).map { line in
            let cells = folded.enumerated().map { column, parts in
                let part = line < parts.count ? parts[line] : ""
                // Numbers line up at their last digit.
                let padding = String(repeating: " ", count: max(0, widths[column] - TerminalWidth.of(part)))
                let isNumber = !part.isEmpty && part.allSatisfy { $0.isNumber || ".,%".contains($0) }
                return isNumber ? padding + part : part + padding
            }
            let text = cells.joined(separator: String(repeating: " ", count: gap))
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
    }
}

extension Timestamp {
    /// As this terminal's time, with its distance from UTC.
    var asTime: String { asTime(in: .current) }

    func asTime(in zone: TimeZone) -> String { Date(self).formatted(Date.ISO8601FormatStyle(timeZone: zone)) }
}
