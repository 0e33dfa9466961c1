import AccountContract
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

/// Conversations on a real database.
@Suite struct ConversationsTests {
    private static let now = Timestamp(milliseconds: 1_790_000_000_000)

    private func scene(_ body: (Conversations) async throws -> Void) async throws {
        let folder = try Machine.temporaryFolder()
        let pool = try MigratedDatabase.open(.intelligenceService, path: "\(folder)/t.sqlite", migrator: IntelligenceMigrations.migrator)
        let conversations = Conversations(
            reads: Reads(pool), commits: GroupCommit(pool), events: EventLog(Reads(pool)), clock: WallClock { Self.now },
            handlers: .standard)
        try await body(conversations)
        try pool.close()
        try FileManager.default.removeItem(atPath: folder)
    }

    private func message(
        _ wamid: WAMID, _ text: String?, answered: Bool? = nil, type: MetaWord<MessageKind> = "text", content: ReceivedContent? = nil
    )
        -> ProcessMessage.Params
    {
        .init(
            account: "1", accountName: "Shop", contact: "919876543210", contactName: "Asha", wamid: wamid, type: type, text: text,
            content: content, raw: [:], at: Self.now, answered: answered)
    }

    private func read(_ conversations: Conversations, _ workspace: String) async throws -> [String] {
        try await conversations.get(.init(account: "1", contact: "919876543210"), sent: [], workspace: workspace).messages.filter {
            $0.direction == .inbound
        }
        .compactMap(\.text)
    }

    /// The number was removed here and added there: neither reads what was said to the other.
    @Test func aNumberOfAnotherWorkspaceBeginsNewConversations() async throws {
        try await scene { conversations in
            _ = try await conversations.process(message("wamid.1", "mine"), workspace: "a")
            _ = try await conversations.process(message("wamid.2", "yours"), workspace: "b")
            #expect(try await read(conversations, "a") == ["mine"])
            #expect(try await read(conversations, "b") == ["yours"])
            let none = await #expect(throws: Fault.self) { try await read(conversations, "c") }
            #expect(none?.code == .conversationUnknown)
            try await conversations.prune(before: Self.now + 1)
            for workspace in ["a", "b"] {
                let counts = try await conversations.reads.read { db in
                    try Int.fetchAll(db, sql: "SELECT n FROM conversationCount WHERE workspace = ?", arguments: [workspace])
                }
                #expect(counts.allSatisfy { $0 == 0 }, "\(workspace): \(counts)")
            }
        }
    }

    /// Nobody answers from a number that was removed, not even a cart.
    @Test func whatSomebodyElseAnswersIsOnlyKept() async throws {
        try await scene { conversations in
            let cart: JSONValue = [
                "id": "wamid.1", "from": "919876543210", "type": "order", "timestamp": "1790000000",
                "order": ["catalog_id": "c", "product_items": [["product_retailer_id": "dosa", "quantity": 2]]],
            ]
            let content = ReceivedContent(try CustomerMessage(cart, number: "1", contact: "919876543210"))
            let kept = try await conversations.process(
                message("wamid.1", "", answered: true, type: "order", content: content), workspace: "a")
            #expect(!kept.answered)
            #expect(try await conversations.reads.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM customerOrder") } == 0)
            let taken = try await conversations.process(message("wamid.2", "", type: "order", content: content), workspace: "a")
            #expect(taken.answered)
            #expect(try await conversations.reads.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM customerOrder") } == 1)
        }
    }

    /// Whoever follows one customer needs no further question.
    @Test func eachEventNamesTheNumberAndTheCustomer() async throws {
        try await scene { conversations in
            _ = try await conversations.process(message("wamid.1", "2 vadapav please"), workspace: "a")
            let answer = Conversations.PendingAnswer(
                workspace: "a", conversation: "a:1:919876543210", message: "01", asked: Self.now)
            try await conversations.commits.write { try conversations.settle($0, answer, .failed) }
            let told = try await conversations.events.read(.init(after: 0, limit: 10), workspace: "a").items
            #expect(Set(told.map(\.type)) == ["conversation.messageReceived", "order.created", "conversation.answerFailed"])
            #expect(told.allSatisfy { $0.data["account"] == "1" && $0.data["contact"] == "919876543210" }, "\(told)")
        }
    }

    /// What account-router does not take, as its number is disabled, is told all the same, and what it has taken once.
    @Test func anAnswerThatWaitsIsPartOfTheConversation() async throws {
        try await scene { conversations in
            _ = try await conversations.process(message("wamid.1", "Hello"), workspace: "a")
            func states(_ sent: [Message]? = []) async throws -> [String?] {
                try await conversations.get(.init(account: "1", contact: "919876543210"), sent: sent, workspace: "a").messages.map(\.state)
            }
            #expect(try await states() == [nil, "queued"])
            #expect(try await states(nil) == [nil, "queued"])
            let taken = Message(
                id: "01", account: "1", to: "919876543210", type: "text", category: .service, state: .sent, requestKey: "reply:wamid.1#0",
                createdAt: Self.now, updatedAt: Self.now, attempts: 1)
            #expect(try await states([taken]) == [nil, "sent"])
            try await conversations.commits.write { db in
                for (job, _) in try JobTable.all(db, queue: Conversations.replyQueue, keysFrom: "wamid.1#") {
                    try JobTable.bury(db, id: job.id, error: "no_route: it is disabled")
                }
            }
            #expect(try await states() == [nil, "failed"])
        }
    }

    /// A STOP is followed by a machine; what is kept of somebody is deleted by a person, and a missed call is called back by one.
    @Test func whatIsOwedToACustomerWaitsThoughItWasAnswered() async throws {
        try await scene { conversations in
            func waits() async throws -> Bool {
                try await conversations.list(.init(needsPerson: true), workspace: "a").items.isEmpty == false
            }
            _ = try await conversations.process(message("wamid.1", "STOP", answered: true), workspace: "a")
            #expect(try await !waits())
            let kept = try await conversations.process(message("wamid.2", "please delete my data", answered: true), workspace: "a")
            #expect(try await waits() && !kept.answered)
            try await conversations.resolve(.init(account: "1", contact: "919876543210"), workspace: "a")
            #expect(try await !waits())
            let missed = ReceivedContent(call: ReceivedCall(event: "terminate", seconds: nil))
            _ = try await conversations.process(message("wamid.3", nil, answered: true, type: "call", content: missed), workspace: "a")
            #expect(try await waits())
        }
    }
}
