import AccountContract
import AccountNumbers
import AccountOutbox
import GRDB
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountContacts
@testable import AccountCore

/// What customers' words change, and what they are told of it.
@Suite struct CustomerMessagesTests {
    private let number = PhoneNumberID("1")
    private let person = ContactID("919876543210")

    private func write(_ desk: OutboxDesk, _ text: String, _ wamid: String, isTapped: Bool? = nil) async throws -> RecordInbound.Word? {
        try await desk.inbound.record(
            .init(phoneNumberID: number, contact: person, wamid: WAMID(wamid), at: desk.now.value, text: text, isTapped: isTapped)
        ).keyword
    }

    /// What waits to be said to the person.
    private func said(_ desk: OutboxDesk) async throws -> Int {
        try await desk.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM message") ?? 0 }
    }

    private func state(_ desk: OutboxDesk) async throws -> Consent.State? {
        let person = person
        return try await desk.store.read { [consents = desk.consents] in try consents.state($0, PersonID(person), workspace: "w") }
    }

    @Test func theSameSTOPIsConfirmedOnce() async throws {
        let desk = try await OutboxDesk()
        #expect(try await write(desk, "STOP", "a") == .stop)
        #expect(try await write(desk, "STOP", "a") == .stop, "delivered twice")
        #expect(try await write(desk, "stop!!", "b") == .stop)
        #expect(try await write(desk, "please don't message me", "c") == .stop)
        #expect(try await state(desk) == .stopped)
        #expect(try await said(desk) == 1)
        try desk.end()
    }

    /// Two machines that answer each other come to an end.
    @Test func anAutomaticReplierCannotLoop() async throws {
        let desk = try await OutboxDesk()
        for turn in 0..<200 {
            _ = try await write(desk, turn % 2 == 0 ? "STOP" : "START", "m\(turn)")
            desk.now.set(desk.now.value + .seconds(5))
        }
        #expect(try await said(desk) == 6, "each confirmation three times a day")
        #expect(try await state(desk) == .resumed, "what was said is followed all the same")
        desk.now.set(desk.now.value + .hours(25))
        _ = try await write(desk, "STOP", "next day")
        #expect(try await said(desk) == 7)
        try desk.end()
    }

    @Test func STARTGivesBackWhatSTOPTook() async throws {
        let desk = try await OutboxDesk()
        #expect(try await write(desk, "START", "a") == nil, "nothing was taken")
        #expect(try await state(desk) == nil)
        _ = try await write(desk, "STOP", "b")
        #expect(try await write(desk, "start", "c") == .start)
        #expect(try await state(desk) == .resumed)
        #expect(try await write(desk, "Subscribe", "d") == .start)
        #expect(try await state(desk) == .granted)
        _ = try await write(desk, "STOP", "e")
        #expect(try await write(desk, "Start", "f", isTapped: true) == nil, "a menu's button")
        #expect(try await state(desk) == .stopped)
        _ = try await write(desk, "START", "g")
        #expect(try await state(desk) == .granted, "they had agreed before")
        try desk.end()
    }

