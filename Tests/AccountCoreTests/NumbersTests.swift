import AccountContract
import GRDB
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountNumbers

@Suite struct NumbersTests {
    /// Changes come back from the one writer in any order; the copy for routing keeps the last.
    @Test func theCopyIsWhatWasWrittenLast() async throws {
        let desk = try await OutboxDesk()
        for _ in 0..<20 {
            try await withThrowingDiscardingTaskGroup { group in
                for weight in 1...50 {
                    group.addTask { _ = try await desk.numbers.update(.init(phoneNumberID: "1", weight: weight)) }
                }
            }
            let written = try await desk.pool.read { try Numbers.account($0, "1").weight }
            #expect(desk.numbers.account("1")?.weight == written)
            #expect(desk.numbers.accounts(of: "w").map(\.weight) == [written])
        }
        try desk.end()
    }

    /// What a later step was based on cannot be pulled from under it: the last one goes back first.
    @Test func onlyTheLastStepIsTakenBack() async throws {
        let desk = try await OutboxDesk()
        let numbers = desk.numbers
        for quality in [Account.Quality.yellow, .red] {
            try await numbers.change { db in try numbers.hear(db, .quality(quality), of: "1") }
        }
        let steps = try await desk.pool.read { try numbers.steps($0, "1") }
        #expect(steps.count == 2)
        let fault = await #expect(throws: Fault.self) { _ = try await numbers.revert(steps[0].id, actor: nil, workspace: "w") }
        #expect(fault?.code == .stepOvertaken && fault?.message.contains("\(steps[1].id)") == true)
        #expect(numbers.account("1")?.health == .resting)
        #expect(try await numbers.revert(steps[1].id, actor: nil, workspace: "w").health == .cautious)
        #expect(try await numbers.revert(steps[0].id, actor: nil, workspace: "w").health == .ready)
        try desk.end()
    }

    /// A raised limit holds from the commit on: what is looked at right after it is not put off by the old one.
    @Test func aLimitHoldsFromItsCommitOn() async throws {
        let desk = try await OutboxDesk()
        let numbers = desk.numbers
        for limit in [1, 5000] {
            try await numbers.set(.init(id: "2", messagingLimit: limit), workspace: "w")
            #expect(numbers.headroom(["1"]) == limit)
        }
        let seen = try await desk.store.write { db in
            try numbers.set(db, portfolio: "2", limit: 7)
            try numbers.refresh(db)
            return numbers.headroom(["1"])
        }
        #expect(seen == 5000, "not before")
        #expect(numbers.headroom(["1"]) == 7)
        try desk.end()
    }

    /// Set again, a limit lets what waits be looked at again: an operator's way out, whatever it waits for.
    @Test func aLimitThatIsSetAgainReleasesWhatWaits() async throws {
        let desk = try await OutboxDesk()
        try await desk.numbers.set(.init(id: "2", messagingLimit: 10), workspace: "w")
        let id = try await desk.queued()
        let now = desk.now.value
        func isDue() async throws -> Bool {
            try await desk.pool.read { db in
                try Timestamp.fetchOne(db, sql: "SELECT notBefore FROM job WHERE key = ?", arguments: [id]) ?? .latest
            } <= now
        }
        try await desk.pool.write { db in
            try db.execute(sql: "UPDATE job SET state = 'held', notBefore = ?", arguments: [now + .hours(1)])
        }
        #expect(try await !isDue())
        try await desk.numbers.set(.init(id: "2", messagingLimit: 10), workspace: "w")
        #expect(try await isDue())
        try desk.end()
    }

    /// Whoever follows the events learns that a workspace is without a master now.
    @Test func theEventOfARemovalHasTheRole() async throws {
        let desk = try await OutboxDesk()
        try await desk.numbers.delete("1")
        let data = try await desk.pool.read { try String.fetchOne($0, sql: "SELECT data FROM event WHERE type = 'account.deleted'") }
        #expect(data?.contains(#""role":"master""#) == true, "\(data ?? "none")")
        try desk.end()
    }
}
