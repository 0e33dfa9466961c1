import AccountContract
import GRDB
import GraphAPI
import RPCContract
import RPCTransport
import Storage
import Support
import TemplateContract
import Testing
import Vocabulary

@testable import AccountContacts
@testable import AccountNumbers
@testable import AccountOutbox

/// A request to send: once for its key, composed, and refused with the reason.
@Suite struct MessageDeskTests {
    private func scene(_ meta: String = "http://127.0.0.1:1", _ body: (OutboxDesk, TemplatesInMemory, MessageDesk) async throws -> Void)
        async throws
    {
        let (desk, templates) = (try await OutboxDesk(meta: meta), TemplatesInMemory())
        let messages = MessageDesk(
            numbers: desk.numbers, routing: desk.routing, outbox: desk.outbox, templates: templates.client, graph: desk.graph,
            senders: desk.senders)
        try await templates.serve { try await body(desk, templates, messages) }
        try desk.end()
    }

    private let call = RPCCall(
        context: CallContext(id: "1", meta: CallMeta(workspace: "w")), peer: PeerCredentials(pid: 0, uid: 0, gid: 0)
    ) { _, _ in }

    private func params(_ key: String, name: String = "t", priority: Int? = nil) -> SendMessage.Params {
        .init(to: "+91 98765 43210", template: .init(name: name, variables: [:]), priority: priority, requestKey: key)
    }

    @Test func aKeyMakesOneMessageWhateverItsPriority() async throws {
        try await scene { desk, _, messages in
            let first = try await messages.send(params("k"), call)
            #expect(try await messages.send(params("k", priority: 7), call).id == first.id)
            let fault = await #expect(throws: Fault.self) { try await messages.send(params("k", name: "u"), call) }
            #expect(fault?.code == .requestKeyReused)
            #expect(try await messages.send(params("l"), call).id != first.id)
            #expect(try await desk.lease().count == 2)
        }
    }

    /// Composed or not: who repeats a request hears of the message that it made.
    @Test func aRepeatedRequestIsAnsweredWhenItCannotBeComposedAnyMore() async throws {
        try await scene { _, templates, messages in
            let first = try await messages.send(params("k"), call)
            templates.fault.set(Fault(.templateUnknown, "gone"))
            #expect(try await messages.send(params("k"), call).id == first.id)
            let fault = await #expect(throws: Fault.self) { try await messages.send(params("l"), call) }
            #expect(fault?.code == .templateRefused && fault?.path == "template")
        }
    }

    @Test func aMarketingTemplateNeedsConsent() async throws {
        try await scene { desk, templates, messages in
            templates.category.set(.marketing)
            let fault = await #expect(throws: Fault.self) { try await messages.send(params("k"), call) }
            #expect(fault?.code == .consentMissing)
            _ = try await desk.consents.record(
                .init(items: [.init(contact: "919876543210", state: .granted, source: "form")]), workspace: "w", actor: nil)
            #expect(try await messages.send(params("k"), call).state == .queued)
        }
    }

    /// Marketing that calls itself utility would go to people who never agreed.
    @Test func whatATemplateIsFiledAsGoesBeforeWhatIsSaid() async throws {
        try await scene { desk, templates, messages in
            templates.category.set(.marketing)
            templates.accounts.set(["sale": "102290129340398"])
            func send(_ name: String) async throws -> SendMessage.Reply {
                let template = SendMessage.Template(name: name, language: "en", components: [], category: .utility)
                return try await messages.send(.init(to: "+919876543210", template: template, requestKey: name), call)
            }
            let fault = await #expect(throws: Fault.self) { try await send("sale") }
            #expect(fault?.code == .consentMissing)
            // Of a template that is not known here only the caller knows.
            let elsewhere = try await send("unheard_of")
            #expect(elsewhere.state == .queued)
            templates.fault.set(Fault(.unavailable, "away"))
            let away = await #expect(throws: Fault.self) { try await send("unheard_of_either") }
            #expect(away?.code == .unavailable, "nor is it guessed")
        }
    }

