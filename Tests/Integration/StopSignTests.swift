import AccountContract
import IntelligenceContract
import RPCContract
import SandboxContract
import Support
import TemplateContract
import Testing
import Vocabulary

/// A customer may say STOP without a word.
@Suite(.timeLimit(.minutes(3))) struct StopSignTests {
    @Test func aStopSignOnAMessageIsASTOP() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addOffer()
            let (asha, number): (ContactID, PhoneNumberID) = ("919876543210", LindaFixture.numbers[0])
            try await linda.grant([asha.rawValue])
            try await linda.write("Hello", from: asha)
            try await eventually("it is answered") { try await !linda.phone(asha).isEmpty }
            let answer = try #require(try await linda.phone(asha).first?.wamid)
            func react(_ emoji: String) async throws {
                _ = try await linda.call(
                    SandboxContract.self, SandboxSend.self,
                    .init(
                        phoneNumberID: number, from: asha, name: "Asha", type: .reaction,
                        content: ["message_id": .string(answer.rawValue), "emoji": .string(emoji)]))
            }
            func consent() async throws -> Consent {
                try await linda.call(AccountContract.self, GetConsent.self, .init(contact: asha.rawValue))
            }
            try await react("👍")
            try await eventually("the thumb is there") {
                try await linda.call(IntelligenceContract.self, GetConversation.self, .init(account: number, contact: asha)).messages
                    .contains { $0.type == "reaction" }
            }
            #expect(try await consent().state == .granted)
            try await react("🛑")
            try await eventually("the STOP") { try await consent().state == .stopped }
            try await eventually("its confirmation") { try await linda.phone(asha).contains { $0.text.contains("START") } }
            let offer = await fault {
                _ = try await linda.send(
                    .init(to: asha.written, template: .init(name: "spring_sale", variables: ["name": "Asha"]), requestKey: "k"))
            }
            #expect(offer?.code == .consentStopped)
        }
    }
}
