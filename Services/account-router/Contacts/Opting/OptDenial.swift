/// Whether a text says that something shall not stop: "don't stop the messages", "मैसेज बंद मत करो", "मेसेज बंद करू नका".
///
/// English and the Hindi "मत" deny the verb that follows; "मत" and the Marathi "नका" also deny the one before them.
enum OptDenial {
    static func isFound(_ words: [String]) -> Bool {
        let ends = words.map { OptConcept.of($0).map(Self.ending.contains) ?? false }
        for (place, word) in words.enumerated() {
            if before.contains(word) {
                // "do not ever stop", "don't want to unsubscribe", "मत हटाइए".
                var next = place + 1
                while next < words.count, between.contains(words[next]) { next += 1 }
                if next < words.count, next - place <= 5, ends[next] { return true }
            }
            if after.contains(word) {
                // "बंद मत करना", "band mat karo", "बंद करू नका", "list se hatana mat".
                let start = max(0, place - 2)
                if ends[start..<place].contains(true), !words[start..<place].contains(where: { marks.contains($0) }) {
                    return true
                }
            }
        }
        return false
    }

    /// Whether a text says that messages do not come, and nothing of ending them: "not getting any messages", "मैसेज नहीं आया".
    static func isOfMissing(_ words: [String]) -> Bool {
        guard !words.contains(where: { OptConcept.of($0).map(ending.contains) ?? false }) else { return false }
        return zip(words, words.dropFirst()).contains { first, second in
            notYet.contains(first) && told.contains(second) || first != second && told.contains(first) && notMarathi.contains(second)
        }
    }

    private static let notYet = Set(OptText.words(of: "not dont didnt havent hasnt never nahi nahin nhi नहीं नही"))
    private static let notMarathi = Set(OptText.words(of: "nahi nahit naahi नाही नाहीत"))
    private static let told = Set(
        OptText.words(
            of: """
                get getting got receive received receiving recieve recieved recieving sent भेजा भेजे मिला मिले मिली आया आए आई bheja bheje mila mile mili
                aaya aya aaye पाठवले पाठवला पाठवलेत मिळाला मिळाले मिळाली आला आले आली pathavle pathavla milala milale ala aala ale aale
                """))

    private static let ending: Set<OptConcept> = [.stop, .unsubscribe, .remove, .cancel, .closed, .cut]
    private static let before: Set<String> = ["dont", "dun", "dnt", "never", "not", "didnt", "cant", "wont", "mat", "मत"]
    private static let after: Set<String> = ["mat", "mt", "मत", "naka", "nka", "नका", "nako", "नकोस"]
    private static let between: Set<String> = [
        "ever", "want", "wanna", "to", "be", "please", "plz", "pls", "u", "you", "have", "wish", "me",
    ]
    private static let marks: Set<String> = [",", ".", "!", "?"]
}
