import AccountContract
import GatewayContract
import GraphMessages
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
            // A number's account that Meta has no more.
            let number = "+91 80 4718 3000"
            func atMeta(_ waba: WABAID) async throws {
                _ = try await linda.call(
                    SandboxContract.self, SandboxAddNumber.self,
                    .init(phoneNumberID: "306540352242922", wabaID: waba, displayPhoneNumber: number))
            }
            try await atMeta("999999999999999")
            _ = try await linda.call(
                AccountContract.self, AddAccount.self,
                .init(phoneNumberID: "306540352242922", wabaID: "999999999999999", displayPhoneNumber: number, displayName: "Delhi"))
            try await atMeta(LindaFixture.waba)
            let refused = await fault {
                _ = try await linda.call(TemplateContract.self, SubmitReview.self, .init(name: "greeting_news", wabaID: "999999999999999"))
            }
            #expect(
                refused?.code == .reviewRefused && refused?.message.hasPrefix("Meta does not know") == true,
                "\(String(describing: refused))")
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

    /// Meta has it no more, as the sandbox after its restart: the step that a refused message names files it anew.
    @Test func whatMetaHasNoMoreIsFiledAnew() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let reference = TemplateReference(name: "greeting_news")
            let before = try await linda.call(TemplateContract.self, ReviewStatus.self, reference)
            try await linda.dropTemplate("greeting_news")
            let lost = try await linda.send(
                .init(to: "919800000000", template: .init(name: "greeting_news", variables: [:]), requestKey: "k"))
            try await eventually("Meta has refused it") { try await linda.state(lost.id) == .failed }
            #expect(try await linda.call(AccountContract.self, GetMessage.self, .init(lost.id)).errorCode == 132001)
            // Its account is known from before; of one that was never submitted it is asked.
            let anew = try await linda.call(TemplateContract.self, SubmitReview.self, .init(name: "greeting_news"))
            _ = try await linda.call(
                TemplateContract.self, CreateTemplate.self,
                .init(name: "first", language: "en", category: .utility, body: "Hello, there is news."))
            let homeless = await fault { _ = try await linda.call(TemplateContract.self, SubmitReview.self, .init(name: "first")) }
            #expect(homeless?.code == .params && homeless?.path == "wabaID", "\(String(describing: homeless))")
            #expect(anew.metaID != nil && anew.metaID != before.metaID, "\(anew)")
            try await eventually("Meta has approved it anew") {
                try await linda.call(TemplateContract.self, ReviewStatus.self, reference).review == .approved
            }
            let sent = try await linda.send(
                .init(to: "919800000000", template: .init(name: "greeting_news", variables: [:]), requestKey: "l"))
            try await eventually("it is with Meta") {
                try await linda.call(AccountContract.self, GetMessage.self, .init(sent.id)).wamid != nil
            }
        }
    }

    /// Removed here, a template is still at Meta: the same text is taken up again, and another one needs another name.
    @Test func whatMetaKeepsIsTakenUpAgain() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let reference = TemplateReference(name: "greeting_news")
            let before = try await linda.call(TemplateContract.self, ReviewStatus.self, reference)
            func makeAnew(_ body: String) async throws -> ReviewStatus.Reply {
                _ = try await linda.call(TemplateContract.self, DeleteTemplate.self, reference)
                _ = try await linda.call(
                    TemplateContract.self, CreateTemplate.self,
                    .init(name: "greeting_news", language: "en", category: .utility, body: body))
                return try await linda.call(
                    TemplateContract.self, SubmitReview.self, .init(name: "greeting_news", wabaID: LindaFixture.waba))
            }
            let same = try await makeAnew("Hello {{name|there}}, we have news.")
            #expect(same.review == .approved && same.metaID == before.metaID, "\(same)")
            let refused = await fault { _ = try await makeAnew("Hello {{name|there}}, we have better news.") }
            #expect(refused?.code == .reviewRefused && refused?.path == "name", "\(String(describing: refused))")
            #expect(refused?.message.contains("needs another name") == true, "\(String(describing: refused))")
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

    /// Meta takes no line breaks in a parameter: what is composed here has none, and what is made elsewhere is refused as Meta does.
    @Test func aParameterIsOneLine() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let sent = try await linda.send(
                .init(to: "919800000000", template: .init(name: "greeting_news", variables: ["name": "Asha\nRao"]), requestKey: "k"))
            try await eventually("it is with Meta") {
                try await linda.call(AccountContract.self, GetMessage.self, .init(sent.id)).wamid != nil
            }
            #expect(try await linda.phone("919800000000").contains { $0.text.contains("Asha Rao") })
            let components = try JSON.decode(
                [TemplateComponent].self,
                from: #"[{"type":"body","parameters":[{"type":"text","parameter_name":"name","text":"Asha\nRao"}]}]"#)
            let raw = SendMessage.Template(name: "greeting_news", language: "en", components: components, category: .utility)
            let refused = try await linda.send(.init(to: "919800000000", template: raw, requestKey: "l"))
            try await eventually("Meta has refused it") { try await linda.state(refused.id) == .failed }
            #expect(try await linda.call(AccountContract.self, GetMessage.self, .init(refused.id)).errorCode == 132018)
        }
    }
}
