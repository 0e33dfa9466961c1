/// The view that the classifier has of a text: places in a table of weights, each named by a hash.
///
/// Pieces of words carry spelling, pairs of words carry phrases, and sequences of concepts carry what holds in every language.
package struct OptFeatures: Sendable {
    /// The table has so many places; several features may share one.
    package static let places = 1 << 16

    /// Places in ascending order, each once.
    package let indices: [Int]

    package init(_ text: OptText) {
        var found = Set<Int>(minimumCapacity: 1024)
        func add(_ kind: UInt32, _ parts: some Sequence<UInt32>) { found.insert(Self.place(kind, parts)) }
        let words = text.words.map { $0.unicodeScalars.map(\.value) }
        for word in words {
            let bounded = [60] + word + [62]
            for length in 2...5 where bounded.count >= length {
                for start in 0...(bounded.count - length) { add(1, bounded[start..<(start + length)]) }
            }
            add(2, word)
        }
        let phrase = [[94]] + words + [[36]]
        for (first, second) in zip(phrase, phrase.dropFirst()) { add(3, first + [32] + second) }
        for (place, first) in words.enumerated() {
            for second in words.dropFirst(place + 2).prefix(3) { add(4, first + [32] + second) }
        }
        let concepts = Self.concepts(text.words)
        for length in 1...4 where concepts.count >= length {
            for start in 0...(concepts.count - length) { add(5 + UInt32(length), concepts[start..<(start + length)]) }
        }
        for (place, first) in concepts.enumerated() where first >= Self.named {
            for second in concepts.dropFirst(place + 1).prefix(5) where second >= Self.named { add(10, [first, second]) }
        }
        if concepts.count <= 7 { add(11, concepts) }
        add(12, [UInt32(min(words.count, 12))])
        if OptDenial.isFound(text.words) { add(13, [1]) }
        indices = found.sorted()
    }

    /// Concepts have codes from here on; what is smaller is a bound, a mark or an unknown word.
    private static let named: UInt32 = 8

    /// The concepts of words, with bounds; several unknown words or marks beside each other are one.
    private static func concepts(_ words: [String]) -> [UInt32] {
        var concepts: [UInt32] = [1]
        for word in words {
            let code: UInt32 =
                switch word {
                case "?": 4
                case ",", ".", "!": 3
                default: OptConcept.of(word).map { named + UInt32($0.rawValue) } ?? 5
                }
            if code == 3 || code == 5, concepts.last == code { continue }
            concepts.append(code)
        }
        return concepts + [2]
    }

    /// FNV-1a over the kind and the parts.
    private static func place(_ kind: UInt32, _ parts: some Sequence<UInt32>) -> Int {
        var hash: UInt32 = 0x811c_9dc5
        func take(_ value: UInt32) {
            var value = value
            for _ in 0..<3 {
                hash = (hash ^ (value & 0xFF)) &* 0x0100_0193
                value >>= 8
            }
        }
        take(kind)
        for part in parts { take(part) }
        // The upper half is mixed in: the table is smaller than the hash.
        return Int((hash ^ (hash >> 16)) & UInt32(places - 1))
    }
}
