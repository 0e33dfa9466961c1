import AccountContract
import GraphMessages
import IntelligenceContract
import RPCContract
import SandboxContract
import Supervision
import Support
import TemplateContract
import Testing
import Vocabulary

/// What was said, in both directions, whatever way it was sent.
@Suite struct ConversationTests {
    private static let asha: ContactID = "919876543210"

    private func conversation(_ linda: LindaFixture, _ contact: ContactID = asha) async throws -> GetConversation.Reply {
        try await linda.call(IntelligenceContract.self, GetConversation.self, .init(account: LindaFixture.numbers[0], contact: contact))
    }

    @Test func campaignsConfirmationsAndSingleMessagesArePartOfIt() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            // Nobody has written yet: what was sent is a conversation all the same.
            let template = SendMessage.Template(name: "greeting_news", variables: ["name": "Asha"])
            _ = try await linda.send(.init(to: "+919876543210", template: template, account: LindaFixture.numbers[0], requestKey: "first"))
            try await eventually("the template is told") {
                try await conversation(linda).messages.map(\.text) == ["greeting_news: Asha"]
            }
            try await linda.write("Hello", from: Self.asha)
            try await eventually("the answer") { try await conversation(linda).messages.count == 3 }
            try await linda.write("STOP", from: Self.asha)
            try await eventually("the confirmation") { try await conversation(linda).messages.count == 5 }
            try await linda.write("START", from: Self.asha)
            try await eventually("the other confirmation") { try await conversation(linda).messages.count == 7 }
            _ = try await linda.send(.init(to: "+919876543210", text: .init(body: "A person speaks"), requestKey: "second"))
            try await eventually("the single message") { try await conversation(linda).messages.last?.text == "A person speaks" }
            let all = try await conversation(linda)
            #expect(all.isPartial == nil && all.messages.count == 8)
            #expect(all.messages.map(\.direction) == [.outbound, .inbound, .outbound, .inbound, .outbound, .inbound, .outbound, .outbound])
            // Another number of ours has said nothing.
            let other = await fault {
                _ = try await linda.call(
                    IntelligenceContract.self, GetConversation.self, .init(account: LindaFixture.numbers[1], contact: Self.asha))
            }
            #expect(other?.code == .conversationUnknown)
        }
    }

    /// The screen names the number of the conversation, and the others that are left out.
    @Test func theOtherNumberIsNotLeftOutSilently() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            try await linda.write("Hello", from: Self.asha)
            // The window is open before there is a conversation.
            try await eventually("the answer") { (try? await conversation(linda))?.messages.count == 2 }
            // What an emoji may be put on.
            try await eventually("the id of the answer") { try await conversation(linda).messages.last?.wamid != nil }
            func shown() throws -> String {
                try CommandLineTests.Run(
                    ["conversations", "show", "+919876543210", "--account", "Lucky Shrub 0", "--dir", linda.stack.options.directory]
                ).end().output
            }
            #expect(try shown().contains("with +91 8047181000") && !shown().contains("without what was said"))
            let template = SendMessage.Template(name: "greeting_news", variables: ["name": "Asha"])
            _ = try await linda.send(.init(to: "+919876543210", template: template, account: LindaFixture.numbers[1], requestKey: "other"))
            #expect(try shown().contains("without what was said with +91 8047181001"))
        }
    }

    @Test func whoAsksWhatNobodyCanAnswerIsToldOfAPersonAndWaitsForOne() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            func waiting() async throws -> [ContactID] {
                try await linda.call(IntelligenceContract.self, ListConversations.self, .init(needsPerson: true)).items.map(\.contact)
            }
            try await linda.write("Do you deliver to Baner?", from: Self.asha)
            try await eventually("it is answered") { try await linda.phone(Self.asha).count == 1 }
            #expect(try await linda.phone(Self.asha).first?.text.contains("A person of Lucky Shrub 0 will answer") == true)
            try await linda.write("Hello?", from: "919876500001")
            try await eventually("who says hello is answered") { try await linda.phone("919876500001").count == 1 }
            #expect(try await waiting() == [Self.asha])
            #expect(try await conversation(linda).needsPerson)
            // Asked again, it is not said again.
            try await linda.write("Is somebody there and when do you open", from: Self.asha)
            try await eventually("it is kept") { try await conversation(linda).messages.count == 3 }
            // Thanks need nobody, and take nobody's place.
            try await linda.write("thanks", from: Self.asha)
            try await eventually("the thanks are kept") { try await conversation(linda).messages.count == 4 }
            _ = try await linda.send(.init(to: "+919876543210", text: .init(body: "We do!"), requestKey: "person"))
            try await eventually("a person's answer") { try await linda.phone(Self.asha).count == 2 }
            #expect(try await waiting() == [Self.asha], "whoever has written says so")
            _ = try await linda.call(
                IntelligenceContract.self, ResolveConversation.self, .init(account: LindaFixture.numbers[0], contact: Self.asha))
            #expect(try await waiting().isEmpty)
        }
    }

    /// An answer that Meta refuses is none: the customer goes on waiting, and the conversation shows it.
    @Test func anAnswerThatFailsIsNone() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.write("Do you deliver to Baner?", from: Self.asha)
            try await eventually("it is answered") { try await linda.phone(Self.asha).count == 1 }
            func answer(_ text: String) async throws -> String {
                let sent = try await linda.send(
                    .init(to: "+919876543210", text: .init(body: text), account: LindaFixture.numbers[0], requestKey: text))
                _ = try await linda.call(
                    IntelligenceContract.self, ResolveConversation.self,
                    .init(account: LindaFixture.numbers[0], contact: Self.asha, message: sent.id))
                return sent.id.rawValue
            }
            _ = try await linda.call(SandboxContract.self, SandboxFault.self, .init(errorShare: 1, code: 131026))
            let failed = try await answer("We do not")
            try await eventually("it has failed") { try await linda.state(MessageID(failed)) == .failed }
            try await eventually("its fate is known here") { try await conversation(linda).isAnswering == nil }
            #expect(try await conversation(linda).needsPerson)
            let item = try #require(try await conversation(linda).messages.last)
            #expect(item.text == "We do not" && item.state == "failed" && item.error?.isEmpty == false)
            _ = try await linda.call(
                SandboxContract.self, SandboxFault.self, .init(errorShare: 0))
            _ = try await answer("We do")
            try await eventually("the customer waits for nobody") { try await !conversation(linda).needsPerson }
            #expect(try await conversation(linda).isAnswering == nil)
        }
    }

    /// What was promised to be confirmed waits for whoever confirms it.
    @Test func anOrderWaitsForAPerson() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.write("I want 2 masala dosa", from: Self.asha)
            try await eventually("it is confirmed") { try await linda.phone(Self.asha).first?.text.contains("2 × masala dosa") == true }
            #expect(try await conversation(linda).needsPerson)
        }
    }
}