    @Test func onlyWhatFailedIsSentAgainAndOnceForItsKey() async throws {
        try await scene { desk, _, messages in
            let first = try await messages.send(params("k"), call)
            let retry = RetryMessage.Params(id: first.id, requestKey: "again")
            let early = await #expect(throws: Fault.self) { try await messages.retry(retry, call) }
            #expect(early?.code == .messageNotFailed)
            try await desk.lease()
            try await desk.fail(first.id)
            let second = try await messages.retry(retry, call)
            #expect(second.id != first.id)
            #expect(try await messages.retry(retry, call).id == second.id)
            let reason = try await desk.pool.read {
                try String.fetchOne($0, sql: "SELECT reason FROM message WHERE id = ?", arguments: [second.id])
            }
            #expect(reason?.contains(first.id.rawValue) == true)
        }
    }

    /// The same content goes out again once, whoever asks, and whatever they call it.
    @Test func twoRetriesOfOneMessageNeverMakeTwo() async throws {
        try await scene { desk, _, messages in
            let first = try await messages.send(params("k"), call)
            try await desk.lease()
            try await desk.fail(first.id)
            let second = try await messages.retry(.init(id: first.id, requestKey: "a"), call)
            let fault = await #expect(throws: Fault.self) { try await messages.retry(.init(id: first.id, requestKey: "b"), call) }
            #expect(fault?.code == .messageRetried)
            try await desk.lease()
            try await desk.fail(second.id)
            _ = try await messages.retry(.init(id: second.id, requestKey: "b"), call)
        }
    }

    /// Meta asks for a day: it is kept until then, and not refused.
    @Test func aRetryWaitsAsLongAsTheFailureAsksFor() async throws {
        try await scene { desk, _, messages in
            let first = try await messages.send(params("k"), call)
            try await desk.lease()
            try await desk.store.write { db in
                _ = try desk.outbox.refuse(db, first.id, GraphError(code: 131049, status: 400, details: ""))
            }
            let second = try await messages.retry(.init(id: first.id, requestKey: "a"), call)
            // Whoever asks is told when, also who asks again.
            let due = desk.now.value + .hours(24)
            #expect(second.notBefore == due)
            #expect(try await messages.retry(.init(id: first.id, requestKey: "a"), call).notBefore == due)
            desk.now.update { $0 = $0 + .hours(24) - 1 }
            #expect(try await desk.lease().isEmpty)
            desk.now.update { $0 = $0 + 1 }
            #expect(try await desk.lease() == [second.id])
        }
    }

    @Test func whatMayHaveBeenSentIsSentAgainOnlyOnPurpose() async throws {
        try await scene { desk, _, messages in
            let first = try await messages.send(params("k"), call)
            try await desk.lease()
            try await desk.store.write { db in
                try desk.outbox.markUnknown(db, first.id, "no answer")
            }
            // Its number is removed for so long that it is given up, and comes back.
            let account = try desk.numbers.found("1")
            try await desk.numbers.delete("1")
            desk.now.update { $0 = $0 + .hours(7) }
            _ = try await desk.outbox.resendUnknown(
                desk.numbers, at: desk.now.value, gaps: desk.gaps, grace: 10_000, patience: nil, gapGrace: .hours(6))
            #expect(try await desk.state(first.id) == .failed)
            let params = AddAccount.Params(
                phoneNumberID: "1", wabaID: account.wabaID, displayPhoneNumber: account.displayPhoneNumber,
                displayName: account.displayName)
            _ = try await desk.numbers.add(params, workspace: "w")
            let fault = await #expect(throws: Fault.self) { try await messages.retry(.init(id: first.id, requestKey: "a"), call) }
            #expect(fault?.code == .messageUnclear)
            #expect(try await messages.retry(.init(id: first.id, requestKey: "a", unclear: true), call).state == .queued)
        }
    }

    @Test func whatMetaRefusesToMarkAsReadIsTold() async throws {
        let meta = MetaAnswers()
        try await meta.serve { address in
            try await scene(address) { _, _, messages in
                meta.next.set([.init(body: #"{"success":true}"#)])
                try await messages.markRead(.init(account: "1", wamid: "wamid.X", typing: true), workspace: "w")
                #expect(meta.asked.value.last?.body?["typing_indicator"]?["type"]?.string == "text")
                meta.next.set([.refused(131009)])
                let fault = await #expect(throws: Fault.self) {
                    try await messages.markRead(.init(account: "1", wamid: "wamid.X"), workspace: "w")
                }
                #expect(fault?.code == .metaRefused && fault?.upstream?.code == 131009)
                let foreign = await #expect(throws: Fault.self) {
                    try await messages.markRead(.init(account: "1", wamid: "wamid.X"), workspace: "x")
                }
                #expect(foreign?.code == .accountUnknown)
            }
        }
    }
}
