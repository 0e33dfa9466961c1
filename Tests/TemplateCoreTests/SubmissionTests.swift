import RPCContract
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import TemplateCore

/// Templates on their way to Meta.
@Suite struct SubmissionTests {
    /// One token sees every workspace's accounts: of another's, not even the name of a template is told or used up.
    @Test func aForeignAccountIsRefusedBeforeMetaIsAsked() async throws {
        try await ReviewDesk.run(numbers: ["a": ReviewDesk.waba, "b": "102290129340399"]) { desk in
            for workspace in ["a", "b", "c"] { _ = try await desk.create(in: workspace) }
            #expect(try await desk.submit(in: "a").review == .pending)
            let before = desk.meta.asked.value
            for workspace in ["b", "c"] {
                let fault = await #expect(throws: Fault.self) { try await desk.submit(in: workspace) }
                #expect(fault?.code == .reviewRefused && fault?.path == "wabaID", "\(String(describing: fault))")
                #expect(fault?.retry == .never && fault?.message.contains("account.add") == true, "\(String(describing: fault))")
                let entry = try await desk.entry(in: workspace)
                #expect(entry.template.review == .draft && entry.metaID == nil && entry.wabaID == nil)
            }
            #expect(desk.meta.asked.value == before)
        }
    }

    /// Whose an account is, only account-router knows.
    @Test func nothingIsFiledWhileAccountRouterIsAway() async throws {
        try await ReviewDesk.run(numbers: nil) { desk in
            _ = try await desk.create()
            let outer = CallContext(id: "outer", meta: CallMeta(), end: .now + .milliseconds(100))
            let fault = await CallContext.$current.withValue(outer) {
                await #expect(throws: Fault.self) { try await desk.submit() }
            }
            #expect(fault?.code == .unavailable && fault?.retry != .never, "\(String(describing: fault))")
            #expect(fault?.message.contains("account-router") == true, "\(String(describing: fault))")
            #expect(desk.meta.asked.value.isEmpty)
            #expect(try await desk.entry().wabaID == nil)
        }
    }
}
