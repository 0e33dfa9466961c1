import AccountContract
import GRDB
import MetaEvents
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountContacts
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// Meta names a moment that has not come: it counts as now.
@Suite struct FutureMomentTests {
    private let person = ContactID("919876543210")

    private func write(_ desk: OutboxDesk, _ text: String, _ wamid: WAMID, at: Timestamp) async throws -> RecordInbound.Reply {
        try await desk.inbound.record(.init(phoneNumberID: "1", contact: person, wamid: wamid, at: at, text: text))
    }

    private func state(_ desk: OutboxDesk) async throws -> Consent.State? {
        try await desk.consents.get(.init(contact: person.rawValue), workspace: "w").state
    }

    @Test func aWindowClosesAfterADay() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        #expect(try await write(desk, "Hello", "a", at: .latest).windowExpiresAt == start + .hours(24))
        desk.now.set(start + .hours(24))
        let window = try await desk.contactRoutes.window(.init(contact: person, account: "1"), workspace: "w")
        #expect(!window.open)
        try desk.end()
    }

    /// The START comes once, however often Meta delivers it.
    @Test func aLaterSTOPCounts() async throws {
        let desk = try await OutboxDesk()
        _ = try await write(desk, "STOP", "a", at: desk.now.value)
        desk.now.update { $0 = $0 + 1000 }
        _ = try await write(desk, "START", "b", at: .latest)
        #expect(try await state(desk) == .resumed)
        desk.now.update { $0 = $0 + 1000 }
        _ = try await write(desk, "STOP", "c", at: desk.now.value)
        #expect(try await state(desk) == .stopped)
        desk.now.update { $0 = $0 + 1000 }
        // Said without a confirmation, too, it is the same message.
        try await desk.pool.write { try $0.execute(sql: "UPDATE message SET requestKey = id") }
        _ = try await write(desk, "START", "b", at: .latest)
        #expect(try await state(desk) == .stopped)
        try desk.end()
    }

    @Test func aStatusTellsOfNoLaterOnes() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.interrupted()
        let start = desk.now.value
        desk.now.update { $0 = $0 + 5000 }
        try await desk.status("another", at: .latest)
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: 3_600_000) == 0)
        desk.now.update { $0 = $0 + 60_000 }
        #expect(
            try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: 3_600_000) == 0,
            "heard five seconds after it was sent, and nothing since")
        try await desk.status(id.rawValue, at: .latest)
        let sentAt = try await desk.pool.read { try Timestamp.fetchOne($0, sql: "SELECT sentAt FROM message") }
        #expect(sentAt == start + 65_000)
        try desk.end()
    }
}
