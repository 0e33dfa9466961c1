import AccountContract
import GraphAPI
import MetaEvents
import RPCContract
import Storage
import Support
import Testing
import Vocabulary

@testable import AccountOutbox

/// What Meta itself said of a failed message is read beside our own sentence.
@Suite struct MetaErrorsTests {
    private func status(_ id: MessageID, _ errors: JSONValue) throws -> MessageStatus {
        let raw: JSONValue = [
            "id": .string("wamid.\(id)"), "status": "failed", "timestamp": "1000000", "biz_opaque_callback_data": .string(id.rawValue),
            "errors": errors,
        ]
        return try #require(MessageStatus(raw, number: "1", receivedAt: 5))
    }

    @Test func aStatusesErrorsAreReadWithTheMessage() async throws {
        let desk = try await OutboxDesk()
        let (first, second) = (try await desk.queued("a"), try await desk.queued("b"))
        for (id, details) in [(first, "Details 1."), (second, "Details 2.")] {
            let errors: JSONValue = [
                ["code": 131026, "title": "Message undeliverable", "error_data": ["details": .string(details)]],
                ["code": 131000, "title": "Something went wrong"],
            ]
            #expect(try await desk.statuses.record(.init(statuses: [status(id, errors)])).applied == 1)
        }
        let message = try await desk.outbox.get(first, workspace: "w")
        #expect(message.error == GraphError(inStatus: 131026, details: "").explanation)
        #expect(
            message.metaErrors?.map(\.text) == ["Message undeliverable: Details 1. (131026)", "Something went wrong (131000)"])
        #expect(try await desk.outbox.explain(first, workspace: "w").message == message)
        // Failures go by our sentence and the code, whatever Meta's details are.
        #expect(try await desk.outbox.statistics(.init(), workspace: "w").failures.map(\.count) == [2])
        try desk.end()
    }

    /// Without a code of its own an error still says something.
    @Test func anErrorWithoutACodeIsReadToo() async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        #expect(try await desk.statuses.record(.init(statuses: [status(id, [["title": "No code"]])])).applied == 1)
        #expect(try await desk.outbox.get(id, workspace: "w").metaErrors?.map(\.text) == ["No code"])
        try desk.end()
    }

    @Test(arguments: [
        (GraphError(code: 131026, status: 400, details: "d", message: "(#131026) m"), "(#131026) m: d (131026)"),
        (GraphError(code: 131026, status: 400, details: "m", message: "m"), "m (131026)"),
        (GraphError(code: 131026, status: 400, details: GraphError.unexplained), "131026"),
    ]) func anAnswersErrorIsReadWithTheMessage(error: GraphError, text: String) async throws {
        let desk = try await OutboxDesk()
        let id = try await desk.queued()
        let isRefused = try await desk.store.write { [outbox = desk.outbox] db in try outbox.refuse(db, id, error) }
        #expect(isRefused)
        #expect(try await desk.outbox.get(id, workspace: "w").metaErrors?.map(\.text) == [text])
        try desk.end()
    }
}
