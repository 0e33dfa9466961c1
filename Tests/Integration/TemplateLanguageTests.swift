import AccountContract
import RPCContract
import Support
import TemplateContract
import Testing

/// Of several languages that a template has none is guessed.
@Suite(.timeLimit(.minutes(3))) struct TemplateLanguageTests {
    @Test func whatIsSentSaysInWhichLanguage() async throws {
        try await LindaFixture.run { linda in
            try await linda.addNumbers()
            try await linda.addTemplate()
            let to = "919800000000"
            _ = try await linda.send(.init(to: to, template: .init(name: "greeting_news", variables: [:]), requestKey: "only one"))
            for language in ["hi", "mr"] {
                _ = try await linda.call(
                    TemplateContract.self, CreateTemplate.self,
                    .init(name: "greeting_news", language: language, category: .utility, body: "Namaste {{name|ji}}, we have news."))
            }
            let words = "greeting_news exists in en, hi, mr; `language` says which is meant."
            let composed = await fault {
                _ = try await linda.call(TemplateContract.self, ComposeTemplate.self, .init(name: "greeting_news", variables: [:]))
            }
            #expect(composed?.code == .languageNeeded && composed?.path == "language" && composed?.message == words)
            let sent = await fault {
                _ = try await linda.send(.init(to: to, template: .init(name: "greeting_news", variables: [:]), requestKey: "k"))
            }
            #expect(sent?.code == .templateRefused && sent?.path == "template.language" && sent?.message == words)
            let submitted = await fault {
                _ = try await linda.call(TemplateContract.self, SubmitReview.self, .init(name: "greeting_news", wabaID: LindaFixture.waba))
            }
            #expect(submitted?.code == .languageNeeded)
            let deleted = await fault {
                _ = try await linda.call(TemplateContract.self, DeleteTemplate.self, TemplateReference(name: "greeting_news"))
            }
            #expect(deleted?.code == .languageNeeded, "nothing is removed by a guess either")
            // Whoever only looks at one gets the first.
            let first = try await linda.call(TemplateContract.self, GetTemplate.self, TemplateReference(name: "greeting_news"))
            #expect(first.language == "en")
            _ = try await linda.send(
                .init(to: to, template: .init(name: "greeting_news", language: "en", variables: [:]), requestKey: "named"))
        }
    }
}
