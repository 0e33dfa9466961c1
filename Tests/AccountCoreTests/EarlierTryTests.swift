import AccountContract
import GRDB
import MetaEvents
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountOutbox

/// What became of an earlier try is no error of a message that Meta has taken.
@Suite struct EarlierTryTests {
    private func tell(_ desk: OutboxDesk, _ id: MessageID, _ word: String, code: Int? = nil) async throws {
        let status = MessageStatus(
            wamid: WAMID("wamid.\(id)"), phoneNumberID: "1", status: MetaWord(word), at: desk.now.value, callbackData: id.rawValue,
            errorCode: code)
        _ = try await desk.statuses.record(.init(statuses: [status]))
    }

    @Test func whatMetaHasTakenHasNoErrorAndTheStepsTellOfTheTry() async throws {
        let desk = try await OutboxDesk()
        let (outbox, id) = (desk.outbox, try await desk.queued())
        try await desk.lease()
        try await desk.store.write { db in try outbox.requeue(db, id, "Meta cannot be reached: no route") }
        #expect(try await outbox.get(id, workspace: "w").error == "Meta cannot be reached: no route", "it waits to be tried again")
        try await desk.accept(id)
        #expect(try await outbox.get(id, workspace: "w").error == nil)
        try await tell(desk, id, "read")
        let told = try await outbox.explain(id, workspace: "w")
        #expect(told.message.state == .read && told.message.error == nil && told.message.errorCode == nil)
        #expect(told.steps.contains { $0.state == .queued && $0.detail == "Meta cannot be reached: no route" })
        try desk.end()
    }

    /// Its status alone tells that Meta has it.
    @Test func aLostAnswerIsNoErrorOfWhatHasArrived() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.interrupted()
        #expect(try await desk.outbox.get(id, workspace: "w").error != nil)
        try await tell(desk, id, "delivered")
        let told = try await desk.outbox.explain(id, workspace: "w")
        #expect(told.message.state == .delivered && told.message.error == nil)
        #expect(told.steps.contains { $0.state == .unknown && $0.detail != nil })
        try desk.end()
    }

    @Test func aLateFailureHasItsOwnReasonOnly() async throws {
        let desk = try await OutboxDesk()
        let ids = [try await desk.interrupted(key: "a"), try await desk.interrupted(key: "b")]
        for (id, code) in zip(ids, [131026, nil]) {
            let lost = try await desk.outbox.get(id, workspace: "w").error
            try await tell(desk, id, "sent")
            try await tell(desk, id, "failed", code: code)
            let message = try await desk.outbox.get(id, workspace: "w")
            #expect(message.state == .failed && message.errorCode == code && message.error != lost)
            #expect((message.error == nil) == (code == nil))
        }
        let failures = try await desk.pool.read { db in
            try MessageFigures.delivery(db, over: MessageFigures.widened(from: .zero, to: desk.now.value), workspace: "w").failures
        }
        #expect(Set(failures.map(\.code)) == [131026, nil] && failures.map(\.count) == [1, 1])
        try desk.end()
    }
}
