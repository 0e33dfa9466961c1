import AccountContract
import GRDB
import Testing
import Vocabulary

@testable import AccountCore

@Suite struct AccountStoreTests {
    /// Changes come back from the one writer in any order; the copy for routing keeps the last.
    @Test func theCopyIsWhatWasWrittenLast() async throws {
        let desk = try await OutboxDesk()
        for _ in 0..<20 {
            try await withThrowingDiscardingTaskGroup { group in
                for weight in 1...50 {
                    group.addTask { _ = try await desk.accounts.update(.init(phoneNumberID: "1", weight: weight)) }
                }
            }
            let written = try await desk.pool.read { try AccountStore.account($0, "1").weight }
            #expect(desk.accounts.account("1")?.weight == written)
            #expect(desk.accounts.accounts(of: "w").map(\.weight) == [written])
        }
        try desk.end()
    }
}
