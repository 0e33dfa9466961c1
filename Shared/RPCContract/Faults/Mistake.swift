/// Something that is wrong with params, and where.
package struct Mistake: Sendable, Equatable {
    package var path: String
    /// What is wrong, as a sentence that names the place.
    package var words: String

    package init(path: String, words: String) {
        self.path = path
        self.words = words
    }

    /// More are not told at once.
    static let most = 20
    /// A fault's message is for people.
    private static let mostBytes = 2500

    /// All of several in one fault: whoever mends the first is not told the next only afterwards.
    static func fault(_ mistakes: [Mistake]) -> Fault {
        var told = ""
        var count = 0
        for mistake in mistakes.prefix(most) where told.utf8.count < mostBytes {
            told += " \(mistake.words)"
            count += 1
        }
        let head = mistakes.count > most ? "There are more than \(most) mistakes." : "There are \(mistakes.count) mistakes."
        let path = mistakes.first?.path ?? ""
        return Fault(.params, "\(head)\(told)\(mistakes.count > count ? " … and others." : "")", path: path.isEmpty ? nil : path)
    }
}
