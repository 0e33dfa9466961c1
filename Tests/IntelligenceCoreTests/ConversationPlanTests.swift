import Foundation
import GRDB
import IntelligenceContract
import JobQueue
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import IntelligenceCore

/// Conversations, orders and answers are found by an index, in their order.
@Suite struct ConversationPlanTests {
    @Test func everythingIsFoundByAnIndex() async throws {
        let plans = StatementPlans(
            bounded: [:],
            exceptions: [
                .init("conversationByContact WHERE workspace = ? AND contact = ?", "USE TEMP B-TREE", because: "a customer's numbers"),
                .init("FROM job WHERE queue = ? AND state <> 'dead'", "USE TEMP B-TREE", because: "what waits is soon done"),
            ])
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(
            .intelligenceService, path: "\(folder)/t.sqlite", migrator: IntelligenceMigrations.migrator, onConnection: { plans.watch($0) })
        let now = Timestamp(milliseconds: 1_790_000_000_000)
        let events = EventLog(Reads(pool))
        let conversations = Conversations(
            reads: Reads(pool), commits: GroupCommit(pool), events: events, clock: WallClock { now }, handlers: .standard)
        let problems = try await plans.problems(of: pool) {
            for n in 1...3 {
                let message = ProcessMessage.Params(
                    account: "1", accountName: "Shop", contact: "919876543210", contactName: "Asha", wamid: WAMID("wamid.\(n)"),
                    type: "text", text: "I want \(n) masala dosa", raw: [:], at: now)
                _ = try await conversations.process(message, workspace: "w")
            }
            for _ in 0..<2 {
                let old = RecordHistory.Message(
                    contact: "919876543210", wamid: "wamid.h", type: "image", text: nil, raw: [:], at: now)
                _ = try await conversations.keepHistory(.init(account: "1", messages: [old]), workspace: "w")
            }
            for params in [
                ListConversations.Params(), .init(contact: "919876543210"), .init(needsPerson: true),
                .init(contact: "919876543210", needsPerson: true),
            ] {
                _ = try await conversations.list(params, workspace: "w")
            }
            let place = GetConversation.Params(account: "1", contact: "919876543210")
            _ = try await conversations.get(place, sent: [], workspace: "w")
            _ = try await conversations.names(place, workspace: "w")
            _ = try await conversations.orders(.init(), workspace: "w")
            _ = try? await conversations.order(.init(number: "L-1"), workspace: "w")  // there may be none
            _ = try await conversations.statistics(workspace: "w")
            for params in [ListActions.Params(), .init(state: .pending)] { _ = try await conversations.actions(params, workspace: "w") }
            try await conversations.resolve(.init(account: "1", contact: "919876543210"), workspace: "w")
            for queue in [Conversations.replyQueue, Conversations.answerQueue] {
                _ = try await pool.write { try JobTable.lost($0, queues: queue) }
                _ = try await pool.write { try JobTable.claim($0, queue: queue, limit: 10, now: now) }
            }
            try await conversations.prune(before: now + 1)
            try await events.prune(before: now + 1)
        }
        #expect(problems == [])
        #expect(plans.count > 20, "\(plans.count)")
        let references = try await pool.read { try StatementPlans.unservedReferences($0) }
        #expect(references == [])
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }
}
