import AccountContacts
import ConsentTexts
import Foundation

/// How well texts are read: what was followed, asked about, missed, and taken for what it is not.
///
/// What was learnt word for word is left out: it would tell how well the reader remembers.
struct ConsentReport {
    /// Of how many texts some were left out.
    private let given: Int
    private let measured: Int
    private(set) var withdrawals = 0
    private(set) var followed = 0
    private(set) var asked = 0
    private(set) var others = 0
    private(set) var mistaken = 0
    private(set) var askedInVain = 0

    init(_ rows: [ConsentText], learnt: [ConsentText], _ classifier: OptClassifier) {
        let unlearnt = ConsentText.unlearnt(rows, besides: Set(learnt.map(\.words)))
        (given, measured) = (rows.count, unlearnt.count)
        for row in unlearnt where row.label != "unsure" {
            let reading = OptReading(row.text, classifier: classifier)
            var isFollowed = false
            if case .keyword(let keyword) = reading { isFollowed = keyword.meaning == .stop }
            var isAsked = false
            if case .unsure = reading { isAsked = true }
            if row.label == "stop" {
                withdrawals += 1
                followed += isFollowed ? 1 : 0
                asked += isAsked ? 1 : 0
            } else {
                others += 1
                mistaken += isFollowed ? 1 : 0
                askedInVain += isAsked ? 1 : 0
            }
        }
    }

    func line(_ name: String) -> String {
        func share(_ part: Int, _ whole: Int) -> String { String(format: "%.1f %%", 100 * Double(part) / Double(max(1, whole))) }
        return """
            \(name): \(measured) of \(given) texts stand in no train part; \
            of \(withdrawals) withdrawals \(share(followed, withdrawals)) followed, \(share(asked, withdrawals)) asked; \
            of \(others) others \(share(mistaken, others)) taken for one, \(share(askedInVain, others)) asked
            """
    }
}
