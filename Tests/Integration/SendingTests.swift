import AccountContract
import Foundation
import GraphMessages
import RPCContract
import RPCTransport
import SandboxContract
import Support
import SyncContract
import TemplateContract
import Testing
import Vocabulary

/// What goes out, through the sockets, to a Meta that is stricter than the real one.
@Suite struct SendingTests {
    @Test func everyTypeOfMessageReachesThePhone() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers(messagesPerSecond: 0)
            let show = SandboxWrite.Params(
                phoneNumberID: LindaFixture.numbers[0], from: "919876543210", name: "Asha", text: "Show me everything")
            let wrote = try await linda.call(SandboxContract.self, SandboxWrite.self, show).wamid
            try await eventually("the window is open") {
                try await linda.call(
                    AccountContract.self, GetConversationWindow.self, .init(contact: "919876543210", account: LindaFixture.numbers[0])
                ).open
            }
            let before = try await linda.phone("919876543210").count
            let samples = ([SendMessage.example.params] + SendMessage.alternatives).filter { !$0.freeForm.isEmpty }
            try await linda.withMedia { prepare in
                for (index, sample) in samples.enumerated() {
                    var params = try prepare(sample)
                    (params.to, params.account, params.requestKey) = ("919876543210", nil, "type-\(index)")
                    (params.fallback, params.replyTo) = (nil, nil)
                    // What is reacted to is there.
                    if params.reaction != nil { params.reaction?.messageID = wrote.rawValue }
                    _ = try await linda.send(params)
                }
                try await eventually("all of them on the phone") {
                    try await linda.phone("919876543210").count >= before + samples.count
                }
                try await eventually("every outcome") {
                    let states = try await linda.call(AccountContract.self, MessageStatistics.self, .init(requestKeyPrefix: "type-")).states
                    return (states["queued"] ?? 0) + (states["sending"] ?? 0) + (states["accepted"] ?? 0) == 0
                }
            }
            let types = Set(try await linda.phone("919876543210").map(\.type))
            #expect(
                types.isSuperset(of: [
                    "text", "image", "video", "audio", "document", "sticker", "location", "contacts", "reaction", "interactive",
                ]), "\(types)")
            let failures = try await linda.call(AccountContract.self, MessageStatistics.self, .init(requestKeyPrefix: "type-")).failures
            #expect(failures.isEmpty, "\(failures)")
            // Meta's read mark and typing indicator.
            let asked = SandboxWrite.Params(phoneNumberID: LindaFixture.numbers[0], from: "919876543210", name: "Asha", text: "?")
            let wamid = try await linda.call(SandboxContract.self, SandboxWrite.self, asked).wamid
            _ = try await linda.call(
                AccountContract.self, MarkMessageRead.self, .init(account: LindaFixture.numbers[0], wamid: wamid, typing: true))
        }
    }

    @Test func templatesWithMetasOwnComponentsAndTheMarketingEndpoint() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate("spring_sale", body: "Dear {{name}}, our sale begins {{day}}, come.", category: .marketing)
            let grant = RecordConsent.Item(contact: "919876543210", state: .granted, source: "form", proof: "https://example.org/1")
            #expect(try await linda.call(AccountContract.self, RecordConsent.self, .init(items: [grant])).changed == 1)
            let components: [TemplateComponent] = [.body([.text("Asha", name: "name"), .text("today", name: "day")])]
            let template = SendMessage.Template(name: "spring_sale", language: "en", components: components, category: .marketing)
            let sent = try await linda.send(
                .init(
                    to: "919876543210", template: template, marketing: .init(productPolicy: "STRICT", activitySharing: false),
                    requestKey: "mm"))
            try await eventually("delivery") { [.delivered, .read].contains(try await linda.state(sent.id)) }
            // The marketing endpoint takes marketing only.
            try await linda.addTemplate()
            let utility = SendMessage.Template(
                name: "greeting_news", language: "en", components: [.body([.text("Asha", name: "name")])], category: .utility)
            let wrong = try await linda.send(.init(to: "919876543210", template: utility, marketing: .init(), requestKey: "mm2"))
            try await eventually("refusal") { try await linda.state(wrong.id) == .failed }
            let why = try await linda.call(AccountContract.self, ExplainMessage.self, .init(wrong.id))
            #expect(why.message.errorCode == 134100 && why.errorClass == "never" && why.nextStep?.isEmpty == false)
            // A failed one goes out again as a new message.
            let fault = await fault {
                _ = try await linda.call(AccountContract.self, RetryMessage.self, .init(id: sent.id, requestKey: "r"))
            }
            #expect(fault?.code == .messageNotFailed)
            let again = try await linda.call(AccountContract.self, RetryMessage.self, .init(id: wrong.id, requestKey: "r1"))
            #expect(again.id != wrong.id)
            let same = try await linda.call(AccountContract.self, RetryMessage.self, .init(id: wrong.id, requestKey: "r1"))
            #expect(same.id == again.id)
        }
    }

    @Test func theWindowClosesAfterADayAndTheFallbackTakesOver() async throws {
        try await LindaFixture.run(virtualClock: true) { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            try await linda.write("Is my order ready?", from: "919876543210")
            let text = TextMessage(body: "It is.")
            let open = try await linda.send(.init(to: "919876543210", text: text, requestKey: "open"))
            try await eventually("the text on the phone") {
                try await linda.phone("919876543210").contains { $0.callbackData == open.id.rawValue }
            }
            try await linda.clock(advance: .seconds(24 * 3600 + 5))
            let closed = await fault { _ = try await linda.send(.init(to: "919876543210", text: text, requestKey: "closed")) }
            #expect(closed?.code == .windowClosed)
            let fallback = SendMessage.Template(name: "greeting_news", variables: ["name": "Asha"])
            let sent = try await linda.send(.init(to: "919876543210", text: text, fallback: fallback, requestKey: "fallback"))
            try await eventually("the template on the phone") {
                try await linda.phone("919876543210").contains { $0.callbackData == sent.id.rawValue && $0.type == "template" }
            }
            // Closed while it waited in the queue.
            try await linda.write("Hello again", from: "919876543211")
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 1, code: 131057))
            let waiting = try await linda.send(.init(to: "919876543211", text: text, fallback: fallback, account: nil, requestKey: "late"))
            let doomed = try await linda.send(.init(to: "919876543211", text: text, requestKey: "doomed"))
            try await eventually("both wait, and none is on its way to Meta") {
                guard try await linda.statistics().refused["131057"] ?? 0 >= 1 else { return false }
                let states = [try await linda.state(waiting.id), try await linda.state(doomed.id)]
                return states == [.queued, .queued]
            }
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 0))
            try await linda.clock(advance: .seconds(24 * 3600 + 65))
            try await eventually("the fallback") {
                try await linda.phone("919876543211").contains { $0.callbackData == waiting.id.rawValue && $0.type == "template" }
            }
            try await eventually("the refusal") { try await linda.state(doomed.id) == .failed }
            #expect(try await linda.call(AccountContract.self, ExplainMessage.self, .init(doomed.id)).message.errorCode == 131047)
        }
    }
}
