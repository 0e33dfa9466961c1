import GRDB
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountCampaigns
@testable import AccountNumbers

/// Campaigns whose workspace has lost its last number.
@Suite struct WithoutNumbersTests {
    @Test func theyAreNamedUntilThereIsANumber() async throws {
        let desk = try await OutboxDesk()
        for n in 0..<7 { try await desk.addCampaign(CampaignID("c\(n)"), deadline: desk.now.value + 60_000) }
        try await desk.pool.write { db in
            try db.execute(sql: "UPDATE campaign SET name = id, state = iif(id = 'c0', 'finished', 'scheduled')")
        }
        #expect(try await desk.campaigns.withoutNumbers() == nil)
        try await desk.numbers.delete("1")
        #expect(
            try await desk.campaigns.withoutNumbers()
                == "no number is left to send c1, c2, c3, c4, c5 and 1 more; account.add configures one")
        try desk.end()
    }
}
