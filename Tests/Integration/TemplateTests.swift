import AccountContract
import GatewayContract
import RPCContract
import SandboxContract
import Support
import TemplateContract
import Testing
import Vocabulary

/// Templates between here and Meta.
@Suite struct TemplateTests {
    /// Refused by another account, a template still belongs to the one that has it: that one's word counts.
    @Test func aRefusedFilingLeavesTheTemplateWhereItIs() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            func set(_ status: String) async throws {
                _ = try await linda.call(
                    SandboxContract.self, SandboxSetTemplate.self,
                    .init(wabaID: LindaFixture.waba, name: "greeting_news", language: "en", status: status))
            }
            func review() async throws -> Template.Review {
                try await linda.call(TemplateContract.self, ReviewStatus.self, TemplateReference(name: "greeting_news")).review
            }
            try await set("DISABLED")
            try await eventually("Meta has disabled it") { try await review() == .disabled }
            let refused = await fault {
                _ = try await linda.call(TemplateContract.self, SubmitReview.self, .init(name: "greeting_news", wabaID: "999999999999999"))
            }
            #expect(refused?.code == .reviewRefused)
            // Meta's reason stands with the template as long as its decision does.
            func reason() async throws -> String? {
                try await linda.call(TemplateContract.self, ListTemplates.self, .init()).items.first { $0.name == "greeting_news" }?
                    .reviewReason
            }
            try await set("REJECTED")
            try await eventually("Meta has rejected it") { try await reason() == "INCORRECT_CATEGORY" }
            try await set("APPROVED")
            try await eventually("Meta has given it back") { try await review() == .approved }
            #expect(try await reason() == nil)
            let sent = try await linda.send(
                .init(to: "919800000000", template: .init(name: "greeting_news", variables: [:]), requestKey: "k"))
            try await eventually("it goes out") { try await linda.state(sent.id) != .queued }
        }
    }

    /// A misspelt variable would leave the customer with the default: it is refused, with the names that there are.
    @Test func aVariableThatTheTemplateDoesNotHaveIsRefused() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let wrong = await fault {
                _ = try await linda.send(
                    .init(
                        to: "919800000000", template: .init(name: "greeting_news", variables: ["nam": "Asha"]), requestKey: "k"))
            }
            #expect(wrong?.code == .templateRefused && wrong?.path == "template.variables.nam", "\(String(describing: wrong))")
            #expect(wrong?.message.contains("it has name; did you mean name?") == true)
            #expect(try await linda.statistics().accepted == 0)
        }
    }
}
