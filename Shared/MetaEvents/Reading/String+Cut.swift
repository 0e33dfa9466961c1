extension String {
    /// The first code points: what Meta sends has no bounds of its own, and a part says more than a refusal.
    package func cut(to count: Int) -> String {
        utf8.count <= count ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
    }
}

extension String {
    /// The same in one line, cut; nil where nothing is left of it.
    func line(to count: Int) -> String? {
        var line = UnicodeScalarView()
        for scalar in unicodeScalars {
            let isBreak = scalar.properties.generalCategory == .control || ["\u{2028}", "\u{2029}"].contains(scalar)
            line.append(isBreak ? " " : scalar)
        }
        let words = String(line).split(separator: " ").joined(separator: " ").cut(to: count)
        return words.isEmpty ? nil : words
    }
}