    /// Whoever may mean it is asked once, and a yes in answer is a STOP.
    @Test func doubtIsAskedAboutOnce() async throws {
        let desk = try await OutboxDesk()
        let doubt = try #require(
            ["leave me alone", "enough", "i didn't ask for this", "why are you texting me"].first {
                if case .unsure = OptReading($0) { true } else { false }
            })
        #expect(try await write(desk, "yes", "a") == nil, "nobody asked")
        #expect(try await write(desk, doubt, "b") == .question)
        #expect(try await said(desk) == 1)
        #expect(try await write(desk, doubt, "c") == nil, "once")
        #expect(try await state(desk) == nil)
        #expect(try await write(desk, "Yes", "d") == .stop)
        #expect(try await state(desk) == .stopped)
        #expect(try await write(desk, doubt, "e") == nil, "they have stopped already")
        try desk.end()
    }

    /// The number was removed meanwhile: who wants fewer messages has fewer, and nobody is answered.
    @Test(arguments: [
        ("PAUSE", Consent.State.paused, RecordInbound.Word?.some(.pause)), ("STOP", .stopped, .stop), ("START", .granted, nil),
        ("yes", .granted, nil),
    ])
    func aWordToARemovedNumberCounts(text: String, state: Consent.State, word: RecordInbound.Word?) async throws {
        let desk = try await OutboxDesk()
        let step = Consent.Step(state: .granted, at: desk.now.value - 5000, source: "form", actor: nil, proof: nil)
        let person = person
        _ = try await desk.store.write { [consents = desk.consents] in try consents.record($0, PersonID(person), step, workspace: "w") }
        try await desk.numbers.delete("1")
        #expect(try await write(desk, text, "a") == word)
        #expect(try await self.state(desk) == state)
        #expect(try await said(desk) == 0)
        try desk.end()
    }

    @Test func aYesToARemovedNumberAnswersItsQuestion() async throws {
        let desk = try await OutboxDesk()
        #expect(try await write(desk, "🚫", "a") == .question)
        try await desk.numbers.delete("1")
        #expect(try await write(desk, "yes", "b") == .stop)
        #expect(try await state(desk) == .stopped)
        try desk.end()
    }

    @Test func aSignOfProhibitionIsAskedAboutOnce() async throws {
        let desk = try await OutboxDesk()
        #expect(try await write(desk, "🚫", "a") == .question)
        #expect(try await write(desk, "⛔", "b") == nil, "a person's to understand")
        #expect(try await said(desk) == 1)
        #expect(try await state(desk) == nil)
        #expect(try await write(desk, "haan", "c") == .stop)
        try desk.end()
    }

    /// Meta's preference is about marketing, and weakens no STOP.
    @Test func metasPreferenceStopsMarketingOnly() async throws {
        let desk = try await OutboxDesk()
        let person = person
        func record(_ state: Consent.State) async throws {
            let step = Consent.Step(state: state, at: desk.now.value, source: "meta", actor: nil, proof: nil)
            _ = try await desk.store.write { [consents = desk.consents] in try consents.record($0, PersonID(person), step, workspace: "w") }
            desk.now.set(desk.now.value + .seconds(1))
        }
        func refusal(_ category: Message.Category) async throws -> ConsentRule.Refusal? {
            try await desk.store.read { [consents = desk.consents] in
                try consents.refusal($0, PersonID(person), category, isWindowOpen: { false }, workspace: "w")
            }
        }
        try await record(.granted)
        try await record(.marketingStopped)
        #expect(try await refusal(.marketing) == .marketingStopped)
        #expect(try await refusal(.utility) == nil)
        #expect(try await write(desk, "START", "a") == .start)
        #expect(try await state(desk) == .granted)
        _ = try await write(desk, "STOP", "b")
        desk.now.set(desk.now.value + .seconds(1))
        try await record(.marketingStopped)
        #expect(try await state(desk) == .stopped)
        #expect(try await refusal(.utility) == .stopped)
        desk.now.set(desk.now.value + .seconds(1))
        #expect(try await write(desk, "START", "c") == .start)
        #expect(try await state(desk) == .marketingStopped, "START gives back what STOP took, which was no marketing")
        #expect(try await refusal(.utility) == nil)
        try desk.end()
    }

    /// What somebody stopped in WhatsApp before their STOP is stopped after their START.
    @Test func STARTGivesBackNoMarketingThatWasStoppedBeforeTheSTOP() async throws {
        let desk = try await OutboxDesk()
        let person = person
        for state in [Consent.State.granted, .marketingStopped] {
            let step = Consent.Step(state: state, at: desk.now.value, source: "meta", actor: nil, proof: nil)
            _ = try await desk.store.write { [consents = desk.consents] in try consents.record($0, PersonID(person), step, workspace: "w") }
            desk.now.set(desk.now.value + .seconds(1))
        }
        #expect(try await write(desk, "STOP", "a") == .stop)
        #expect(try await state(desk) == .stopped)
        desk.now.set(desk.now.value + .seconds(1))
        #expect(try await write(desk, "START", "b") == .start)
        #expect(try await state(desk) == .marketingStopped)
        try desk.end()
    }
}
