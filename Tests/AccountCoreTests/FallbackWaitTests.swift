import AccountContract
import GRDB
import JobQueue
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// How long Meta's acceptance took, where a fallback follows the content.
@Suite struct FallbackWaitTests {
    /// A free-form message with a fallback, on its way to Meta.
    private func sending(_ desk: OutboxDesk) async throws -> MessageID {
        let id = try await desk.queued()
        let fallback = try JSON.text(MessageDraft.Body(type: "template", category: .utility, object: #"{"name":"fallback"}"#))
        try await desk.pool.write { db in
            try db.execute(sql: "UPDATE message SET category = 'service', type = 'text', fallback = ?", arguments: [fallback])
        }
        try await desk.lease()
        return id
    }

    private func end(_ desk: OutboxDesk, _ also: @escaping @Sendable (Database) throws -> Void) async throws {
        try await desk.store.write { db in
            for job in try JobTable.lost(db, queues: "send:") { try JobTable.complete(db, id: job.id) }
            try also(db)
        }
    }

    private func accept(_ desk: OutboxDesk, _ id: MessageID, _ wamid: WAMID) async throws {
        let outbox = desk.outbox
        try await end(desk) { db in _ = try outbox.advance(db, id, to: .accepted, wamid: wamid) }
    }

    /// How many waits are counted, and the longest of them.
    private func waits(_ desk: OutboxDesk) async throws -> (count: Int, longest: Milliseconds?) {
        let analytics = Analytics(
            store: desk.store, numbers: desk.numbers, outbox: desk.outbox, campaigns: desk.campaigns, tariffs: desk.tariffs)
        let count = try await desk.pool.read { try Int.fetchOne($0, sql: "SELECT sum(n) FROM messageWait") } ?? 0
        return (count, try await analytics.delivery(Period(), workspace: "w").items.first?.acceptP99)
    }

    /// Meta accepts the content after two seconds, and says after an hour that its window was closed: the hour is nobody's wait.
    @Test func eachWaitIsCountedOnceWithItsOwn() async throws {
        let desk = try await OutboxDesk()
        let start = desk.now.value
        let id = try await sending(desk)
        desk.now.set(start + .seconds(2))
        try await accept(desk, id, "wamid.first")
        desk.now.set(start + .hours(1))
        let status = MessageStatus(
            wamid: "wamid.first", phoneNumberID: "1", status: "failed", at: desk.now.value, callbackData: id.rawValue, errorCode: 131047,
            errorDetails: "d")
        _ = try await desk.statuses.record(.init(statuses: [status]))
        #expect(try await desk.lease() == [id])
        desk.now.set(start + .hours(1) + .seconds(3))
        try await accept(desk, id, "wamid.second")
        #expect(try await desk.state(id) == .accepted)
        let (count, longest) = try await waits(desk)
        #expect(count == 2)
        #expect(longest.map { $0 >= .seconds(2) && $0 < .seconds(10) } == true, "\(longest as Any)")
        try desk.end()
    }

    /// Refused in Meta's answer, the content was never accepted: the message has one wait, the whole of it.
    @Test func whatMetaNeverAcceptedIsPartOfTheFallbacksWait() async throws {
        let desk = try await OutboxDesk()
        let (start, outbox) = (desk.now.value, desk.outbox)
        let id = try await sending(desk)
        desk.now.set(start + .hours(1))
        try await end(desk) { db in _ = try outbox.fallBack(db, id) }
        #expect(try await desk.lease() == [id])
        desk.now.set(start + .hours(1) + .seconds(3))
        try await accept(desk, id, "wamid.only")
        let (count, longest) = try await waits(desk)
        #expect(count == 1)
        #expect(longest.map { $0 > .minutes(50) } == true, "\(longest as Any)")
        try desk.end()
    }
}
