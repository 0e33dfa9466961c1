import Foundation
import RPCContract
import TemplateContract
import Testing

@testable import TemplateCore

/// What a new template is refused for: all of it at once, and each with its place.
@Suite struct TemplateMistakesTests {
    private func params(
        language: String = "en", header: String? = nil, body: String = "Hello, there is news.", footer: String? = nil,
        buttons: [String]? = nil
    ) -> CreateTemplate.Params {
        CreateTemplate.Params(
            name: "news", language: language, category: .utility, header: header, body: body, footer: footer, buttons: buttons)
    }

    private func fault(_ params: CreateTemplate.Params) -> Fault? { TemplateRules.fault(TemplateRules.mistakes(params)) }

    @Test(arguments: [
        ("xx-yy-zz", "xx_yy_zz is no language in which Meta takes templates; for example en, en_US, hi or mr."),
        ("EN", "did you mean en?"), ("en-us", "did you mean en_US?"), ("hi_IN", "did you mean hi?"), ("pt", "there are pt_BR, pt_PT."),
        ("fill", "did you mean fil?"), ("zz", "for example en"),
    ])
    func aLanguageThatMetaDoesNotHaveIsToldItsNearest(code: String, words: String) {
        let fault = fault(params(language: code))
        #expect(fault?.path == "language" && fault?.message.contains(words) == true, "\(fault?.message ?? "taken")")
    }

    @Test(arguments: ["en", "en_US", "en-US", "hi", "mr", "fil", "zh_CN", "prs_AF"]) func metasLanguagesAreTaken(code: String) {
        #expect(TemplateRules.mistakes(params(language: code)).isEmpty)
    }

