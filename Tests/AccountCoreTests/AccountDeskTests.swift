import AccountContract
import RPCContract
import Testing
import Vocabulary

@testable import AccountCore
@testable import AccountNumbers
@testable import AccountOutbox

/// Numbers together with what waits on them.
@Suite struct AccountDeskTests {
    @Test func theListTellsWhatWaitsAndWhatIsBeingSent() async throws {
        let desk = try await OutboxDesk()
        let accounts = AccountDesk(numbers: desk.numbers, outbox: desk.outbox)
        _ = try await desk.queued("a")
        try await desk.lease()
        _ = try await desk.queued("b")
        _ = try await desk.queued("c")
        let item = try #require(try await accounts.list("w").items.first)
        #expect((item.queued, item.sending) == (2, 1))
        #expect(try await accounts.list("other").items.isEmpty)
        try desk.end()
    }

    @Test func aRemovedNumbersMessagesFailAndAnotherWorkspacesStay() async throws {
        let desk = try await OutboxDesk()
        let accounts = AccountDesk(numbers: desk.numbers, outbox: desk.outbox)
        let ids = [try await desk.queued("a"), try await desk.queued("b")]
        let fault = await #expect(throws: Fault.self) { try await accounts.delete("1", workspace: "other") }
        #expect(fault?.code == .accountUnknown)
        #expect(try await desk.state(ids[0]) == .queued)
        try await accounts.delete("1", workspace: "w")
        for id in ids { #expect(try await desk.state(id) == .failed) }
        #expect(desk.numbers.all().isEmpty)
        try desk.end()
    }

    /// Removed just before the process ended, what waits on it fails at the next start.
    @Test func orphansFailAtTheStart() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        try await desk.numbers.delete("1")
        #expect(try await desk.state(id) == .queued)
        try await AccountDesk(numbers: desk.numbers, outbox: desk.outbox).failOrphans()
        #expect(try await desk.state(id) == .failed)
        try desk.end()
    }
}
