import AccountContract
import Foundation
import GRDB
import Storage
import Support
import Testing
import Vocabulary

@testable import IntelligenceCore

/// What a text is taken for, what is answered, and what is counted of it.
@Suite struct IntentHandlersTests {
    /// As sure as it was told to be.
    private struct Told: IntentHandler {
        let name: String
        let threshold = 0.5
        let summary = ""
        let sureness: Double

        func confidence(_ utterance: Utterance) -> Double { sureness }
        func actions(_ utterance: Utterance, _ customer: Customer) -> [Action] { [] }
    }

    @Test func theSurestActsAndOfTwoTheFirst() {
        let text = Utterance("anything")
        let handlers = IntentHandlers(handlers: [
            Told(name: "a", sureness: 0.6), Told(name: "b", sureness: 0.9), Told(name: "c", sureness: 0.9), Told(name: "d", sureness: 0.1),
        ])
        #expect(handlers.rank(text).map { $0.handler.name } == ["b", "c", "a", "d"])
        #expect(handlers.choose(text)?.handler.name == "b" && handlers.choose(text)?.confidence == 0.9)
        #expect(IntentHandlers(handlers: [Told(name: "a", sureness: 0.49)]).choose(text) == nil, "nobody is sure enough")
        #expect(IntentHandlers(handlers: []).choose(text) == nil)
    }

    @Test(arguments: [("help", "Lucky Shrub"), ("मदद", "Lucky Shrub की टीम"), ("मदत", "Lucky Shrub ची टीम")])
    func helpAnswersInTheLanguageOfTheQuestion(text: String, words: String) throws {
        let (handler, utterance) = (HelpHandler(), Utterance(text))
        #expect(handler.confidence(utterance) >= handler.threshold)
        let actions = handler.actions(utterance, Customer(firstName: nil, accountName: "Lucky Shrub"))
        guard case .reply(let answer) = try #require(actions.first), actions.count == 1 else {
            Issue.record("no single answer: \(actions)")
            return
        }
        #expect(answer.contains(words))
    }

    /// Whoever names a trouble needs a person.
    @Test func helpWithATroubleIsNotForAMachine() {
        #expect(HelpHandler().confidence(Utterance("help, my parcel is broken")) == 0)
    }

    @Test(arguments: [
        ("Please delete my data", true), ("erase my account!", true), ("What about GDPR?", true), ("मेरा डेटा डिलीट करो", true),
        ("माझी माहिती काढून टाका", true), ("delete my order", false), ("my account number is 5", false), ("take me off the list", false),
        ("", false),
    ])
    func aWishForDeletionIsHeard(text: String, isFound: Bool) { #expect(DataRequest.isFound(Utterance(text)) == isFound, "\(text)") }

    /// Meta tells only some time after it has taken a message that it cannot deliver it.
    @Test func anAnswersFateIsKnownInTime() {
        for state in [Message.State.queued, .sending, .unknown] { #expect(AnswerFates.fate(of: state, looks: 10_000) == .open) }
        for state in [Message.State.held, .accepted] {
            #expect(AnswerFates.fate(of: state, looks: 1) == .open && AnswerFates.fate(of: state, looks: 100) == .taken)
        }
        for state in [Message.State.sent, .delivered, .read, .played] { #expect(AnswerFates.fate(of: state, looks: 1) == .taken) }
        #expect(AnswerFates.fate(of: .failed, looks: 1) == .failed)
    }

    @Test func countsAreAWorkspacesOwn() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.intelligenceService, path: "\(folder)/t.sqlite", migrator: IntelligenceMigrations.migrator)
        let counts = try await pool.write { db in
            try ConversationCounts.add(db, 2, ConversationCounts.orders, workspace: "a")
            try ConversationCounts.add(db, 3, ConversationCounts.orders, workspace: "a")
            try ConversationCounts.add(db, 0, ConversationCounts.inbound, workspace: "a")
            try ConversationCounts.add(db, 1, ConversationCounts.intent("help"), workspace: "a")
            try ConversationCounts.add(db, -1, ConversationCounts.intent("help"), workspace: "a")
            try ConversationCounts.add(db, 1, ConversationCounts.inbound, workspace: "b")
            return [try ConversationCounts.of(db, workspace: "a"), try ConversationCounts.of(db, workspace: "b")]
        }
        #expect(counts == [["orders": 5], ["inbound": 1]], "a count of zero is not told")
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
