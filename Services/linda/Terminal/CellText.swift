/// What a table's cell holds, in forms that take less room.
enum CellText {
    /// Stands within what is not folded.
    ///
    /// Of private use, and in nobody's text: the spaces that people write stay theirs.
    private static let joint = "\u{10FFFD}"

    /// A phone number is read as one: it is not folded at its spaces.
    static func joined(_ cell: String) -> String {
        cell.replacing(/\+[0-9]{1,3}(?: [0-9]+)+/) { String($0.output).replacing(" ", with: joint) }
    }

    /// As it is printed and copied.
    static func parted(_ line: String) -> String { line.replacing(joint, with: " ") }

    /// A table whose times have no seconds, and their distance from UTC once in the heading; then one without the year, if all share it.
    ///
    /// A time within a text is somebody's words, and stays.
    static func shortened(_ table: [[String]]) -> [[[String]]] {
        let times = table.map { row in row.map(Time.init) }
        // Where summer time has begun or ended in between, each time keeps its own.
        let zones = (table.first ?? []).indices.map { column in Set(times.compactMap { $0[column]?.zone }) }
        let heads = zip(table.first ?? [], zones).map { head, zones in zones.count == 1 ? "\(head)\(joint)(\(zones.first ?? ""))" : head }
        func form(_ short: (Time) -> String) -> [[String]] {
            [heads]
                + zip(table, times).dropFirst().map { row, times -> [String] in
                    row.indices.map { column -> String in
                        guard let time = times[column] else { return row[column] }
                        return short(time) + (zones[column].count == 1 ? "" : "\(joint)\(time.zone)")
                    }
                }
        }
        let minutes = form { "\($0.year)-\($0.day)\(joint)\($0.minute)" }
        guard Set(times.joined().compactMap { $0?.year }).count == 1 else { return [minutes] }
        return [minutes, form { "\($0.day)\(joint)\($0.minute)" }]
    }

    /// A cell that is one time and nothing else.
    private struct Time {
        let year: Substring
        let day: Substring
        let minute: Substring
        /// Its distance from UTC.
        let zone: String

        init?(_ cell: String) {
            let whole = /([0-9]{4})-([0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}):[0-9]{2}(Z|[+-][0-9]{2}:?[0-9]{2})/
            guard let match = cell.wholeMatch(of: whole) else { return nil }
            (year, day, minute) = (match.output.1, match.output.2, match.output.3)
            zone = match.output.4 == "Z" ? "UTC" : String(match.output.4)
        }
    }
}
