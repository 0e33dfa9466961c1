import AccountContract
import GRDB
import JobQueue
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountContacts
@testable import AccountCore
@testable import AccountOutbox

/// What was queued for somebody before they said STOP is not handed to a sender after it.
@Suite struct StopBeforeSendingTests {
    private let person: ContactID = "919876543210"

    /// Marketing for somebody who has agreed to it.
    private func queued(_ desk: OutboxDesk) async throws -> MessageID {
        let step = Consent.Step(state: .granted, at: desk.now.value, source: "form", actor: nil, proof: nil)
        _ = try await desk.store.write { [consents = desk.consents, person] db in
            try consents.record(db, PersonID(person), step, workspace: "w")
        }
        let body = MessageDraft.Body(type: "template", category: .marketing, object: #"{"name":"t","language":{"code":"en"}}"#)
        return try await desk.commit(
            MessageDraft(
                workspace: "w", requestKey: "k", fingerprint: 1, account: "1", to: person, body: body, priority: 500, reason: "test"))
    }

    /// What the number's sender would be given now, of those messages that are not the bot's confirmation.
    private func handedOver(_ desk: OutboxDesk, _ id: MessageID) async throws -> Bool {
        let now = desk.now.value
        return try await desk.store.write { [outbox = desk.outbox] db in
            try JobTable.claim(db, queue: Outbox.queue("1"), limit: 10, now: now) { db, job in
                guard job.message == id else { return .postpone(.minutes(1)) }
                return try outbox.admit(db, job, on: "1") { _, _, _ in nil }
            }.map(\.message) == [id]
        }
    }

    @Test(arguments: ["STOP", "बंद करो", "🛑"]) func queuedMarketingIsRefused(word: String) async throws {
        let desk = try await OutboxDesk()
        let id = try await queued(desk)
        desk.now.set(desk.now.value + .seconds(1))
        let taken = try await desk.inbound.record(
            .init(phoneNumberID: "1", contact: person, wamid: "wamid.s", at: desk.now.value, text: word))
        #expect(taken.keyword == .stop)
        #expect(try await !handedOver(desk, id))
        let message = try await desk.outbox.get(id, workspace: "w")
        #expect(message.state == .failed && message.error?.contains("STOP") == true, "\(message)")
        try desk.end()
    }

    /// The same without the word goes out, so that it is the word that holds it.
    @Test(arguments: ["ok", "👍"]) func otherWordsHoldNothing(word: String) async throws {
        let desk = try await OutboxDesk()
        let id = try await queued(desk)
        desk.now.set(desk.now.value + .seconds(1))
        let taken = try await desk.inbound.record(
            .init(phoneNumberID: "1", contact: person, wamid: "wamid.s", at: desk.now.value, text: word))
        #expect(taken.keyword == nil)
        #expect(try await handedOver(desk, id))
        try desk.end()
    }
}
