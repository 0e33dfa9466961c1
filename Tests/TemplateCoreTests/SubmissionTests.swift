import MetaEvents
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

    /// The second would be refused for the name that the first has taken, and take its account away from the template.
    @Test func ofTwoAtOnceTheSecondFindsWhatTheFirstHasFiled() async throws {
        try await ReviewDesk.run { desk in
            _ = try await desk.create()
            let (held, gate) = AsyncStream.makeStream(of: Void.self)
            defer { gate.finish() }
            desk.meta.asking.set { for await _ in held {} }
            async let first = desk.submit()
            try await eventually("the first asks Meta") { desk.meta.asked.value == ["GET"] }
            async let second = desk.submit()
            try await eventually("the second waits for it") { desk.review.turns.waitingCount == 1 }
            gate.finish()
            let replies = try await [first, second]
            #expect(replies.map(\.review) == [.pending, .pending] && replies.map(\.metaID) == ["7", "7"], "\(replies)")
            #expect(desk.meta.asked.value == ["GET", "POST", "GET"])
            let verdict = TemplateEvent(.status, name: "news", language: "en", event: "APPROVED")
            #expect(try await desk.store.applyEvent(.init(key: "1", wabaID: ReviewDesk.waba, event: verdict)))
            #expect(try await desk.entry().template.review == .approved)
        }
    }

    /// Who gives up waiting holds nobody up, and other templates do not wait.
    @Test func whoGivesUpLeavesTheLine() async throws {
        let (turns, isBegun) = (SubmissionTurns(), MutexBox(false))
        let (held, gate) = AsyncStream.makeStream(of: Void.self)
        defer { gate.finish() }
        async let first = turns.take("a") {
            isBegun.set(true)
            for await _ in held {}
            return 1
        }
        try await eventually("the first is at it") { isBegun.value }
        let second = Task { try await turns.take("a") { 2 } }
        try await eventually("the second waits") { turns.waitingCount == 1 }
        #expect(try await turns.take("b") { 3 } == 3)
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(turns.waitingCount == 0)
        gate.finish()
        #expect(try await first == 1)
        #expect(try await turns.take("a") { 4 } == 4)
    }

    /// What is taken back is what the submission itself wrote.
    @Test func whatMetaHasSaidMeanwhileHolds() async throws {
        try await ReviewDesk.run { desk in
            for name in ["news", "offer", "moved"] { _ = try await desk.create(name) }
            func filed(_ name: String) async throws -> TemplateStore.Entry {
                let before = try await desk.entry(name)
                try await desk.store.file(before.template.id, in: ReviewDesk.waba)
                return before
            }
            let (news, offer, moved) = (try await filed("news"), try await filed("offer"), try await filed("moved"))
            let verdict = TemplateEvent(.status, name: "news", language: "en", metaID: "7", event: "PENDING")
            #expect(try await desk.store.applyEvent(.init(key: "1", wabaID: ReviewDesk.waba, event: verdict)))
            try await desk.store.file(moved.template.id, in: "102290129340399")
            for entry in [news, offer, moved] { try await desk.store.takeBack(entry, from: ReviewDesk.waba) }
            #expect(try await desk.entry("news").wabaID == ReviewDesk.waba)
            #expect(try await desk.entry("offer").wabaID == nil)
            #expect(try await desk.entry("moved").wabaID == "102290129340399")
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
