import AccountContacts
import ConsentTexts
import Foundation
import Testing

/// How well texts are read of which nothing was learnt.
@Suite struct UnlearntTextsTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Training/consent").path

    /// What stands in the train parts, read once for all tests: as it is learnt, and as the reader sees it.
    private static let learnt = Result {
        let texts = try ConsentText.all(in: folder, named: "train-")
        return (words: Set(texts.map(\.words)), readings: Set(texts.map { OptText($0.text).words }))
    }

    /// A part without what stands in any train part.
    private static func unlearnt(_ part: String) throws -> [ConsentText] {
        ConsentText.unlearnt(try ConsentText.all(in: folder, named: part), besides: try learnt.get().words)
    }

    @Test(arguments: ["test-1", "test-2", "test-3"])
    func nothingIsMeasuredThatWasLearnt(_ part: String) throws {
        let learnt = try Self.learnt.get().readings
        let all = try ConsentText.all(in: Self.folder, named: part)
        let measured = try Self.unlearnt(part)
        #expect(measured.allSatisfy { !learnt.contains(OptText($0.text).words) || OptText($0.text).words.isEmpty })
        #expect(measured.count < all.count, "the parts do overlap as they stand")
    }

    /// Case, marks, stretched letters and invisible characters make no other text.
    @Test func aTextIsKnownByItsWords() {
        func text(_ text: String) -> ConsentText { ConsentText(label: "stop", language: "en", text: text, hand: "") }
        let texts = ["stop it, now!", "STOP IT NOW", "stoppp it no\u{200B}w", "stop that now", "🛑", "⛔"].map(text)
        let left = ConsentText.unlearnt(texts, besides: Set(["Stop it now.", "⛔"].map { text($0).words }))
        #expect(left.map(\.text) == ["stop that now", "🛑"])
    }

    @Test(arguments: [("test-1", 170, 600), ("test-2", 170, 400), ("test-3", 130, 130)])
    func readsWhatWasNotLearnt(part: String, leastWithdrawals: Int, leastOthers: Int) throws {
        var (withdrawals, heard, others, mistaken) = (0, 0.0, 0, 0)
        for text in try Self.unlearnt(part) where text.label != "unsure" {
            let reading = OptReading(text.text)
            var isStop = false
            if case .keyword(let keyword) = reading { isStop = keyword.meaning == .stop }
            if text.label == "stop" {
                withdrawals += 1
                heard += isStop ? 1 : reading.isUnsure ? 0.5 : 0
            } else {
                others += 1
                mistaken += isStop ? 1 : 0
            }
        }
        #expect(withdrawals >= leastWithdrawals && others >= leastOthers, "\(withdrawals) and \(others)")
        #expect(heard / Double(withdrawals) >= 0.97, "\(heard) of \(withdrawals)")
        #expect(Double(mistaken) / Double(others) <= 0.005, "\(mistaken) of \(others)")
    }

    /// Withdrawals as people type them: each stops the person's messages or is asked about.
    @Test(arguments: [
        "too many msgs", "dont msg me again", "take me off this broadcast", "msg bhejna bnd kro", "मुझे आपके विज्ञापन नहीं चाहिए",
        "मेसेज पाठवू नका",
    ]) func whatPeopleTypeIsHeard(_ text: String) {
        let reading = OptReading(text)
        var isStop = false
        if case .keyword(let keyword) = reading { isStop = keyword.meaning == .stop }
        #expect(isStop || reading.isUnsure, "\(reading)")
    }
}
