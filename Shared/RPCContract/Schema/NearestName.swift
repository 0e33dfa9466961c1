/// The known name that a misspelt one was probably meant to be.
package enum NearestName {
    /// Nil where none is near: more than a third of the letters differ.
    package static func of(_ name: String, among known: some Sequence<String>) -> String? {
        // A name longer than any of ours is not compared: its length comes from outside.
        guard name.utf8.count <= 64 else { return nil }
        let given = Array(name.lowercased().utf8)
        let ranked = known.map { (name: $0, distance: distance(given, Array($0.lowercased().utf8))) }
        guard let best = ranked.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }) else { return nil }
        return best.distance <= max(1, max(given.count, best.name.utf8.count) / 3) ? best.name : nil
    }

    /// How many letters have to be put in, taken out, changed or swapped with their neighbour.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                var least = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    least = min(least, beforeLast[column - 2] + 1)
                }
                current.append(least)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
