import Foundation
import GRDB
import IntelligenceContract
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import IntelligenceCore

/// Orders are read page by page, the newest first.
@Suite struct OrderPagesTests {
    @Test func everyOrderIsOnOnePage() async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.intelligenceService, path: "\(folder)/t.sqlite", migrator: IntelligenceMigrations.migrator)
        let conversations = Conversations(
            reads: Reads(pool), commits: GroupCommit(pool), events: EventLog(Reads(pool)), clock: WallClock { 1_790_000_000_000 },
            handlers: .standard)
        for n in 1...3 {
            let message = ProcessMessage.Params(
                account: "1", accountName: "Shop", contact: "919876543210", contactName: "Asha", wamid: WAMID("wamid.\(n)"), type: "text",
                text: "I want \(n) masala dosa", raw: [:], at: 1_790_000_000_000)
            for workspace in ["w", "other"].prefix(n == 2 ? 2 : 1) {
                var own = message
                if workspace == "other" { (own.account, own.wamid) = ("2", "wamid.other") }
                _ = try await conversations.process(own, workspace: workspace)
            }
        }
        let all = try await conversations.orders(.init(), workspace: "w")
        #expect(all.items.count == 3 && all.next == nil)
        let first = try await conversations.orders(.init(limit: 2), workspace: "w")
        let second = try await conversations.orders(.init(limit: 2, cursor: first.next), workspace: "w")
        #expect(first.items.count == 2 && first.next != nil && second.next == nil)
        #expect((first.items + second.items).map(\.number) == all.items.map(\.number))
        for order in all.items {
            #expect(try await conversations.order(.init(number: order.number), workspace: "w") == order)
            let foreign = await #expect(throws: Fault.self) {
                try await conversations.order(.init(number: order.number), workspace: "foreign")
            }
            #expect(foreign?.code == .orderUnknown)
        }
        for number in ["L-0", "L-", "L-+1", "1", "L-9223372036854775807", "L-9223372036854775808", "l-1"] {
            let unknown = await #expect(throws: Fault.self) { try await conversations.order(.init(number: number), workspace: "w") }
            #expect(unknown?.code == .orderUnknown, "\(number)")
        }
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
