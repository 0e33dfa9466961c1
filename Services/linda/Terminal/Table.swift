import Foundation
import Vocabulary

/// Rows under headings, each column as wide as it must be.
struct Table {
    private let head: [String]
    private var rows: [[String]] = []

    init(_ head: String...) {
        self.head = head
    }

    mutating func add(_ cells: String...) { rows.append(cells.map(Spoken.text)) }

    func print() {
        guard !rows.isEmpty else { return Swift.print("nothing yet") }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        for row in [head] + rows {
            let cells = row.enumerated().map { index, cell in
                // Numbers line up at their last digit.
                let padding = String(repeating: " ", count: widths[index] - cell.count)
                let isNumber = !cell.isEmpty && cell.allSatisfy { $0.isNumber || ".,%".contains($0) }
                return isNumber ? padding + cell : cell + padding
            }
            Swift.print(cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces))
        }
    }
}

extension Timestamp {
    /// As this terminal's time, with its distance from UTC.
    var asTime: String { asTime(in: .current) }

    func asTime(in zone: TimeZone) -> String { Date(self).formatted(Date.ISO8601FormatStyle(timeZone: zone)) }
}