    @Test func allMistakesAreToldAtOnce() {
        let wrong = params(
            language: "hi_IN", header: "For {{a}} and {{b}}", body: "Hi {{name\n{{x}}{{y}} !", footer: "by {{who}}",
            buttons: ["Track", String(repeating: "x", count: 26)])
        let mistakes = TemplateRules.mistakes(wrong)
        #expect(mistakes.map(\.path) == ["language", "header", "body", "body", "footer", "buttons[1]"], "\(mistakes)")
        #expect(mistakes[2].message == "Line 1, column 4: {{ is not closed by }}.")
        #expect(mistakes[3].message.hasPrefix("Line 2, column 6: Another variable follows {{x}}"), "\(mistakes[3])")
        let fault = fault(wrong)
        #expect(fault?.code == .templateInvalid && fault?.path == nil)
        #expect(fault?.message.hasPrefix("There are 6 mistakes. language: hi_IN is no language") == true, "\(fault?.message ?? "")")
        for path in mistakes.map(\.path) { #expect(fault?.message.contains("\(path): ") == true, "\(path)") }
    }

    /// Bounds that the table declares and rules beside it are told together.
    @Test func whatTheTableRefusesIsToldWithTheRest() throws {
        let decoder = ParamsDecoder<CreateTemplate>(rules: TemplateRules.beyondBounds)
        let long = String(repeating: "x", count: 41)
        let json = """
            {"name":"Order Update","language":"hi_IN","category":"utility","header":"{{a}}{{b}}","body":"Hi {{name",
              "footer":"by {{who}}","buttons":["\(long)","Track",""]}
            """
        let fault = try #require(#expect(throws: Fault.self) { try decoder.decode(Data(json.utf8)) })
        #expect(fault.code == .params && fault.path == "name", "\(fault)")
        for words in [
            "There are 8 mistakes. name has \"O\" as character 1; it consists of a-z, 0-9 and underscore.",
            "buttons[0] has 41 characters; it has 1 to 25.", "buttons[2] is empty", "language: hi_IN is no language",
            "header: Column 6: Another variable", "header: The header has more than one variable.",
            "body: Line 1, column 4: {{ is not closed", "footer: The footer cannot have variables.",
        ] { #expect(fault.message.contains(words), "\(words): \(fault.message)") }
    }

    /// A check looks at whatever it is given.
    @Test func everyPartIsChecked() {
        let params = ValidateTemplate.Params(
            name: "Order", language: "xx", header: "a\nb", body: "Hi {{name", footer: "", buttons: ["", "Track"])
        let problems = TemplateRules.problems(of: params)
        #expect(problems.map(\.part) == ["name", "language", "header", "body", "footer", "buttons[0]"], "\(problems)")
        #expect(TemplateRules.problems(of: .init(body: "Hello, there is news.")).isEmpty)
    }

    /// What Meta refuses in the plain parts is told before it is asked.
    @Test(arguments: [
        ("Your *order*", "The header has the formatting mark *"), ("_Your_ order", "mark _"), ("Your ~old~ order", "mark ~"),
        ("Your `order`", "mark `"), ("Your order 📦", "emoji 📦"), ("I ❤️ it", "emoji ❤️"), ("a\nb", "more than one line"),
    ])
    func aHeaderIsPlainText(header: String, words: String) {
        let fault = fault(params(header: header))
        #expect(fault?.path == "header" && fault?.message.contains(words) == true, "\(fault?.message ?? "taken")")
    }

    @Test(arguments: ["For {{_first_name_}}", "order_update_now", "5 ~ 6", "© Lucky Shrub™", "Order #7", "_", "a _ b"])
    func whatOnlyLooksLikeAMarkIsTaken(header: String) {
        #expect(TemplateRules.mistakes(params(header: header)).isEmpty)
    }

    @Test(arguments: [
        ("Track {{order}}", "cannot have variables"), ("Track {{", "cannot have variables"), ("Track 📦", "emoji 📦"),
        ("*Track*", "mark *"), ("Track\nit", "more than one line"),
    ])
    func aButtonIsPlainText(label: String, words: String) {
        let wrong = params(buttons: ["Stop", label])
        let fault = fault(wrong)
        #expect(fault?.path == "buttons[1]" && fault?.message.contains(words) == true, "\(fault?.message ?? "taken")")
        // A check says the same.
        let problems = TemplateRules.problems(of: .init(body: "Hello, there is news.", buttons: ["Stop", label]))
        #expect(problems.map(\.part) == ["buttons[1]"], "\(problems)")
    }

    @Test(arguments: [("Write STOP 🛑", "emoji"), ("a\nb", "more than one line")]) func aFooterIsPlainText(footer: String, words: String) {
        let fault = fault(params(footer: footer))
        #expect(fault?.path == "footer" && fault?.message.contains(words) == true, "\(fault?.message ?? "taken")")
    }

    @Test func tooManyVariablesAreToldBeforeMetaIsAsked() {
        let fault = fault(params(body: "Hi {{name}}, {{order}} came."))
        #expect(
            fault?.path == "body" && fault?.message.contains("has 2 variables and 2 words beside them") == true,
            "\(fault?.message ?? "taken")")
        #expect(fault?.message.contains("write 5 words or more") == true)
        for body in ["Hi {{name}}, see you.", "Hello there.", "您的订单{{order}}已发货。", "Hi {{a}}, {{a}} and {{a}}: again."] {
            #expect(TemplateRules.mistakes(params(body: body)).isEmpty, "\(body)")
        }
    }

    /// One mistake is told as it is; several of one part have its path.
    @Test func aSingleMistakeHasItsPath() {
        #expect(fault(params(footer: "by {{who}}"))?.message == "The footer cannot have variables.")
        let two = fault(params(body: "}} and }} there"))
        #expect(
            two?.path == "body" && two?.message.hasPrefix("There are 2 mistakes. body: Line 1, column 1: ") == true,
            "\(String(describing: two))")
        #expect(fault(params()) == nil)
    }

    @Test func manyMistakesAreCounted() {
        let many = fault(params(body: String(repeating: "}} ", count: 300)))
        #expect(many?.message.hasPrefix("There are 300 mistakes. ") == true && many?.message.hasSuffix(" … and 280 more.") == true)
    }
}
