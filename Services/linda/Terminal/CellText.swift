/// What a table's cell holds, in forms that take less room.
enum CellText {
    /// Stands within what is not folded.
    private static let joint = "\u{A0}"

    /// A phone number is read as one: it is not folded at its spaces.
    static func joined(_ cell: String) -> String {
        cell.replacing(/\+[0-9]{1,3}(?: [0-9]+)+/) { String($0.output).replacing(" ", with: joint) }
    }

    /// As it is printed and copied.
    static func parted(_ line: String) -> String { line.replacing(joint, with: " ") }

    /// A table whose times have no seconds and no distance from UTC, which is this terminal's; then one without the year, if all share it.
    static func shortened(_ table: [[String]]) -> [[[String]]] {
        var years: Set<Substring> = []
        let minutes = table.map { row in
            row.map { cell in
                cell.replacing(/([0-9]{4})-([0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}):[0-9]{2}(?:Z|[+-][0-9]{2}:?[0-9]{2})/) { match in
                    years.insert(match.output.1)
                    return "\(match.output.1)-\(match.output.2)\(joint)\(match.output.3)"
                }
            }
        }
        guard years.count == 1, let year = years.first else { return [minutes] }
        let pattern = "\(year)-"
        let days = minutes.map { row in
            row.map { cell in
                cell.replacing(/([0-9]{4}-)([0-9]{2}-[0-9]{2}\u{A0}[0-9]{2}:[0-9]{2})/) { match in
                    match.output.1 == pattern ? String(match.output.2) : String(match.output.0)
                }
            }
        }
        return [minutes, days]
    }
}
