import AccountContract
import RPCContract
import Storage
import Testing
import Vocabulary

/// What is told of messages while they move.
@Suite struct MessageEventTests {
    /// Whoever follows one customer needs no further question.
    @Test func eachMoveNamesTheNumberAndTheCustomer() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        try await desk.lease()
        try await desk.accept(id)
        try await desk.fail(id)
        let told = try await EventLog(Reads(desk.pool)).read(.init(after: 0, limit: 100), workspace: "w").items
            .filter { $0.type.hasPrefix("message.") }
        #expect(told.map(\.type) == ["message.queued", "message.accepted", "message.failed"])
        #expect(told.allSatisfy { $0.subject == id.rawValue })
        #expect(told.allSatisfy { $0.data["contact"] == "919876543210" && $0.data["account"] == "1" })
        #expect(told.last?.data["code"] == 131026)
        try desk.end()
    }
}
