extension String {
    /// The first code points: what Meta sends has no bounds of its own, and a part says more than a refusal.
    package func cut(to count: Int) -> String {
        utf8.count <= count ? self : String(String.UnicodeScalarView(unicodeScalars.prefix(count)))
    }
}
