import RPCContract
import Support
import TemplateContract
import Testing

/// What is misspelt of a template is told with what may be meant.
@Suite(.timeLimit(.minutes(3))) struct TemplateHintTests {
    @Test func aMisspeltNameLanguageOrVariableIsToldItsNearest() async throws {
        try await LindaFixture.run { linda in
            let body = "Hello {{name|there}}, your order {{order}} is on its way."
            let made = try await linda.call(
                TemplateContract.self, CreateTemplate.self,
                .init(
                    name: "order_update", language: "en-US", category: .utility, header: "News for {{city|you}}", body: body,
                    footer: "Lucky Shrub", buttons: ["Track"]))
            #expect(made.language == "en_US", "as Meta has it")
            func render(_ name: String, _ language: String? = nil, _ variables: [String: String] = ["order": "7"]) async throws -> String {
                try await linda.call(
                    TemplateContract.self, RenderTemplate.self, .init(name: name, language: language, variables: variables)
                ).text
            }
            #expect(try await render("order_update", "en-US") == "Hello there, your order 7 is on its way.")
            #expect(try await render("order_update", nil, ["order": "7", "city": "Pune"]).contains("order 7"), "the header has it")
            let whole = try await linda.call(
                TemplateContract.self, RenderTemplate.self, .init(name: "order_update", variables: ["order": "7", "city": "Pune"]))
            #expect(whole.header == "News for Pune" && whole.footer == "Lucky Shrub" && whole.buttons == ["Track"])
            let name = await fault { _ = try await render("order_updaet") }
            #expect(
                name?.code == .templateUnknown && name?.message.contains("did you mean order_update?") == true,
                "\(String(describing: name))")
            let language = await fault { _ = try await render("order_update", "hi") }
            #expect(
                language?.path == "language" && language?.message.contains("it exists in en_US") == true,
                "\(String(describing: language))")
            let variable = await fault { _ = try await render("order_update", nil, ["ordre": "7"]) }
            #expect(variable?.code == .variableUnknown && variable?.path == "variables.ordre")
            #expect(
                variable?.message == "order_update has no variable ordre: it has name, order, city; did you mean order?",
                "\(variable?.message ?? "")")
            let wrong = await fault {
                _ = try await linda.call(
                    TemplateContract.self, CreateTemplate.self,
                    .init(name: "other", language: "xx-yy-zz", category: .utility, body: "Hello {{name"))
            }
            #expect(wrong?.code == .templateInvalid, "\(String(describing: wrong))")
            for part in ["language: xx_yy_zz", "body: Line 1, column 7"] { #expect(wrong?.message.contains(part) == true, "\(part)") }
        }
    }
}
