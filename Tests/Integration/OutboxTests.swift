import AccountContract
import Foundation
import GRDB
import GatewayContract
import GraphMessages
import IntelligenceContract
import MetaEvents
import RPCContract
import RPCTransport
import SandboxContract
import Supervision
import Support
import TemplateContract
import Testing
import Vocabulary

/// Sending, through the real processes, against the sandbox.
@Suite(.timeLimit(.minutes(3))) struct OutboxTests {
    private func fault(_ linda: LindaFixture, _ params: SendMessage.Params) async -> Fault? {
        let client = linda.client(AccountContract.self)
        defer { Task { await client.close() } }
        do throws(Fault) {
            _ = try await client.call(SendMessage.self, params)
            return nil
        } catch { return error }
    }

    @Test func aTemplateGoesOutOnceAndItsStatusesComeBack() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let params = SendMessage.Params(
                to: "+91 98765 43210", template: .init(name: "greeting_news", variables: ["name": "Asha"]), requestKey: "k1"
            )
            let first = try await linda.call(AccountContract.self, SendMessage.self, params)
            let again = try await linda.call(AccountContract.self, SendMessage.self, params)
            #expect(first.id == again.id)
            try await eventually("delivery") {
                let state = try await linda.call(AccountContract.self, GetMessage.self, .init(first.id)).state
                return state == .delivered || state == .read
            }
            let phone = try await linda.call(SandboxContract.self, SandboxMessages.self, .init(contact: "919876543210")).items
            #expect(phone.count == 1)
            #expect(phone.first?.text.contains("Asha") == true)
            #expect(phone.first?.callbackData == first.id.rawValue)
            let why = try await linda.call(AccountContract.self, ExplainMessage.self, .init(first.id))
            #expect(why.steps.map(\.state).starts(with: [.queued, .accepted]) || why.steps.map(\.state).contains(.sent))
            // The same key for another message is a mistake.
            var other = params
            other.to = "+91 98765 43211"
            #expect(await fault(linda, other)?.code == .requestKeyReused)
        }
    }

    /// Who is written to too often is told as the reason, with the time that it takes.
    @Test func aMessageTellsThatItsPersonHasHadTooMany() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let account = LindaFixture.numbers[0]
            var ids: [MessageID] = []
            for n in 1...48 {
                let params = SendMessage.Params(
                    to: "+91 98765 43210", template: .init(name: "greeting_news", variables: ["name": "Asha"]), account: account,
                    requestKey: "k\(n)")
                ids.append(try await linda.call(AccountContract.self, SendMessage.self, params).id)
            }
            try await eventually("45 with Meta") {
                try await linda.call(SandboxContract.self, SandboxMessages.self, .init(contact: "919876543210")).items.count >= 44
            }
            let last = try #require(ids.last)
            let why = try await linda.call(AccountContract.self, ExplainMessage.self, .init(last))
            #expect(why.message.state == .queued)
            #expect(why.explanation.contains("to the same person") && why.explanation.hasSuffix(" s."), "\(why.explanation)")
            try await linda.clock(advance: .seconds(60))
            try await eventually("the last one") {
                try await linda.call(AccountContract.self, GetMessage.self, .init(last)).state != .queued
            }
            #expect(
                try await linda.call(AccountContract.self, ExplainMessage.self, .init(last)).explanation.contains("same person") == false)
        }
    }

    @Test func whatCannotBeSentIsRefusedWithItsReason() async throws {
        try await LindaFixture.run { linda in
            func send(_ change: (inout SendMessage.Params) -> Void) async -> Fault? {
                var params = SendMessage.Params(
                    to: "919876543210", text: .init(body: "Hello"), requestKey: "k\(Int.random(in: 0 ..< .max))")
                change(&params)
                return await fault(linda, params)
            }
            #expect(await send { _ in }?.code == .noRoute)
            try await linda.addNumbers()
            try await linda.addTemplate()
            #expect(await send { _ in }?.code == .windowClosed)
            #expect(await send { $0.to = "12" }?.path == "to")
            #expect(await send { $0.text = nil }?.code == .params)
            #expect(await send { $0.text = .init(body: String(repeating: "x", count: 4097)) }?.path == "text.body")
            #expect(await send { $0.account = "999" }?.code == .accountUnknown)
            #expect(await send { ($0.text, $0.template) = (nil, .init(name: "nothing", variables: [:])) }?.code == .templateRefused)
            let draft = CreateTemplate.Params(name: "draft", language: "en", category: .utility, body: "Hi {{who}}, see you.")
            _ = try await linda.call(TemplateContract.self, CreateTemplate.self, draft)
            #expect(
                await send { ($0.text, $0.template) = (nil, .init(name: "draft", variables: ["who": "x"])) }?.message.contains("draft")
                    == true)
        }
    }

    @Test func textGoesInsideTheWindow() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            let written = SandboxWrite.Params(
                phoneNumberID: LindaFixture.numbers[1], from: "919876543210", name: "Asha", text: "My tap leaks")
            _ = try await linda.call(SandboxContract.self, SandboxWrite.self, written)
            try await eventually("the open window") {
                let params = GetConversationWindow.Params(contact: "919876543210", account: LindaFixture.numbers[1])
                return try await linda.call(AccountContract.self, GetConversationWindow.self, params).open
            }
            // The contact wrote to the second number, so it answers from there.
            let route = try await linda.call(AccountContract.self, PreviewRoute.self, .init(contact: "919876543210"))
            #expect(route.account == LindaFixture.numbers[1])
            let sent = try await linda.call(
                AccountContract.self, SendMessage.self, .init(to: "919876543210", text: .init(body: "We come at five."), requestKey: "t")
            )
            try await eventually("delivery") {
                try await linda.call(AccountContract.self, GetMessage.self, .init(sent.id)).state != .queued
            }
            try await eventually("arrival on the phone") {
                try await linda.phone("919876543210").filter { $0.from == LindaFixture.numbers[1] }.map(\.text).contains("We come at five.")
            }
        }
    }

    @Test func whatMetaRefusesTellsWhyAndGoesOn() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(undeliverableShare: 1))
            let sent = try await linda.call(
                AccountContract.self, SendMessage.self,
                .init(to: "919876543210", template: .init(name: "greeting_news", variables: [:]), requestKey: "u")
            )
            try await eventually("failure") { try await linda.call(AccountContract.self, GetMessage.self, .init(sent.id)).state == .failed }
            let why = try await linda.call(AccountContract.self, ExplainMessage.self, .init(sent.id))
            #expect(why.message.errorCode == 131026)
            #expect(why.explanation.contains("no WhatsApp"))
            let statistics = try await linda.call(AccountContract.self, MessageStatistics.self, .init())
            #expect(statistics.failures.map(\.code) == [131026])
        }
    }

    /// The way from Meta is cut for twenty minutes, and what it could not deliver comes later than what happened since.
    @Test func anOutageOfTheWebhooksMakesNothingTwice() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let template = SendMessage.Template(name: "greeting_news", variables: [:])
            // Something has come before: the gateway knows since when nothing does.
            _ = try await linda.send(.init(to: "919800000000", template: template, requestKey: "before"))
            try await eventually("the first delivery") { try await linda.statistics().webhooksDelivered > 0 }
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(lostAnswerShare: 1, webhookFailureShare: 1))
            let lost = try await linda.send(.init(to: "919800000001", template: template, requestKey: "lost"))
            try await eventually("its answer is lost") { try await linda.state(lost.id) == .unknown }
            // Twenty minutes, in which Meta tries again and again, more and more rarely.
            for _ in 0..<60 { try await linda.clock(advance: .seconds(20)) }
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(lostAnswerShare: 0, webhookFailureShare: 0))
            let since = try await linda.send(.init(to: "919800000002", template: template, requestKey: "since"))
            try await eventually("the status of what came since") {
                [.sent, .delivered, .read].contains(try await linda.state(since.id))
            }
            try await linda.clock(advance: .seconds(90))
            // Everything speaks for it but the gap: its own status has not come.
            for _ in 0..<200 {
                guard try await linda.state(lost.id) == .unknown else { break }
                try await linda.clock(advance: .seconds(30))
            }
            try await eventually("its status comes in the end") {
                [.sent, .delivered, .read].contains(try await linda.state(lost.id))
            }
            #expect(try await linda.statistics().sentTwice == 0)
        }
    }

    /// A third of the answers are lost and some requests fail ambiguously: nothing is lost, nothing sent twice.
    ///
    /// The faults end once everything was tried: five in a row make the breaker rest ten seconds, again and again while
    /// they last, and how often they do is chance.
    @Test func lostAnswersAreResolvedByTheirStatuses() async throws {
        try await LindaFixture.run(settings: ["account-router": ["unknown.grace=3s"]]) { linda in
            try await linda.addNumbers(messagesPerSecond: 0)
            try await linda.addTemplate()
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0.1, code: 131000, lostAnswerShare: 0.3))
            let client = linda.client(AccountContract.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for n in 0..<200 {
                    group.addTask {
                        let to = String(919_800_000_000 + n)
                        _ = try await client.call(
                            SendMessage.self, .init(to: to, template: .init(name: "greeting_news", variables: [:]), requestKey: "l\(n)"))
                    }
                }
                try await group.waitForAll()
            }
            try await eventually(within: .seconds(180), "every message tried") {
                let tried = try await linda.statistics()
                return tried.accepted + (tried.refused["131000"] ?? 0) >= 200
            }
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0, lostAnswerShare: 0))
            try await eventually(within: .seconds(60), "every message known to Meta") {
                let states = try await client.call(MessageStatistics.self, .init()).states
                return (states["sent"] ?? 0) + (states["delivered"] ?? 0) + (states["read"] ?? 0) == 200
            }
            await client.close()
            let statistics = try await linda.statistics()
            #expect(statistics.accepted == 200)
            #expect(statistics.sentTwice == 0)
            #expect(statistics.refused["131000"] ?? 0 > 0)
        }
    }

    @Test func aWrongTokenHoldsTheMessagesAndSaysSo() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 1, code: 190))
            let sent = try await linda.call(
                AccountContract.self, SendMessage.self,
                .init(to: "919876543210", template: .init(name: "greeting_news", variables: [:]), requestKey: "w")
            )
            try await eventually("the unhealthy number") {
                let health = try await linda.call(AccountContract.self, ServiceHealth.self, Nothing())
                return health.checks.contains { $0.name == "numbers" && !$0.healthy }
            }
            let message = try await linda.call(AccountContract.self, GetMessage.self, .init(sent.id))
            #expect(message.state == .queued)
            #expect(message.error?.contains("token") == true)
            // A new token is tried at once: its number would else be tried again after half a minute.
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0))
            try linda.replaceCredential("graph-token", with: "new-token")
            try await eventually(within: .seconds(15), "the message goes out") {
                try await linda.call(AccountContract.self, GetMessage.self, .init(sent.id)).state != .queued
            }
            let health = try await linda.call(AccountContract.self, ServiceHealth.self, Nothing())
            #expect(health.checks.allSatisfy { $0.healthy }, "\(health.checks)")
            let told = linda.logs.lines().filter { $0.contains("a new credential is taken") }
            #expect(!told.isEmpty && told.allSatisfy { !$0.contains("new-token") }, "\(told)")
        }
    }

    @Test func pacingKeepsMetaFromRefusing() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let client = linda.client(AccountContract.self)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for n in 0..<400 {
                    group.addTask {
                        let to = String(919_800_000_000 + n)
                        _ = try await client.call(
                            SendMessage.self, .init(to: to, template: .init(name: "greeting_news", variables: [:]), requestKey: "p\(n)"))
                    }
                }
                try await group.waitForAll()
            }
            try await eventually("all handed over") { try await linda.statistics().accepted == 400 }
            await client.close()
            #expect(try await linda.statistics().refused == [:])
            #expect(try await linda.statistics().requestsAgainstSchema == 0)
        }
    }

    @Test func customersAreAnsweredAndOrdersTaken() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            _ = try await linda.call(
                SandboxContract.self, SandboxPlay.self, .init(customers: 14, messages: 3, firstContact: "919000000000"))
            try await eventually("every answer") { try await linda.statistics().replies == 42 }
            let statistics = try await linda.call(IntelligenceContract.self, ConversationStatistics.self, Nothing())
            #expect(statistics.inbound == 42)
            #expect(statistics.orders == 14)
            #expect(statistics.intents == ["greeting": 14, "help": 14, "order_request": 14])
            #expect(try await linda.call(IntelligenceContract.self, ListOrders.self, .init()).items.first?.lines.isEmpty == false)
            #expect(try await linda.statistics().sentTwice == 0)
            #expect(try await linda.statistics().requestsAgainstSchema == 0)
            let talk = try await linda.call(
                IntelligenceContract.self, GetConversation.self, .init(account: LindaFixture.numbers[0], contact: "919000000000"))
            #expect(talk.messages.count == 6)
        }
    }

    @Test func anAnswerThatWasGivenUpIsListedAndCanBeStartedAgain() async throws {
        try await LindaFixture.run { linda in
            func dead() async throws -> [ConversationAction] {
                try await linda.call(IntelligenceContract.self, ListActions.self, .init()).items
            }
            _ = try await linda.call(
                IntelligenceContract.self, ProcessMessage.self,
                .init(
                    account: "1", accountName: "Nobody's", contact: "919876543210", contactName: "Asha", wamid: "wamid.x", type: "text",
                    text: "Hello", raw: [:], at: 1_790_000_000_000)
            )
            try await eventually("the answer is given up") { try await dead().count == 1 }
            let action = try #require(try await dead().first)
            #expect(action.contact == "919876543210" && action.error?.contains("not configured") == true)
            let number = AddAccount.Params(
                phoneNumberID: "1", wabaID: LindaFixture.waba, displayPhoneNumber: "+918047181000", displayName: "A")
            // Meta does not know it: then nor do we.
            let unknown = await #expect(throws: Fault.self) { try await linda.call(AccountContract.self, AddAccount.self, number) }
            #expect(unknown?.code == .metaRefused && unknown?.path == "phoneNumberID")
            // Templates are an account's: a number under a wrong one could send none of them.
            let free = SandboxAddNumber.Params(phoneNumberID: "77", wabaID: "778", displayPhoneNumber: "918047189999")
            _ = try await linda.call(SandboxContract.self, SandboxAddNumber.self, free)
            let stray = AddAccount.Params(
                phoneNumberID: "77", wabaID: LindaFixture.waba, displayPhoneNumber: "+918047189999", displayName: "Stray")
            let foreign = await #expect(throws: Fault.self) { try await linda.call(AccountContract.self, AddAccount.self, stray) }
            #expect(foreign?.code == .metaRefused && foreign?.path == "wabaID", "\(String(describing: foreign))")
            let nowhere = AddAccount.Params(
                phoneNumberID: "77", wabaID: "779", displayPhoneNumber: "+918047189999", displayName: "Stray")
            let missing = await #expect(throws: Fault.self) { try await linda.call(AccountContract.self, AddAccount.self, nowhere) }
            #expect(missing?.code == .metaRefused && missing?.path == "wabaID", "\(String(describing: missing))")
            _ = try await linda.call(
                SandboxContract.self, SandboxAddNumber.self,
                .init(phoneNumberID: "1", wabaID: LindaFixture.waba, displayPhoneNumber: "+918047181000"))
            _ = try await linda.call(AccountContract.self, AddAccount.self, number)
            let other = AddAccount.Params(
                phoneNumberID: "2", wabaID: LindaFixture.waba, displayPhoneNumber: "+918047181005", displayName: "B")
            _ = try await linda.call(
                SandboxContract.self, SandboxAddNumber.self,
                .init(phoneNumberID: "2", wabaID: LindaFixture.waba, displayPhoneNumber: "+918047181004"))
            let mistaken = await #expect(throws: Fault.self) { try await linda.call(AccountContract.self, AddAccount.self, other) }
            #expect(mistaken?.path == "displayPhoneNumber")
            _ = try await linda.call(IntelligenceContract.self, RetryAction.self, .init(id: action.id))
            // The number is known now, but the customer has not written to it.
            try await eventually("the second try") { try await dead().first?.error?.contains("24 hours") == true }
            let fault = await #expect(throws: Fault.self) {
                try await linda.call(IntelligenceContract.self, RetryAction.self, .init(id: 999))
            }
            #expect(fault?.code == .actionUnknown && fault?.path == "id")
        }
    }

    /// The fixture asks every process for an end with status 0 while messages are on their way to Meta.
    @Test func stoppingInTheMiddleOfSendingIsOrderly() async throws {
        try await LindaFixture.run { linda in
            // Slow enough that a second's worth has been taken up and not posted.
            try await linda.addNumbers(messagesPerSecond: 20)
            try await linda.addTemplate()
            let client = linda.client(AccountContract.self)
            for n in 0..<100 {
                _ = try await client.call(
                    SendMessage.self,
                    .init(to: String(919_800_000_000 + n), template: .init(name: "greeting_news", variables: [:]), requestKey: "s\(n)"))
            }
            await client.close()
            try await eventually("some of them sent") { try await linda.statistics().accepted > 5 }
        }
    }
}
